#include "config.h"

#include "core/port.h"

#include <assert.h>
#include <string.h>

#include "core/baseline.h"
#include "util/alloc.h"

static void
ports_clear_other(struct ports *ps)
{
	ps->other = (struct port){ .other = true };
	memset(&ps->other_sums, 0, sizeof(ps->other_sums));
}

void
ports_init(struct ports *ps, const struct table_room *room)
{
	memset(ps, 0, sizeof(*ps));
	ps->row = table_init(&ps->table, sizeof(*ps->row), room->max, room->most, room->key);
	ps->wait = pages_new(room->most * sizeof(*ps->wait));
	ports_clear_other(ps);
}

void
ports_fini(struct ports *ps)
{
	table_fini(&ps->table);
	pages_del(ps->wait);
}

void
ports_clear(struct ports *ps)
{
	ps->row = table_clear(&ps->table);
	pages_del(ps->wait);
	ps->wait = pages_new(ps->table.max_grown * sizeof(*ps->wait));
	ports_clear_other(ps);
}

size_t
ports_memory(uint32_t max)
{
	return table_memory(sizeof(struct port) + sizeof(struct wait_histogram), max);
}

void
ports_add_wait(struct ports *ps, uint32_t row, uint32_t us, uint32_t n)
{
	ps->row[row].has_wait = true;
	wait_histogram_add(&ps->wait[row], us, n);
}

static bool
ports_row_matches(const struct port *p, const struct port_key *k)
{
	return p->proto == k->proto && p->port == k->port && p->kind == k->kind &&
	    p->has_port == k->has_port;
}

static uint32_t
ports_hash(const struct ports *ps, const struct port_key *k)
{
	uint64_t word = (uint64_t)k->proto << 32 | (uint64_t)k->port << 16 |
	    (uint64_t)(k->kind << 1) | k->has_port;

	return hash_pairs(&ps->table.key, &word, 1);
}

static uint32_t
ports_find_row(const struct ports *ps, uint32_t hash, const struct port_key *k)
{
	INDEX_EACH (&ps->table.index, hash, row)
		if (ports_row_matches(&ps->row[row], k))
			return row;
	return INDEX_NONE;
}

static uint32_t
ports_lru_score(const void *table, uint32_t row)
{
	const struct ports *ps = table;
	const struct port *p = &ps->row[row];
	struct tally sum = meter_sum(&p->meter);

	return lru_score(p->score_time, lru_log2(sum.packets)) + tally_heavy_bonus(&sum, ps->total);
}

/* Prefetches what the next eviction will need. */
static ATTR_INLINE void
ports_prefetch_eviction(const struct ports *ps)
{
	uint32_t next = lru_peek(&ps->table.lru, 4);
	const char *row = (const char *)&ps->row[next];

	for (size_t at = 0; at < sizeof(struct port); at += 64)
		PREFETCH_WRITE(row + at);
	index_prefetch(&ps->table.index, ps->table.lru.entry[next].hash);
}

static uint32_t
ports_evict(struct ports *ps, const struct intervals *b)
{
	uint32_t row = table_evict(&ps->table, ps, ports_lru_score);
	struct port *p = &ps->row[row];

	ports_prefetch_eviction(ps);
	overflow_meter_add_meter(&ps->other.meter, &ps->other_sums, b, &p->meter);
	baseline_move(ps->baseline, &p->meter, &ps->other.meter, 1);
	ps->other.flows += p->flows;
	return row;
}

static uint32_t
ports_add_row(struct ports *ps, uint32_t hash, const struct port_key *k, const struct intervals *b,
    uint32_t seen)
{
	uint32_t row = table_has_room(&ps->table) ? ps->table.used++ : ports_evict(ps, b);
	struct port *p = &ps->row[row];

	meter_clear(&p->meter);
	p->flows = p->last = 0;
	p->score_time = seen;
	p->proto = k->proto;
	p->port = k->port;
	p->kind = k->kind;
	p->has_port = k->has_port;
	p->other = false;
	if (p->has_wait)
		ps->wait[row] = (struct wait_histogram){ .n = { 0 } };
	p->has_wait = false;
	table_put(&ps->table, row, hash, lru_score(seen, 0));
	return row;
}

struct port *
ports_get(struct ports *ps, const struct port_key *k, uint32_t *hint, const struct intervals *b,
    uint32_t seen)
{
	uint32_t hash;

	if (*hint < ps->table.used && ports_row_matches(&ps->row[*hint], k))
		return &ps->row[*hint];
	hash = ports_hash(ps, k);
	*hint = ports_find_row(ps, hash, k);
	if (*hint == INDEX_NONE)
		*hint = ports_add_row(ps, hash, k, b, seen);
	return &ps->row[*hint];
}

unsigned
ports_meters(struct ledger *l, struct baseline_meters *of)
{
	of[0] = BASELINE_METERS(l->ports, l->ports.row, meter, 1);
	of[0].other = &l->ports.other.meter;
	of[0].owner = &l->ports.baseline;
	return 1;
}
