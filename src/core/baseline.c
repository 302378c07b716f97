#include "config.h"

#include "core/baseline.h"

#include <stdlib.h>
#include <string.h>

#include "util/die.h"
#include "util/pages.h"

static const struct tally nothing[2];

/* Where the tallies of a meter stand; NULL: in no table. */
static struct tally *
place_of(const struct baseline *z, const struct meter *m)
{
	for (unsigned t = 0; t < BASELINE_TABLES; t++) {
		const struct baseline_meters *of = &z->of[t];
		uintptr_t at = (uintptr_t)m - (uintptr_t)of->first;
		uintptr_t behind = (uintptr_t)m - (uintptr_t)of->other;
		size_t number;

		if (at < of->max * of->step)
			number = (1 + at / of->step) * of->each + at % of->step / sizeof(*m);
		else if (of->other != NULL && behind < of->each * sizeof(*m))
			number = behind / sizeof(*m);
		else
			continue;
		return of->before[number];
	}
	return NULL;
}

const struct tally *
baseline_of(const struct baseline *z, const struct meter *m)
{
	const struct tally *t = z != NULL ? place_of(z, m) : NULL;

	return t != NULL ? t : nothing;
}

/* Where what belongs to the row is that the meter is of; 0: to "(other)". */
static uint32_t
row_place(const struct baseline *z, enum baseline_table table, const struct meter *m)
{
	const struct baseline_meters *of = &z->of[table];
	uintptr_t at = (uintptr_t)m - (uintptr_t)of->first;

	return at < of->max * of->step ? 1 + (uint32_t)(at / of->step) : 0;
}

struct baseline_tcp
baseline_tcp(const struct baseline *z, const struct flow *f)
{
	if (z == NULL)
		return (struct baseline_tcp){ .resets = 0 };
	return z->tcp[row_place(z, BASELINE_FLOWS, &f->meter)];
}

struct host_health
baseline_health(const struct baseline *z, const struct host *h)
{
	if (z == NULL)
		return (struct host_health){ .resets = 0 };
	return z->health[row_place(z, BASELINE_HOSTS, h->meter)];
}

static void
add_ways(struct tally to[2], const struct tally more[2])
{
	for (int way = 0; way < 2; way++)
		tally_add(&to[way], more[way].packets, more[way].bytes);
}

void
baseline_add(struct baseline *z, const struct meter *from, const struct meter *to, unsigned n)
{
	for (unsigned i = 0; z != NULL && i < n; i++)
		add_ways(place_of(z, to + i), place_of(z, from + i));
}

void
baseline_move(struct baseline *z, const struct meter *from, const struct meter *to, unsigned n)
{
	baseline_add(z, from, to, n);
	for (unsigned i = 0; z != NULL && i < n; i++)
		memset(place_of(z, from + i), 0, sizeof(nothing));
}

void
baseline_flow_leaves(struct baseline *z, const struct flow *f)
{
	if (z == NULL)
		return;
	baseline_move(z, &f->meter, z->of[BASELINE_FLOWS].other, 1);
	z->tcp[row_place(z, BASELINE_FLOWS, &f->meter)] = (struct baseline_tcp){ .resets = 0 };
}

void
baseline_flow_turns(struct baseline *z, const struct flow *f)
{
	struct baseline_tcp *tcp;
	struct tcp_counts end;
	struct tally *t, way;

	if (z == NULL)
		return;
	t = place_of(z, &f->meter);
	way = t[0], t[0] = t[1], t[1] = way;
	tcp = &z->tcp[row_place(z, BASELINE_FLOWS, &f->meter)];
	end = tcp->end[0], tcp->end[0] = tcp->end[1], tcp->end[1] = end;
}

void
baseline_host_leaves(struct baseline *z, const struct host *h)
{
	struct host_health *was;

	if (z == NULL)
		return;
	baseline_move(z, h->meter, z->of[BASELINE_HOSTS].other, CLASSES);
	was = &z->health[row_place(z, BASELINE_HOSTS, h->meter)];
	host_health_add(&z->health[0], was);
	*was = (struct host_health){ .resets = 0 };
}

/* Of so many rows and of "(other)". */
static size_t
tallies(const struct baseline_meters *of, uint32_t rows)
{
	return ((size_t)rows + 1) * of->each;
}

void
baseline_forget(
    struct baseline *z, enum baseline_table table, const struct meter *first, uint32_t used)
{
	if (z == NULL)
		return;
	z->of[table].first = first;
	memset(z->of[table].before, 0, tallies(&z->of[table], used) * sizeof(nothing));
}

void
baseline_del(struct baseline *z)
{
	if (z == NULL)
		return;
	for (unsigned t = 0; t < BASELINE_TABLES; t++)
		pages_del(z->of[t].before);
	pages_del(z->tcp);
	pages_del(z->health);
	free(z);
}

static void take_meters(struct tally (*before)[2], const struct meter *m, unsigned each)
{
	for (unsigned i = 0; m != NULL && i < each; i++)
		memcpy(before[i], m[i].t, sizeof(nothing));
}

#define METERS(array, n, member, number, rest)                                                     \
	{                                                                                          \
		.first = &(array)->member, .step = sizeof(*(array)), .max = (n), .each = (number), \
		.other = (rest)                                                                    \
	}

