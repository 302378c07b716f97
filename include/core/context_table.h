/*
 * Contexts (dissect/pkt.h) as numbers, which are part of the keys of flows and hosts.
 *
 * The number is a keyed hash of the context, so two contexts differ without any table; 0: no
 * context.  The table here keeps what each number stands for, to show it.  If it is full, the
 * oldest entry is overwritten; that context is noted again with its next flow.
 *
 * A packet belongs to the flow between its ends that has the packet's context in the packet's
 * direction.  A flow begins with one context for both directions.  If the first packet of the other
 * direction has a context that no flow has, it is the answer, and from then on each direction has
 * its own context; a packet that opens something itself (a SYN, an echo request) is not an answer.
 * If that context is then seen in both directions, it was not an answer, and the packets go on as
 * two flows.
 */
#ifndef CORE_CONTEXT_TABLE_H
#define CORE_CONTEXT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dissect/pkt.h"
#include "util/hash.h"

struct addr;
struct buf;
struct flow;
struct host;
struct ledger;
struct pkt;

struct context_row {
	struct context context;
	uint32_t id;
	uint32_t host_id; /* the same for hosts, see contexts_host_id() */
};

#define CONTEXT_WAIT_SETS 1024
#define CONTEXT_WAIT_WAYS 4

/* A flow whose answer may come in another context. */
struct context_wait {
	uint32_t hash; /* of its ends, without the context */
	uint32_t row;
};

struct contexts {
	struct context_row *row;
	struct index index; /* by id */
	uint32_t used, max, next_row;
	struct pairkey key;
	struct context_wait (*awaiting_reply)[CONTEXT_WAIT_WAYS]; /* newest first */
};

void contexts_init(struct contexts *cs, uint32_t max, const struct hashkey *key);
void contexts_fini(struct contexts *cs);
void contexts_clear(struct contexts *cs);
size_t contexts_memory(uint32_t max);

/* The number of a context. */
static inline uint32_t
contexts_id(const struct contexts *cs, const struct context *c)
{
	uint32_t id;

	if (context_is_empty(c))
		return 0;
	id = hash_pairs(&cs->key, c->w, CONTEXT_WORDS);
	return id != 0 ? id : 1;
}

/* Stores the context of an id. */
void contexts_note(struct contexts *cs, uint32_t id, const struct context *c);

/* The context with this number; 0 is the empty one.  NULL if it was overwritten. */
const struct context *contexts_find(const struct contexts *cs, uint32_t id);

/*
 * The part of context id that is in a host's key: the numbers that name a network (VLAN, label,
 * VNI, GRE key, I-SID), without those that name a line into one (PPPoE session, TEID, L2TP).  An
 * address that is unique in the world has none: it is the same host everywhere.  A link-local
 * address has its capture point (domain) too.
 */
uint32_t contexts_host_id(
    struct contexts *cs, const struct addr *a, uint8_t kind, uint32_t id, uint8_t domain);

/* A field of the context that f began in, else of its answers' context.  Returns false if neither
 * has it. */
bool flow_context_field(
    const struct ledger *l, const struct flow *f, enum context_field fact, uint32_t *n);

/* Adds a context as text, "vlan 10"; "?" if it was overwritten. */
void ledger_context_text(struct buf *b, const struct ledger *l, uint32_t id);

/* The same for a host; for a link-local address also "zone eth0" if there are several capture
 * points. */
void host_context_text(struct buf *b, const struct ledger *l, const struct host *h);

/* The same for a flow; "vlan 10 / vlan 20" or "vlan 10 / -" if each direction has its own, the
 * direction from a first. */
void flow_context_text(struct buf *b, const struct ledger *l, const struct flow *f);

/* Notes a flow that began in a context and may be answered in another one; hash: of its ends
 * alone. */
void contexts_expect_reply(struct contexts *cs, uint32_t hash, uint32_t row);

/*
 * Finds the flow that p answers from another context; p has no flow in its own context.  Returns
 * its row or INDEX_NONE. hash is that of p including the context.  If another flow wrongly has this
 * context as that of its answers, it loses it.
 */
uint32_t contexts_find_answered_flow(
    struct ledger *l, uint32_t hash, const struct pkt *p, int *way);

#endif
