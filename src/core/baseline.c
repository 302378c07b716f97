#include "config.h"

#include "core/baseline.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/private.h"
#include "util/alloc.h"

static const struct tally no_tallies[2];

/* Finds the tallies of a meter, or NULL if it is in no table. */
static struct tally *
baseline_find_tallies(const struct baseline *z, const struct meter *m)
{
	for (unsigned t = 0; t < z->n_tables; t++) {
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
baseline_row_index(const struct baseline_meters *of, const struct meter *m)
{
	uintptr_t at = (uintptr_t)m - (uintptr_t)of->first;

	return at < of->max * of->stride ? 1 + (uint32_t)(at / of->stride) : 0;
}

struct baseline_tcp
baseline_tcp(const struct baseline *z, const struct flow *f)
{
	if (z == NULL)
		return (struct baseline_tcp){ .resets = 0 };
	return z->tcp[baseline_row_index(z->flows, &f->meter)];
}

struct host_errors
baseline_host_errors(const struct baseline *z, const struct host *h)
{
	if (z == NULL)
		return (struct host_errors){ .resets = 0 };
	return z->host_errors[baseline_row_index(z->hosts, h->meter)];
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
	for (unsigned i = 0; i < n; i++)
		baseline_forget(z, from + i);
}

void
baseline_add_tallies(struct baseline *z, const struct meter *m, const struct tally more[2])
{
	if (z != NULL)
		baseline_add_both_ways(baseline_find_tallies(z, m), more);
}

void
baseline_forget(struct baseline *z, const struct meter *m)
{
	if (z != NULL)
		memset(baseline_find_tallies(z, m), 0, sizeof(no_tallies));
}

void
baseline_move_way(struct baseline *z, const struct meter_move *m)
{
	struct tally *from, *to;
	const struct tally *part;

	if (z == NULL)
		return;
	part = &baseline_find_tallies(z, m->part)[m->part_way];
	from = &baseline_find_tallies(z, m->from)[m->from_way];
	to = &baseline_find_tallies(z, m->to)[m->to_way];
	*from = tally_minus(*from, part);
	tally_add(to, part->packets, part->bytes);
}

void
baseline_evict_flow(struct baseline *z, const struct flow *f)
{
	if (z == NULL)
		return;
	baseline_move(z, &f->meter, z->flows->other, 1);
	z->tcp[baseline_row_index(z->flows, &f->meter)] = (struct baseline_tcp){ .resets = 0 };
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
	tcp = &z->tcp[baseline_row_index(z->flows, &f->meter)];
	end = tcp->end[0], tcp->end[0] = tcp->end[1], tcp->end[1] = end;
}

void
baseline_evict_host(struct baseline *z, const struct host *h)
{
	struct host_errors *was;

	if (z == NULL)
		return;
	baseline_move(z, h->meter, z->hosts->other, CLASSES);
	was = &z->host_errors[baseline_row_index(z->hosts, h->meter)];
	host_errors_add(&z->host_errors[0], was);
	*was = (struct host_errors){ .resets = 0 };
}

void
baseline_reset_table(
    struct baseline *z, const struct meter *other, const struct meter *first, uint32_t used)
{
	struct baseline_meters *of;

	if (z == NULL)
		return;
	of = z->tables;
	while (of->other != other)
		of++;
	assert(of < &z->tables[z->n_tables]);
	of->first = first;
	memset(of->tallies, 0, baseline_count_tallies(of, used) * sizeof(no_tallies));
}

void
baseline_del(struct baseline *z)
{
	if (z == NULL)
		return;
	for (unsigned t = 0; t < z->n_tables; t++)
		pages_del(z->tables[t].tallies);
	pages_del(z->tcp);
	pages_del(z->host_errors);
	free(z);
}
