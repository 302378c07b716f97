/*
 * Sums of consecutive packets of one source and one second.  Totals are summed here and added to
 * the ledger once for many packets.
 */
#ifndef CORE_BATCH_SUMS_H
#define CORE_BATCH_SUMS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/ledger.h"
#include "dissect/pkt.h"

#define BATCH_SECOND_NS UINT64_C(1000000000)

struct batch_sums {
	struct totals totals; /* `all` is set at the end, from the directions */
	struct sample sample;
	struct burst_open burst;
	uint64_t start;      /* ns: the start of the second, by packet timestamps */
	uint64_t second;     /* the second in ledger time */
	uint32_t score_time; /* as claims have it, see lru.h */
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
