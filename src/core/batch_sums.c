#include "config.h"

#include "core/batch_sums.h"

void
run_begin(struct run *r, struct clock *c, const struct pkt *p)
{
	*r = (struct run){
		.totals = { .smallest = p->len, .largest = p->len, .first = p->ts, .last = p->ts },
		.begin = p->ts / RUN_SECOND_NS * RUN_SECOND_NS,
		.source = p->source,
		.burst = { .begin = p->ts / BURST_MS_NS * BURST_MS_NS },
	};
	r->second = clock_at(c, p->source, p->ts, &r->believed) / RUN_SECOND_NS;
	r->seen = claim_seen(c->now - c->began);
}

/* Stamps that are not believed, or run at another pace, say nothing of when bytes came. */
static void
add_burst(const struct run *r, struct ledger *l)
{
	uint64_t ms =
	    r->second * (RUN_SECOND_NS / BURST_MS_NS) + (r->burst.begin - r->begin) / BURST_MS_NS;

	uint32_t bytes[SERIES_WAYS];

	if (!r->believed || l->clock.scaled)
		return;
	if (!l->clock.told)
		burst_go_back(&l->burst, ms);
	for (int way = 0; way < SERIES_WAYS; way++)
		bytes[way] = (uint32_t)(r->sample.way[way].bytes - r->burst.before[way]);
	burst_add(&l->burst, ms, bytes);
}

void
run_turn(struct run *r, struct ledger *l, uint64_t ts)
{
	add_burst(r, l);
	r->burst.begin = ts / BURST_MS_NS * BURST_MS_NS;
	for (int way = 0; way < SERIES_WAYS; way++)
		r->burst.before[way] = r->sample.way[way].bytes;
}

static void
merge(struct totals *t, const struct totals *more)
{
	bool fresh = t->all.packets == 0;

	tally_add(&t->all, more->all.packets, more->all.bytes);
	if (fresh || more->smallest < t->smallest)
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
run_end(struct run *r, struct ledger *l)
{
	struct source_stats *s = &l->source[r->source];

	for (int way = 0; way < SERIES_WAYS; way++) {
		const struct tally *t = &r->sample.way[way];

		tally_add(&r->totals.all, t->packets, t->bytes);
		tally_add(&l->way_now[way], t->packets, t->bytes);
	}
	merge(&l->totals, &r->totals);
	merge(&s->totals, &r->totals);
	s->last_len = r->last_len;
	series_add(&l->series, r->second, &r->sample);
	add_burst(r, l);
}
