#include "config.h"

#include "core/baseline.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/pages.h"

static const struct tally no_tallies[2];

/* Finds the tallies of a meter, or NULL if it is in no table. */
static struct tally *
baseline_find_tallies(const struct baseline *z, const struct meter *m)
{
	for (unsigned t = 0; t < BASELINE_TABLES; t++) {
		const struct baseline_meters *of = &z->tables[t];
		uintptr_t at = (uintptr_t)m - (uintptr_t)of->first;
		uintptr_t behind = (uintptr_t)m - (uintptr_t)of->other;
		size_t number;

		if (at < of->max * of->stride)
			number =
			    (1 + at / of->stride) * of->n_meters + at % of->stride / sizeof(*m);
		else if (of->other != NULL && behind < of->n_meters * sizeof(*m))
			number = behind / sizeof(*m);
		else
			continue;
		return of->tallies[number];
	}
	return NULL;
}

const struct tally *
baseline_of(const struct baseline *z, const struct meter *m)
{
	const struct tally *t = z != NULL ? baseline_find_tallies(z, m) : NULL;

	return t != NULL ? t : no_tallies;
}

/* Index of the entry for the row that the meter belongs to; 0 is "(other)". */
static uint32_t
baseline_row_index(const struct baseline *z, enum baseline_table table, const struct meter *m)
{
	const struct baseline_meters *of = &z->tables[table];
	uintptr_t at = (uintptr_t)m - (uintptr_t)of->first;

	return at < of->max * of->stride ? 1 + (uint32_t)(at / of->stride) : 0;
}

struct baseline_tcp
baseline_tcp(const struct baseline *z, const struct flow *f)
{
	if (z == NULL)
		return (struct baseline_tcp){ .resets = 0 };
	return z->tcp[baseline_row_index(z, BASELINE_FLOWS, &f->meter)];
}

struct host_errors
baseline_host_errors(const struct baseline *z, const struct host *h)
{
	if (z == NULL)
		return (struct host_errors){ .resets = 0 };
	return z->host_errors[baseline_row_index(z, BASELINE_HOSTS, h->meter)];
}

static void
baseline_add_both_ways(struct tally to[2], const struct tally more[2])
{
	for (int way = 0; way < 2; way++)
		tally_add(&to[way], more[way].packets, more[way].bytes);
}

void
baseline_add(struct baseline *z, const struct meter *from, const struct meter *to, unsigned n)
{
	assert(n == 0 || (from != NULL && to != NULL));
	for (unsigned i = 0; z != NULL && i < n; i++)
		baseline_add_both_ways(
		    baseline_find_tallies(z, to + i), baseline_find_tallies(z, from + i));
}

void
baseline_move(struct baseline *z, const struct meter *from, const struct meter *to, unsigned n)
{
	baseline_add(z, from, to, n);
	for (unsigned i = 0; z != NULL && i < n; i++)
		memset(baseline_find_tallies(z, from + i), 0, sizeof(no_tallies));
}

void
baseline_evict_flow(struct baseline *z, const struct flow *f)
{
	if (z == NULL)
		return;
	baseline_move(z, &f->meter, z->tables[BASELINE_FLOWS].other, 1);
	z->tcp[baseline_row_index(z, BASELINE_FLOWS, &f->meter)] =
	    (struct baseline_tcp){ .resets = 0 };
}

void
baseline_flow_swap_ends(struct baseline *z, const struct flow *f)
{
	struct baseline_tcp *tcp;
	struct tcp_counts end;
	struct tally *t, way;

	if (z == NULL)
		return;
	t = baseline_find_tallies(z, &f->meter);
	way = t[0], t[0] = t[1], t[1] = way;
	tcp = &z->tcp[baseline_row_index(z, BASELINE_FLOWS, &f->meter)];
	end = tcp->end[0], tcp->end[0] = tcp->end[1], tcp->end[1] = end;
}

