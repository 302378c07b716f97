#include "config.h"

#include <assert.h>
#include <string.h>

#include "core/baseline.h"
#include "core/host.h"
#include "core/network.h"
#include "core/place.h"
#include "util/alloc.h"

/* The id of a row names the row, and changes when another place gets it.  It is never 0. */
static uint32_t
place_table_row_of(uint32_t id)
{
	return id % PLACE_ROWS_MAX;
}

static void
place_table_start(struct place_table *t)
{
	t->host = pages_new(t->hosts * sizeof(*t->host));
	for (unsigned g = 0; g < PLACE_GROUPS; g++)
		t->other[g] = (struct place_row){ .group = (uint8_t)g, .other = true };
	memset(t->other_sums, 0, sizeof(t->other_sums));
}

void
place_table_init(struct place_table *t, const struct table_room *room)
{
	t->row = table_init(&t->table, sizeof(*t->row), PLACE_ROWS_MAX, PLACE_ROWS_MAX, room->key);
	t->hosts = room->rows;
	place_table_start(t);
}

void
place_table_fini(struct place_table *t)
{
	table_fini(&t->table);
	pages_del(t->host);
}

void
place_table_clear(struct place_table *t)
{
	t->row = table_clear(&t->table);
	table_clear_index(&t->table);
	pages_del(t->host);
	place_table_start(t);
}

static uint32_t
place_table_lru_score(const void *table, uint32_t row)
{
	const struct place_row *r = &((const struct place_table *)table)->row[row];
	uint64_t packets = 0;

	for (int c = 0; c < CLASSES; c++)
		packets += meter_sum(&r->meter[c]).packets;
	return lru_score(r->score_time, lru_log2(packets));
}

static uint32_t
place_table_evict(struct place_table *t, const struct intervals *b)
{
	uint32_t row = table_evict(&t->table, t, place_table_lru_score);
	struct place_row *r = &t->row[row], *other = &t->other[r->group];

	for (int c = 0; c < CLASSES; c++)
		overflow_meter_add_meter(
		    &other->meter[c], &t->other_sums[r->group][c], b, &r->meter[c]);
	baseline_move(t->baseline, r->meter, other->meter, CLASSES);
	other->flows += r->flows;
	other->hosts += r->hosts;
	return row;
}

static struct place_row *
place_table_get(struct place_table *t, enum place_group group, uint32_t key, const struct host *h,
    const struct intervals *b)
{
	uint64_t words[2] = { key, group };
	uint32_t hash = hash_pairs(&t->table.key, words, 2), row, id;
	bool fits;

	INDEX_EACH (&t->table.index, hash, found)
		if (t->row[found].key == key && t->row[found].group == group)
			return &t->row[found];
	fits = table_has_room(&t->table);
	row = fits ? t->table.used++ : place_table_evict(t, b);
	id = (fits ? row : t->row[row].id) + PLACE_ROWS_MAX;
	t->row[row] = (struct place_row){ .example = h->addr,
		.key = key,
		.id = id,
		.score_time = h->score_time,
		.example_kind = h->kind,
		.group = (uint8_t)group };
	table_put(&t->table, row, hash, lru_score(h->score_time, 0));
	return &t->row[row];
}

static uint32_t
place_table_key(const struct place_db *db, enum place_group group, const struct host *h)
{
	struct place p;
	uint32_t letters;

	place_find(db, h->kind, &h->addr, &p);
	memcpy(&letters, p.country, sizeof(letters));
	return group == PLACES_BY_COUNTRY ? letters : p.asn;
}

static void
place_row_count(struct place_row *r, const struct host *h, const struct network_delta *m,
    const struct intervals *b)
{
	struct meter *meter = &r->meter[m->class];

	meter_advance(meter, b);
	meter_add(meter, 0, m->out.packets, m->out.bytes);
	meter_add(meter, 1, m->in.packets, m->in.bytes);
	peak_add(&r->peak, b, m->out.bytes + m->in.bytes);
	r->score_time = h->score_time > r->score_time ? h->score_time : r->score_time;
	r->flows += m->new_flow;
	r->hosts += m->new_host;
	if (r->first == 0 || h->first < r->first)
		r->first = h->first;
	if (m->last > r->last)
		r->last = m->last;
}

void
place_table_count_host(struct place_table *t, const struct place_db *db, uint32_t row,
    const struct host *h, const struct network_delta *m, const struct intervals *b)
{
	uint32_t *id = t->host[row].id;

	assert(db != NULL);
	for (unsigned g = 0; g < PLACE_GROUPS; g++) {
		enum place_group group = (enum place_group)g;

		/* The row of its place may have been given to another one. */
		if (m->new_host || t->row[place_table_row_of(id[g])].id != id[g])
			id[g] = place_table_get(t, group, place_table_key(db, group, h), h, b)->id;
		place_row_count(&t->row[place_table_row_of(id[g])], h, m, b);
	}
}

unsigned
place_table_meters(struct ledger *l, struct baseline_meters *of)
{
	of[0] = BASELINE_METERS(l->place_table, l->place_table.row, meter[0], CLASSES);
	of[0].owner = &l->place_table.baseline;
	of[1] = BASELINE_ALL_METERS(l->place_table.other, PLACE_GROUPS, meter[0], CLASSES);
	return 2;
}