static void
take_meters_of(struct baseline *z, struct ledger *l)
{
	const struct baseline_meters of[BASELINE_TABLES] = {
		[BASELINE_HOSTS] =
		    METERS(l->hosts.row, l->hosts.most, meter[0], CLASSES, l->hosts.other.meter),
		[BASELINE_FLOWS] = METERS(l->flows.row, l->flows.most, meter, 1, &l->flows.other),
		[BASELINE_PORTS] =
		    METERS(l->ports.row, l->ports.most, meter, 1, &l->ports.other.meter),
		[BASELINE_NETWORKS] = METERS(
		    l->networks.row, l->networks.most, meter[0], CLASSES, l->networks.other.meter),
		[BASELINE_PATHS] = METERS(l->paths.node, PATHS_MAX, meter, 1, NULL),
		[BASELINE_SOURCES] = METERS(l->source, LEDGER_SOURCES, meter, 1, NULL),
		[BASELINE_WAYS] = { .first = l->way,
		    .step = sizeof(l->way[0]),
		    .max = SERIES_WAYS,
		    .each = 1 },
		[BASELINE_TCP] = { .first = l->tcp.meter,
		    .step = sizeof(l->tcp.meter[0]),
		    .max = TCPSUM_KINDS,
		    .each = 1 },
	};

	memcpy(z->of, of, sizeof(of));
	for (unsigned t = 0; t < BASELINE_TABLES; t++)
		z->of[t].before = pages_new(tallies(&of[t], of[t].max) * sizeof(*of[t].before));
	z->tcp = pages_new((l->flows.most + 1) * sizeof(*z->tcp));
	z->health = pages_new((l->hosts.most + 1) * sizeof(*z->health));
}

/* Of the rows behind those in use nothing is touched. */
static uint32_t
used(const struct ledger *l, enum baseline_table table)
{
	const uint32_t rows[BASELINE_TABLES] = {
		[BASELINE_HOSTS] = l->hosts.used,
		[BASELINE_FLOWS] = l->flows.used,
		[BASELINE_PORTS] = l->ports.used,
		[BASELINE_NETWORKS] = l->networks.used,
		[BASELINE_PATHS] = l->paths.used,
		[BASELINE_SOURCES] = l->n_sources,
		[BASELINE_WAYS] = SERIES_WAYS,
		[BASELINE_TCP] = TCPSUM_KINDS,
	};

	return rows[table];
}

static void
take_tcp(struct baseline_tcp *t, const struct flow *f)
{
	t->duplicates = f->duplicates;
	if (f->key.proto != 6)
		return;
	memcpy(t->end, f->tcp, sizeof(t->end));
	t->resets = f->resets;
}

static void
take_row(struct baseline *z, const struct ledger *l, enum baseline_table table, uint32_t row)
{
	const struct baseline_meters *of = &z->of[table];
	const void *m = (const char *)of->first + row * of->step;

	take_meters(&of->before[(1 + (size_t)row) * of->each], m, of->each);
	if (table == BASELINE_FLOWS)
		take_tcp(&z->tcp[1 + row], &l->flows.row[row]);
	if (table == BASELINE_HOSTS)
		z->health[1 + row] = l->hosts.row[row].health;
}

/* True while there are more. */
static bool
take_rows(struct baseline *z, const struct ledger *l, unsigned steps)
{
	for (; z->table < BASELINE_TABLES; z->table++, z->row = 0) {
		const struct baseline_meters *of = &z->of[z->table];
		uint32_t end = used(l, z->table);

		for (; z->row < end && steps > 0; z->row++, steps--)
			take_row(z, l, z->table, z->row);
		if (z->row < end)
			return true;
		take_meters(of->before, of->other, of->each);
	}
	z->health[0] = l->hosts.other.health;
	return false;
}

static void
take_sources(struct baseline *z, const struct ledger *l)
{
	for (unsigned i = 0; i < l->n_sources; i++) {
		const struct source_stats *s = &l->source[i];

		z->source[i] = (struct baseline_source){ .all = s->totals.all,
			.duplicates = s->totals.duplicates,
			.kernel_dropped = s->kernel_dropped,
			.interface_dropped = s->interface_dropped };
	}
}

/* What is no row, and room for the rows. */
static void
take_rest(struct baseline *z, struct ledger *l)
{
	z->at = ledger_time(l);
	z->totals = l->totals;
	z->evicted = l->flows.evicted;
	z->sizes = l->sizes;
	take_sources(z, l);
	take_meters_of(z, l);
}

static void
put_in_place(struct ledger *l, struct baseline *z)
{
	baseline_del(l->baseline);
	l->baseline = l->hosts.baseline = l->networks.baseline = l->ports.baseline = z;
}

void
ledger_zero_begin(struct ledger *l)
{
	baseline_del(l->taking);
	l->taking = xcalloc(1, sizeof(*l->taking));
}

bool
ledger_zero_step(struct ledger *l, unsigned steps)
{
	struct baseline *z = l->taking;
	bool folding = l->in_fold;

	if (ledger_fold(l, steps) || folding)
		return true;
	if (!z->settling) {
		z->settling = true;
		ledger_settle_begin(l);
		take_rest(z, l);
		return true;
	}
	if (take_rows(z, l, steps))
		return true;
	put_in_place(l, z);
	l->taking = NULL;
	return false;
}

void
ledger_zero(struct ledger *l, bool on)
{
	if (!on) {
		baseline_del(l->taking);
		l->taking = NULL;
		put_in_place(l, NULL);
		return;
	}
	ledger_zero_begin(l);
	while (ledger_zero_step(l, UINT32_MAX))
		;
}