void
baseline_evict_host(struct baseline *z, const struct host *h)
{
	struct host_errors *was;

	if (z == NULL)
		return;
	baseline_move(z, h->meter, z->tables[BASELINE_HOSTS].other, CLASSES);
	was = &z->host_errors[baseline_row_index(z, BASELINE_HOSTS, h->meter)];
	host_errors_add(&z->host_errors[0], was);
	*was = (struct host_errors){ .resets = 0 };
}

/* The number of tallies of so many rows and of "(other)". */
static size_t
baseline_count_tallies(const struct baseline_meters *of, uint32_t rows)
{
	return ((size_t)rows + 1) * of->n_meters;
}

void
baseline_reset_table(
    struct baseline *z, enum baseline_table table, const struct meter *first, uint32_t used)
{
	assert(table < BASELINE_TABLES);
	if (z == NULL)
		return;
	z->tables[table].first = first;
	memset(z->tables[table].tallies, 0,
	    baseline_count_tallies(&z->tables[table], used) * sizeof(no_tallies));
}

void
baseline_del(struct baseline *z)
{
	if (z == NULL)
		return;
	for (unsigned t = 0; t < BASELINE_TABLES; t++)
		pages_del(z->tables[t].tallies);
	pages_del(z->tcp);
	pages_del(z->host_errors);
	free(z);
}

static void ledger_baseline_copy_meters(
    struct tally (*before)[2], const struct meter *m, unsigned each)
{
	for (unsigned i = 0; m != NULL && i < each; i++)
		memcpy(before[i], m[i].t, sizeof(no_tallies));
}

#define METERS(array, n, member, number, rest)                                                     \
	{                                                                                          \
		.first = &(array)->member, .stride = sizeof(*(array)), .max = (n),                 \
		.n_meters = (number), .other = (rest)                                              \
	}

static void
ledger_baseline_init_tables(struct baseline *z, struct ledger *l)
{
	const struct baseline_meters of[BASELINE_TABLES] = {
		[BASELINE_HOSTS] = METERS(
		    l->hosts.row, l->hosts.max_grown, meter[0], CLASSES, l->hosts.other.meter),
		[BASELINE_FLOWS] =
		    METERS(l->flows.row, l->flows.max_grown, meter, 1, &l->flows.other),
		[BASELINE_PORTS] =
		    METERS(l->ports.row, l->ports.max_grown, meter, 1, &l->ports.other.meter),
		[BASELINE_NETWORKS] = METERS(l->networks.row, l->networks.max_grown, meter[0],
		    CLASSES, l->networks.other.meter),
		[BASELINE_PROTOS] = METERS(l->proto_tree.node, PROTO_TREE_MAX, meter, 1, NULL),
		[BASELINE_SOURCES] = METERS(l->source, LEDGER_SOURCES, meter, 1, NULL),
		[BASELINE_WAYS] = { .first = l->way,
		    .stride = sizeof(l->way[0]),
		    .max = SERIES_WAYS,
		    .n_meters = 1 },
		[BASELINE_TCP] = { .first = l->tcp_stats.meter,
		    .stride = sizeof(l->tcp_stats.meter[0]),
		    .max = TCP_STATS_KINDS,
		    .n_meters = 1 },
	};

	memcpy(z->tables, of, sizeof(of));
	for (unsigned t = 0; t < BASELINE_TABLES; t++)
		z->tables[t].tallies =
		    pages_new(baseline_count_tallies(&of[t], of[t].max) * sizeof(*of[t].tallies));
	z->tcp = pages_new((l->flows.max_grown + 1) * sizeof(*z->tcp));
	z->host_errors = pages_new((l->hosts.max_grown + 1) * sizeof(*z->host_errors));
}

/* The rows in use; later rows are never touched. */
static uint32_t
ledger_baseline_rows_used(const struct ledger *l, enum baseline_table table)
{
	const uint32_t rows[BASELINE_TABLES] = {
		[BASELINE_HOSTS] = l->hosts.used,
		[BASELINE_FLOWS] = l->flows.used,
		[BASELINE_PORTS] = l->ports.used,
		[BASELINE_NETWORKS] = l->networks.used,
		[BASELINE_PROTOS] = l->proto_tree.used,
		[BASELINE_SOURCES] = l->n_sources,
		[BASELINE_WAYS] = SERIES_WAYS,
		[BASELINE_TCP] = TCP_STATS_KINDS,
	};

	return rows[table];
}

