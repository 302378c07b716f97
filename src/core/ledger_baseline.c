/* Takes a baseline of a ledger. */
#include "config.h"

#include <assert.h>
#include <string.h>

#include "core/baseline.h"
#include "core/ledger.h"
#include "core/private.h"
#include "util/alloc.h"
#include "util/attr.h"

static void ledger_baseline_copy_meters(
    struct tally (*before)[2], const struct meter *m, unsigned each)
{
	for (unsigned i = 0; m != NULL && i < each; i++)
		memcpy(before[i], m[i].t, sizeof(*before));
}

/* The table with that row "(other)". */
static const struct baseline_meters *
ledger_baseline_find(const struct baseline *z, const struct meter *other)
{
	unsigned t = 0;

	while (z->tables[t].other != other)
		t++;
	return &z->tables[t];
}

static void
ledger_baseline_init_tables(struct baseline *z, struct ledger *l)
{
	const struct baseline_meters totals[] = {
		BASELINE_ALL_METERS(l->use.row, USE_ROWS, meter, 1),
		BASELINE_ALL_METERS(l->proto_tree.node, PROTO_TREE_MAX, meter, 1),
		BASELINE_ALL_METERS(l->source, LEDGER_SOURCES, meter, 1),
		{ .first = l->way, .stride = sizeof(l->way[0]), .max = SERIES_WAYS, .n_meters = 1 },
		{ .first = l->tcp_stats.meter,
		    .stride = sizeof(l->tcp_stats.meter[0]),
		    .max = TCP_STATS_KINDS,
		    .n_meters = 1 },
	};

	z->n_tables = ledger_tables_meters(l, z->tables);
	assert(z->n_tables + NITEMS(totals) <= BASELINE_TABLES);
	memcpy(&z->tables[z->n_tables], totals, sizeof(totals));
	z->n_tables += NITEMS(totals);
	for (unsigned t = 0; t < z->n_tables; t++)
		z->tables[t].tallies =
		    pages_new(baseline_count_tallies(&z->tables[t], z->tables[t].max) *
			sizeof(*z->tables[t].tallies));
	z->flows = ledger_baseline_find(z, &l->flows.other);
	z->hosts = ledger_baseline_find(z, l->hosts.other.meter);
	z->tcp = pages_new((l->flows.table.max_grown + 1) * sizeof(*z->tcp));
	z->host_errors = pages_new((l->hosts.table.max_grown + 1) * sizeof(*z->host_errors));
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
    struct baseline *z, const struct ledger *l, const struct baseline_meters *of, uint32_t row)
{
	const void *m = (const char *)of->first + row * of->stride;

	ledger_baseline_copy_meters(
	    &of->tallies[(1 + (size_t)row) * of->n_meters], m, of->n_meters);
	if (of == z->flows)
		ledger_baseline_copy_tcp(&z->tcp[1 + row], &l->flows.row[row]);
	if (of == z->hosts)
		z->host_errors[1 + row] = l->hosts.row[row].errors;
}

/* Returns true while there are more. */
static bool
ledger_baseline_copy_rows(struct baseline *z, const struct ledger *l, unsigned steps)
{
	for (; z->next_table < z->n_tables; z->next_table++, z->next_row = 0) {
		const struct baseline_meters *of = &z->tables[z->next_table];
		uint32_t end = of->used != NULL ? *of->used : of->max;

		for (; z->next_row < end && steps > 0; z->next_row++, steps--)
			ledger_baseline_copy_row(z, l, of, z->next_row);
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
	z->evicted = l->flows.table.evicted;
	z->sizes = l->sizes;
	ledger_baseline_copy_sources(z, l);
	ledger_baseline_init_tables(z, l);
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
	ledger_put_baseline(l, z);
	l->next_baseline = NULL;
	return false;
}

void
ledger_set_baseline(struct ledger *l, bool on)
{
	if (!on) {
		ledger_drop_baseline(l);
		return;
	}
	ledger_baseline_begin(l);
	while (ledger_baseline_step(l, UINT32_MAX))
		;
}
