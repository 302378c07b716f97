#include "config.h"

#include "core/port.h"

#include <string.h>

#include "core/baseline.h"
#include "core/lru.h"
#include "util/pages.h"

static void
begin(struct ports *ps, uint32_t max, uint32_t most, const struct hashkey *key)
{
	memset(ps, 0, sizeof(*ps));
	ps->row = pages_new(most * sizeof(*ps->row));
	ps->max = max;
	ps->most = most;
	ps->hashkey = *key;
	pairkey_init(&ps->pairkey, key);
	ps->other.other = true;
	victims_init(&ps->victims, most);
}

void
ports_init(struct ports *ps, uint32_t max, uint32_t most, const struct hashkey *key)
{
	begin(ps, max, most, key);
	index_init_growing(&ps->index, max, most);
}

void
ports_fini(struct ports *ps)
{
	pages_del(ps->row);
	index_fini(&ps->index);
	victims_fini(&ps->victims);
}

void
ports_clear(struct ports *ps)
{
	struct ports was = *ps;

	pages_del(was.row);
	victims_fini(&was.victims);
	begin(ps, was.max, was.most, &was.hashkey);
	ps->index = was.index;
	ps->all = was.all;
}

size_t
ports_memory(uint32_t max)
{
	return max * (sizeof(struct port) + sizeof(struct standing)) + index_memory(max);
}

static bool
is(const struct port *p, const struct port_key *k)
{
	return p->proto == k->proto && p->port == k->port && p->kind == k->kind &&
	    p->has_port == k->has_port;
}

static uint32_t
hash_of(const struct ports *ps, const struct port_key *k)
{
	uint64_t word = (uint64_t)k->proto << 32 | (uint64_t)k->port << 16 |
	    (uint64_t)(k->kind << 1) | k->has_port;

	return hash_pairs(&ps->pairkey, &word, 1);
}

static uint32_t
find(const struct ports *ps, uint32_t hash, const struct port_key *k)
{
	uint32_t row;

	for (uint32_t slot = index_first(&ps->index, hash);
	     (row = index_at(&ps->index, slot, hash)) != INDEX_NONE;
	     slot = index_next(&ps->index, slot))
		if (row != INDEX_SKIP && is(&ps->row[row], k))
			return row;
	return INDEX_NONE;
}

static uint32_t
claim(const void *table, uint32_t row)
{
	const struct ports *ps = table;
	const struct port *p = &ps->row[row];
	struct tally sum = meter_sum(&p->meter);

	return claim_of(p->seen, claim_weight(sum.packets)) + claim_heavy(&sum, ps->all);
}

/* What the next eviction will look at is on its way while others are counted. */
static ATTR_INLINE void
look_ahead(const struct ports *ps)
{
	uint32_t next = victims_peek(&ps->victims, 4);
	const char *row = (const char *)&ps->row[next];

	for (size_t at = 0; at < sizeof(struct port); at += 64)
		PREFETCH_WRITE(row + at);
	index_prefetch(&ps->index, ps->victims.of[next].hash);
}

static uint32_t
make_room(struct ports *ps, const struct beats *b)
{
	uint32_t row = victims_choose(&ps->victims, ps->used, ps, claim);
	struct port *p = &ps->row[row];

	look_ahead(ps);
	other_merge(&ps->other.meter, &ps->other_sums, b, &p->meter);
	baseline_move(ps->baseline, &p->meter, &ps->other.meter, 1);
	ps->other.flows += p->flows;
	ps->evicted++;
	index_remove(&ps->index, ps->victims.of[row].hash, row);
	return row;
}

static uint32_t
add(struct ports *ps, uint32_t hash, const struct port_key *k, const struct beats *b, uint32_t seen)
{
	bool room = ps->used < ps->max ||
	    victims_grow(&ps->victims, &ps->index, ps->used, &ps->max, ps->most);
	uint32_t row = room ? ps->used++ : make_room(ps, b);
	struct port *p = &ps->row[row];

	meter_clear(&p->meter);
	p->flows = p->last = 0;
	p->seen = seen;
	p->proto = k->proto;
	p->port = k->port;
	p->kind = k->kind;
	p->has_port = k->has_port;
	p->other = false;
	ps->victims.of[row] = (struct standing){ .claim = claim_of(seen, 0), .hash = hash };
	index_add(&ps->index, hash, row);
	return row;
}

struct port *
ports_get(struct ports *ps, const struct port_key *k, uint32_t *hint, const struct beats *b,
    uint32_t seen)
{
	uint32_t hash;

	if (*hint < ps->used && is(&ps->row[*hint], k))
		return &ps->row[*hint];
	hash = hash_of(ps, k);
	*hint = find(ps, hash, k);
	if (*hint == INDEX_NONE)
		*hint = add(ps, hash, k, b, seen);
	return &ps->row[*hint];
}
