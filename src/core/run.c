#include "config.h"

#include "core/run.h"

void
run_begin(struct run *r, struct clock *c, const struct pkt *p)
{
	*r = (struct run){
		.totals = { .smallest = p->len, .largest = p->len, .first = p->ts, .last = p->ts },
		.begin = p->ts / RUN_SECOND_NS * RUN_SECOND_NS,
		.source = p->source,
	};
	r->second = clock_at(c, p->source, p->ts, &r->believed) / RUN_SECOND_NS;
	r->seen = claim_seen(c->now - c->began);
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
}

void
run_end(const struct run *r, struct ledger *l)
{
	struct source_stats *s = &l->source[r->source];

	merge(&l->totals, &r->totals);
	merge(&s->totals, &r->totals);
	s->last_len = r->last_len;
	for (int way = 0; way < SERIES_WAYS; way++)
		tally_add(&l->way_now[way], r->sample.way[way].packets, r->sample.way[way].bytes);
	series_add(&l->series, r->second, &r->sample);
}
