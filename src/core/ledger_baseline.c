/* Takes a baseline of a ledger. */
#include "config.h"

#include <assert.h>
#include <string.h>

#include "core/baseline.h"
#include "core/ledger.h"
#include "core/private.h"
#include "util/alloc.h"

static void ledger_baseline_copy_meters(
    struct tally (*before)[2], const struct meter *m, unsigned each)
{
	for (unsigned i = 0; m != NULL && i < each; i++)
		memcpy(before[i], m[i].t, sizeof(*before));
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
		[BASELINE_HOSTS] = METERS(l->hosts.row, l->hosts.table.max_grown, meter[0], CLASSES,
		    l->hosts.other.meter),
		[BASELINE_FLOWS] =
		    METERS(l->flows.row, l->flows.table.max_grown, meter, 1, &l->flows.other),
		[BASELINE_PORTS] =
		    METERS(l->ports.row, l->ports.table.max_grown, meter, 1, &l->ports.other.meter),
		[BASELINE_DNS] =
		    METERS(l->dns.row, l->dns.table.max_grown, meter[0], DNS_METERS, NULL),
		[BASELINE_DNS_OTHER] = METERS(l->dns.other, DNS_GROUPS, meter[0], DNS_METERS, NULL),
		[BASELINE_USE] = METERS(l->use.row, USE_ROWS, meter, 1, NULL),
		[BASELINE_NETWORKS] = METERS(l->networks.row, l->networks.table.max_grown, meter[0],
		    CLASSES, l->networks.other.meter),
		[BASELINE_PAIRS] = METERS(l->pairs.row, l->pairs.table.max_grown, meter[0],
		    PAIR_METERS, l->pairs.other.meter),
		[BASELINE_PLACES] =
		    METERS(l->place_table.row, PLACE_ROWS_MAX, meter[0], CLASSES, NULL),
		[BASELINE_PLACES_OTHER] =
		    METERS(l->place_table.other, PLACE_GROUPS, meter[0], CLASSES, NULL),
		[BASELINE_PROCESSES] =
		    METERS(l->processes.row, PROCESSES_MAX, meter, 1, &l->processes.other.meter),
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
	z->tcp = pages_new((l->flows.table.max_grown + 1) * sizeof(*z->tcp));
	z->host_errors = pages_new((l->hosts.table.max_grown + 1) * sizeof(*z->host_errors));
}

/* The rows in use; later rows are never touched. */
static uint32_t
ledger_baseline_rows_used(const struct ledger *l, enum baseline_table table)
{
	const uint32_t rows[BASELINE_TABLES] = {
		[BASELINE_HOSTS] = l->hosts.table.used,
		[BASELINE_FLOWS] = l->flows.table.used,
		[BASELINE_PORTS] = l->ports.table.used,
		[BASELINE_DNS] = l->dns.table.used,
		[BASELINE_DNS_OTHER] = DNS_GROUPS,
		[BASELINE_USE] = USE_ROWS,
		[BASELINE_NETWORKS] = l->networks.table.used,
		[BASELINE_PAIRS] = l->pairs.table.used,
		[BASELINE_PLACES] = l->place_table.table.used,
		[BASELINE_PLACES_OTHER] = PLACE_GROUPS,
		[BASELINE_PROCESSES] = l->processes.table.used,
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
