/* What a scope counts: all since the start, or what came after the baseline. */
#include "config.h"

#include "view/columns.h"
#include "view/own.h"

const struct baseline *
scope_baseline(const struct scope *s)
{
	return s->zeroed ? s->ledger->baseline : NULL;
}

struct tally
scope_counted(const struct scope *s, const struct meter *m, int way)
{
	return tally_less(m->t[way], &baseline_of(scope_baseline(s), m)[way]);
}

struct tally
scope_counted_both(const struct scope *s, const struct meter *m)
{
	struct tally sum = scope_counted(s, m, 0), back = scope_counted(s, m, 1);

	tally_add(&sum, back.packets, back.bytes);
	return sum;
}

struct tally
scope_total(const struct scope *s)
{
	const struct baseline *z = scope_baseline(s);

	return z != NULL ? tally_less(s->ledger->totals.all, &z->totals.all)
			 : s->ledger->totals.all;
}

uint64_t
scope_size(const struct scope *s, const struct size_range *r)
{
	const struct baseline *z = scope_baseline(s);

	return sizes_in(&s->ledger->sizes, r) - (z != NULL ? sizes_in(&z->sizes, r) : 0);
}

struct baseline_source
scope_source(const struct scope *s, const struct source_stats *src)
{
	const struct baseline *z = scope_baseline(s);
	struct baseline_source was = { .kernel_dropped = 0 };

	if (z != NULL)
		was = z->source[src->number];
	return (struct baseline_source){
		.all = tally_less(src->totals.all, &was.all),
		.duplicates = src->totals.duplicates - was.duplicates,
		.kernel_dropped = src->kernel_dropped - was.kernel_dropped,
		.interface_dropped = src->interface_dropped - was.interface_dropped,
	};
}

struct host_health
scope_health(const struct scope *s, const struct host *h)
{
	struct host_health was = baseline_health(scope_baseline(s), h);
	struct host_health now = {
		.retransmissions = h->health.retransmissions - was.retransmissions,
		.out_of_order = h->health.out_of_order - was.out_of_order,
		.duplicate_acks = h->health.duplicate_acks - was.duplicate_acks,
		.zero_windows = h->health.zero_windows - was.zero_windows,
		.resets = h->health.resets - was.resets,
		.duplicates = h->health.duplicates - was.duplicates,
		/* Answers that came late have taken away from what had been counted. */
		.unanswered = h->health.unanswered > was.unanswered
		    ? h->health.unanswered - was.unanswered
		    : 0,
		.refused = h->health.refused - was.refused,
		.unreachable = h->health.unreachable - was.unreachable,
		.no_such_name = h->health.no_such_name - was.no_such_name,
		.dns_failures = h->health.dns_failures - was.dns_failures,
	};

	own_less_health(s, h, &now);
	return now;
}

struct baseline_tcp
scope_tcp(const struct scope *s, const struct flow *f)
{
	struct baseline_tcp was = baseline_tcp(scope_baseline(s), f);
	struct baseline_tcp now = {
		.duplicates = f->duplicates - was.duplicates,
		.resets = f->resets - was.resets,
	};

	for (int end = 0; end < 2; end++) {
		const struct tcp_counts *c = &f->tcp[end], *w = &was.end[end];

		now.end[end] = (struct tcp_counts){
			.retransmissions = c->retransmissions - w->retransmissions,
			.out_of_order = c->out_of_order - w->out_of_order,
			.duplicate_acks = c->duplicate_acks - w->duplicate_acks,
			.zero_windows = c->zero_windows - w->zero_windows,
		};
	}
	return now;
}

struct marks
scope_marks(const struct scope *s)
{
	const struct baseline *z = scope_baseline(s);
	const struct ledger *l = s->ledger;
	struct marks m = {
		.malformed = l->totals.malformed,
		.truncated = l->totals.truncated,
		.duplicates = l->totals.duplicates,
		.evicted = l->flows.evicted,
	};

	for (unsigned i = 0; i < l->n_sources; i++) {
		struct baseline_source src = scope_source(s, &l->source[i]);

		m.dropped += src.kernel_dropped + src.interface_dropped;
	}
	if (z == NULL)
		return m;
	m.malformed -= z->totals.malformed;
	m.truncated -= z->totals.truncated;
	m.duplicates -= z->totals.duplicates;
	m.evicted -= z->evicted;
	return m;
}
