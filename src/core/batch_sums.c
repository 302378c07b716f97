#include "config.h"

#include "core/private.h"

void
batch_sums_start(struct batch_sums *r, struct packet_time *c, const struct pkt *p)
{
	*r = (struct batch_sums){
		.totals = { .smallest = p->len, .largest = p->len, .first = p->ts, .last = p->ts },
		.start = p->ts / BATCH_SECOND_NS * BATCH_SECOND_NS,
		.source = p->source,
		.burst = { .start = p->ts / BURST_MS_NS * BURST_MS_NS },
	};
	r->second = packet_time_to_ledger(c, p->source, p->ts, &r->plausible) / BATCH_SECOND_NS;
	r->score_time = lru_score_time(c->now - c->start);
}

/* Bursts need real time: not if timestamps are implausible. */
static void
batch_sums_add_burst(const struct batch_sums *r, struct ledger *l)
{
	uint64_t ms =
	    r->second * (BATCH_SECOND_NS / BURST_MS_NS) + (r->burst.start - r->start) / BURST_MS_NS;

	uint32_t bytes[SERIES_WAYS];

	if (!r->plausible)
		return;
	if (!l->packet_time.is_live)
		burst_rewind(&l->burst, ms);
	for (int way = 0; way < SERIES_WAYS; way++)
		bytes[way] = (uint32_t)(r->sample.way[way].bytes - r->burst.bytes_before[way]);
	burst_add(&l->burst, ms, bytes);
}

void
batch_sums_next_ms(struct batch_sums *r, struct ledger *l, uint64_t ts)
{
	batch_sums_add_burst(r, l);
	r->burst.start = ts / BURST_MS_NS * BURST_MS_NS;
	for (int way = 0; way < SERIES_WAYS; way++)
		r->burst.bytes_before[way] = r->sample.way[way].bytes;
}

static void
batch_sums_merge_totals(struct totals *t, const struct totals *more)
{
	bool fresh = t->all.packets == 0;

	tally_add(&t->all, more->all.packets, more->all.bytes);
	if (fresh || t->smallest == 0 || more->smallest < t->smallest)
		t->smallest = more->smallest;
	if (more->largest > t->largest)
		t->largest = more->largest;
	if (fresh || more->first < t->first)
		t->first = more->first;
	if (more->last > t->last)
		t->last = more->last;
	t->malformed += more->malformed;
	t->truncated += more->truncated;
	t->duplicates += more->duplicates;
}

void
batch_sums_flush(struct batch_sums *r, struct ledger *l)
{
	struct source_stats *s = &l->source[r->source];

	for (int way = 0; way < SERIES_WAYS; way++) {
		const struct tally *t = &r->sample.way[way];

		tally_add(&r->totals.all, t->packets, t->bytes);
		tally_add(&l->way_total[way], t->packets, t->bytes);
	}
	batch_sums_merge_totals(&l->totals, &r->totals);
	batch_sums_merge_totals(&s->totals, &r->totals);
	s->last_len = r->last_len;
	series_add(&l->series, r->second, &r->sample);
	batch_sums_add_burst(r, l);
}
