/*
 * Contexts: which network addresses belong to (dissect/context.h), as a number
 * that flows and hosts have in their keys.
 *
 * The number is a keyed hash, so that two contexts are told apart without any
 * table; 0 is none.  What it stands for is noted here, for who shows it.  The table is a
 * ring: where it is full, the context that was noted the longest ago makes room, and is noted
 * anew with the next flow in it.
 *
 * Which flow a packet belongs to: the one between its ends whose packets in its direction have
 * its context.  A flow begins with one context for both directions.  The first packet of the other
 * direction may have another one, where no flow has that: unless it opens something itself (a
 * SYN, an echo request) it is the answer, and then each direction has its own.  Where such a
 * context turns out to be used in both directions, it was no answer, and both go on as two flows.
 */
#ifndef CORE_CONTEXT_H
#define CORE_CONTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dissect/context.h"
#include "util/hash.h"
#include "util/index.h"

struct addr;
struct buf;
struct flow;
struct host;
struct ledger;
struct pkt;

struct context_row {
	struct context context;
	uint32_t id;
	uint32_t network; /* the same for hosts, see contexts_of_host() */
};

#define WAITING_SETS 1024
#define WAITING_WAYS 4

/* A flow in a context whose answer may come in another one. */
struct waiting {
	uint32_t hash; /* of its ends, without the context */
	uint32_t row;
};

struct contexts {
	struct context_row *row;
	struct index index; /* by id */
	uint32_t used, max, hand;
	struct pairkey key;
	struct waiting (*waiting)[WAITING_WAYS]; /* the newest is the first */
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

	if (context_is_none(c))
		return 0;
	id = hash_pairs(&cs->key, c->w, CONTEXT_WORDS);
	return id != 0 ? id : 1;
}

/* Notes what id stands for. */
void contexts_note(struct contexts *cs, uint32_t id, const struct context *c);

/* What id stands for; of 0 none.  NULL: that is not known any more. */
const struct context *contexts_find(const struct contexts *cs, uint32_t id);

/*
 * What tells a host apart from others of the same address: of the context that it sends in, what
 * names a network (VLAN, label, network or tunnel), and not what names a line into one (PPPoE
 * session, TEID, L2TP).  Only of addresses that networks share: one that is unique in the world is
 * the same host everywhere.  A link-local address is of its link, and so of the point of capture.
 */
uint32_t contexts_of_host(
    struct contexts *cs, const struct addr *a, uint8_t kind, uint32_t id, uint8_t domain);

/* A fact of the packets of f: of the context that it began in, else of its answers'.  False:
 * neither has one. */
bool flow_context_fact(
    const struct ledger *l, const struct flow *f, enum context_fact fact, uint32_t *n);

/* Adds a context as people read it, "?" where it is not known any more: "vlan 10". */
void ledger_context_text(struct buf *b, const struct ledger *l, uint32_t id);

/* The same for a host; of a link-local address also "zone eth0", where there are several points of
 * capture. */
void host_context_text(struct buf *b, const struct ledger *l, const struct host *h);

/* The same for a flow, "vlan 10 / vlan 20" or "vlan 10 / -" where each direction has its own,
 * that of a first. */
void flow_context_text(struct buf *b, const struct ledger *l, const struct flow *f);

/* A flow of those ends began in a context; hash: of the ends alone. */
void contexts_wait(struct contexts *cs, uint32_t hash, uint32_t row);

/*
 * The row of the flow that p, which has none in its own context, is the answer in, or INDEX_NONE;
 * hash: p's, with the context.  A flow that wrongly took that context for its answers' gives it up.
 */
uint32_t flows_answered(struct ledger *l, uint32_t hash, const struct pkt *p, int *way);

#endif