static void
ledger_baseline_copy_tcp(struct baseline_tcp *t, const struct flow *f)
{
	t->duplicates = f->duplicates;
	if (f->key.proto != 6)
		return;
	memcpy(t->end, f->tcp, sizeof(t->end));
	t->resets = f->resets;
}

static void
ledger_baseline_copy_row(
    struct baseline *z, const struct ledger *l, enum baseline_table table, uint32_t row)
{
	const struct baseline_meters *of = &z->tables[table];
	const void *m = (const char *)of->first + row * of->stride;

	ledger_baseline_copy_meters(
	    &of->tallies[(1 + (size_t)row) * of->n_meters], m, of->n_meters);
	if (table == BASELINE_FLOWS)
		ledger_baseline_copy_tcp(&z->tcp[1 + row], &l->flows.row[row]);
	if (table == BASELINE_HOSTS)
		z->host_errors[1 + row] = l->hosts.row[row].errors;
}

/* Returns true while there are more. */
static bool
ledger_baseline_copy_rows(struct baseline *z, const struct ledger *l, unsigned steps)
{
	for (; z->next_table < BASELINE_TABLES; z->next_table++, z->next_row = 0) {
		const struct baseline_meters *of = &z->tables[z->next_table];
		uint32_t end = ledger_baseline_rows_used(l, z->next_table);

		for (; z->next_row < end && steps > 0; z->next_row++, steps--)
			ledger_baseline_copy_row(z, l, z->next_table, z->next_row);
		if (z->next_row < end)
			return true;
		ledger_baseline_copy_meters(of->tallies, of->other, of->n_meters);
	}
	z->host_errors[0] = l->hosts.other.errors;
	return false;
}

static void
ledger_baseline_copy_sources(struct baseline *z, const struct ledger *l)
{
	for (unsigned i = 0; i < l->n_sources; i++) {
		const struct source_stats *s = &l->source[i];

		z->source[i] = (struct baseline_source){ .captured = s->totals.all,
			.duplicates = s->totals.duplicates,
			.kernel_dropped = s->kernel_dropped,
			.interface_dropped = s->interface_dropped };
	}
}

/* Copies what is not in rows, and allocates the tables for the rows. */
static void
ledger_baseline_copy_totals(struct baseline *z, struct ledger *l)
{
	z->at = ledger_time(l);
	z->totals = l->totals;
	z->evicted = l->flows.evicted;
	z->sizes = l->sizes;
	ledger_baseline_copy_sources(z, l);
	ledger_baseline_init_tables(z, l);
}

static void
ledger_baseline_install(struct ledger *l, struct baseline *z)
{
	baseline_del(l->baseline);
	l->baseline = l->hosts.baseline = l->networks.baseline = l->ports.baseline = z;
}

void
ledger_baseline_begin(struct ledger *l)
{
	baseline_del(l->next_baseline);
	l->next_baseline = xcalloc(1, sizeof(*l->next_baseline));
}

bool
ledger_baseline_step(struct ledger *l, unsigned steps)
{
	struct baseline *z = l->next_baseline;
	bool folding = l->is_folding;

	assert(l->next_baseline != NULL);
	if (ledger_fold(l, steps) || folding)
		return true;
	if (!z->fold_started) {
		z->fold_started = true;
		ledger_flush_begin(l);
		ledger_baseline_copy_totals(z, l);
		return true;
	}
	if (ledger_baseline_copy_rows(z, l, steps))
		return true;
	ledger_baseline_install(l, z);
	l->next_baseline = NULL;
	return false;
}

void
ledger_set_baseline(struct ledger *l, bool on)
{
	if (!on) {
		baseline_del(l->next_baseline);
		l->next_baseline = NULL;
		ledger_baseline_install(l, NULL);
		return;
	}
	ledger_baseline_begin(l);
	while (ledger_baseline_step(l, UINT32_MAX))
		;
}
