#include "config.h"

#include "core/port.h"

#include <assert.h>
#include <string.h>

#include "core/baseline.h"
#include "core/lru.h"
#include "util/alloc.h"

static void
ports_alloc(struct ports *ps, uint32_t max, uint32_t most, const struct hashkey *key)
{
	memset(ps, 0, sizeof(*ps));
	ps->row = pages_new(most * sizeof(*ps->row));
	ps->max = max;
	ps->max_grown = most;
	ps->hashkey = *key;
	pairkey_init(&ps->pairkey, key);
	ps->other.other = true;
	lru_init(&ps->lru, most);
}

void
ports_init(struct ports *ps, uint32_t max, uint32_t most, const struct hashkey *key)
{
	assert(max > 0 && max <= most);
	ports_alloc(ps, max, most, key);
	index_init_growing(&ps->index, max, most);
}

void
ports_fini(struct ports *ps)
{
	pages_del(ps->row);
	index_fini(&ps->index);
	lru_fini(&ps->lru);
}

void
ports_clear(struct ports *ps)
{
	struct ports was = *ps;

	pages_del(was.row);
	lru_fini(&was.lru);
	ports_alloc(ps, was.max, was.max_grown, &was.hashkey);
	ps->index = was.index;
	ps->total = was.total;
}

size_t
ports_memory(uint32_t max)
{
	return max * (sizeof(struct port) + sizeof(struct lru_entry)) + index_memory(max);
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

	return hash_pairs(&ps->pairkey, &word, 1);
}

static uint32_t
ports_find_row(const struct ports *ps, uint32_t hash, const struct port_key *k)
{
	uint32_t row;

	for (uint32_t slot = index_first(&ps->index, hash);
	     (row = index_at(&ps->index, slot, hash)) != INDEX_NONE;
	     slot = index_next(&ps->index, slot))
		if (row != INDEX_SKIP && ports_row_matches(&ps->row[row], k))
			return row;
	return INDEX_NONE;
}

static uint32_t
ports_lru_score(const void *table, uint32_t row)
{
	const struct ports *ps = table;
	const struct port *p = &ps->row[row];
	struct tally sum = meter_sum(&p->meter);

	return lru_score(p->score_time, lru_log2(sum.packets)) + lru_heavy_bonus(&sum, ps->total);
}

/* Prefetches what the next eviction will need. */
static ATTR_INLINE void
ports_prefetch_eviction(const struct ports *ps)
{
	uint32_t next = lru_peek(&ps->lru, 4);
	const char *row = (const char *)&ps->row[next];

	for (size_t at = 0; at < sizeof(struct port); at += 64)
		PREFETCH_WRITE(row + at);
	index_prefetch(&ps->index, ps->lru.entry[next].hash);
}

static uint32_t
ports_evict(struct ports *ps, const struct intervals *b)
{
	uint32_t row = lru_choose(&ps->lru, ps->used, ps, ports_lru_score);
	struct port *p = &ps->row[row];

	ports_prefetch_eviction(ps);
	overflow_meter_add_meter(&ps->other.meter, &ps->other_sums, b, &p->meter);
	baseline_move(ps->baseline, &p->meter, &ps->other.meter, 1);
	ps->other.flows += p->flows;
	ps->evicted++;
	index_remove(&ps->index, ps->lru.entry[row].hash, row);
	return row;
}

static uint32_t
ports_add_row(struct ports *ps, uint32_t hash, const struct port_key *k, const struct intervals *b,
    uint32_t seen)
{
	bool room = lru_has_room(&ps->lru, &ps->index, ps->used, &ps->max, ps->max_grown);
	uint32_t row = room ? ps->used++ : ports_evict(ps, b);
	struct port *p = &ps->row[row];

	meter_clear(&p->meter);
	p->flows = p->last = 0;
	p->score_time = seen;
	p->proto = k->proto;
	p->port = k->port;
	p->kind = k->kind;
	p->has_port = k->has_port;
	p->other = false;
	ps->lru.entry[row] = (struct lru_entry){ .score = lru_score(seen, 0), .hash = hash };
	index_add(&ps->index, hash, row);
	return row;
}

struct port *
ports_get(struct ports *ps, const struct port_key *k, uint32_t *hint, const struct intervals *b,
    uint32_t seen)
{
	uint32_t hash;

	if (*hint < ps->used && ports_row_matches(&ps->row[*hint], k))
		return &ps->row[*hint];
	hash = ports_hash(ps, k);
	*hint = ports_find_row(ps, hash, k);
	if (*hint == INDEX_NONE)
		*hint = ports_add_row(ps, hash, k, b, seen);
	return &ps->row[*hint];
}
