/*
 * Private to src/core/.
 */
#ifndef CORE_PRIVATE_H
#define CORE_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/ledger.h"
#include "dissect/pkt.h"

struct baseline;
struct flow_ends;

/* Added to the address kind in keys of the name cache: ALPN protocols and process owners of flows.
 */
#define NAME_ALPN  0x80
#define NAME_OWNER 0x40

/* The unique key of a flow in the name cache. */
struct addr flow_name_key(const struct ledger *l, const struct flow *f);

/* True for a local unicast address. */
bool ledger_is_local(const struct ledger *l, uint8_t kind, const struct addr *a);

/* Sets the local flags of f's ends. */
void flow_set_local(const struct ledger *l, struct flow *f);

/* Sets the local flag of a host. */
void host_set_local(const struct ledger *l, struct host *h);

/* The host at an end of f; adds it if needed. */
struct host *flow_get_host(struct ledger *l, struct flow *f, int end);

/* Prefetches what flow_fold() will need.  The flow's first cache line must be in the cache. */
void flow_prefetch_ends(struct ledger *l, const struct flow *f, struct flow_ends *e);

/* Adds the pending counts of f to its meter, its hosts and its port. */
void flow_fold(struct ledger *l, struct flow *f);

/* The same for an evicted flow, whose counts go to the meter of "(other)". */
void flow_fold_evicted(struct ledger *l, struct flow *f, const struct flow_ends *e);

/* Makes z the baseline, instead of the old one; NULL: there is none any more. */
void ledger_put_baseline(struct ledger *l, struct baseline *z);

/* Removes the baseline, and the one that is being taken. */
void ledger_drop_baseline(struct ledger *l);

/* Evicts a flow and returns its row; the table must not be empty. */
uint32_t flows_evict_one(struct ledger *l);

/*
 * Sums of consecutive packets of one source and one second.  Totals are summed here and added to
 * the ledger once for many packets.
 */

#define BATCH_SECOND_NS UINT64_C(1000000000)

struct batch_sums {
	struct totals totals; /* `all` is set at the end, from the directions */
	struct sample sample;
	struct burst_open burst;
	uint64_t start;      /* ns: the start of the second, by packet timestamps */
	uint64_t second;     /* the second in ledger time */
	uint32_t score_time; /* see util/table.h */
	bool plausible;      /* the timestamps are plausible */
	uint32_t last_len;
	uint16_t source;
};

/* Starts empty sums at packet p. */
void batch_sums_start(struct batch_sums *r, struct packet_time *c, const struct pkt *p);

/* Adds the sums to the ledger. */
void batch_sums_flush(struct batch_sums *r, struct ledger *l);

/* True if p belongs to these sums. */
static inline bool
batch_sums_contains(const struct batch_sums *r, const struct pkt *p)
{
	return p->ts - r->start < BATCH_SECOND_NS && p->source == r->source;
}

/* The next packets belong to another ms, that of ts. */
void batch_sums_next_ms(struct batch_sums *r, struct ledger *l, uint64_t ts);

static inline void
batch_sums_add(struct batch_sums *r, const struct pkt *p, enum series_way way)
{
	struct totals *t = &r->totals;

	t->smallest = p->len < t->smallest ? p->len : t->smallest;
	t->largest = p->len > t->largest ? p->len : t->largest;
	t->first = p->ts < t->first ? p->ts : t->first;
	t->last = p->ts > t->last ? p->ts : t->last;
	if (UNLIKELY(p->flags & (PKT_MALFORMED | PKT_TRUNCATED))) {
		t->malformed += (p->flags & PKT_MALFORMED) != 0;
		t->truncated += (p->flags & PKT_TRUNCATED) != 0;
	}
	r->last_len = p->len;
	tally_add(&r->sample.way[way], 1, p->len);
}

#endif
