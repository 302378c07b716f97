#include "config.h"

#include "core/port.h"

#include <stdlib.h>
#include <string.h>

#include "core/victim.h"
#include "util/die.h"

void
ports_init(struct ports *ps, uint32_t max, const struct hashkey *key)
{
	memset(ps, 0, sizeof(*ps));
	ps->row = xcalloc(max, sizeof(*ps->row));
	ps->max = max;
	ps->hashkey = *key;
	ps->other.other = true;
	index_init(&ps->index, max);
}

void
ports_fini(struct ports *ps)
{
	free(ps->row);
	index_fini(&ps->index);
}

void
ports_clear(struct ports *ps)
{
	uint32_t max = ps->max;
	struct hashkey key = ps->hashkey;

	ports_fini(ps);
	ports_init(ps, max, &key);
}

size_t
ports_memory(uint32_t max)
{
	return max * sizeof(struct port) + index_memory(max);
}

static bool
is(const struct port *p, const struct port *like)
{
	return p->proto == like->proto && p->port == like->port && p->kind == like->kind &&
	    p->has_port == like->has_port;
}

static uint32_t
hash_of(const struct ports *ps, const struct port *p)
{
	uint64_t word = (uint64_t)p->proto << 32 | (uint64_t)p->port << 16 |
	    (uint64_t)(p->kind << 1) | p->has_port;

	return (uint32_t)hash_words(&ps->hashkey, &word, 1);
}

static uint32_t
find(const struct ports *ps, uint32_t hash, const struct port *like)
{
	uint32_t row;

	for (uint32_t slot = index_first(&ps->index, hash);
	     (row = index_at(&ps->index, slot, hash)) != INDEX_NONE;
	     slot = index_next(&ps->index, slot))
		if (row != INDEX_SKIP && is(&ps->row[row], like))
			return row;
	return INDEX_NONE;
}

static uint64_t
claim(const void *table, uint32_t row)
{
	const struct port *p = &((const struct ports *)table)->row[row];

	return victim_claim(p->last, meter_sum(&p->meter).packets);
}

static uint32_t
make_room(struct ports *ps, uint32_t interval)
{
	uint32_t row = victim_choose(ps, ps->used, &ps->hand, claim);
	struct port *p = &ps->row[row];

	meter_merge(&ps->other.meter, &p->meter, interval);
	ps->other.flows += p->flows;
	ps->evicted++;
	index_remove(&ps->index, p->hash, row);
	return row;
}

struct port *
ports_get(struct ports *ps, const struct port *like, uint32_t *hint, uint32_t interval)
{
	uint32_t hash, row = *hint;

	if (row < ps->used && is(&ps->row[row], like))
		return &ps->row[row];
	hash = hash_of(ps, like);
	row = find(ps, hash, like);
	if (row == INDEX_NONE) {
		row = ps->used < ps->max ? ps->used++ : make_room(ps, interval);
		ps->row[row] = *like;
		ps->row[row].hash = hash;
		ps->row[row].flows = 0;
		meter_init(&ps->row[row].meter, interval);
		index_add(&ps->index, hash, row);
	}
	*hint = row;
	return &ps->row[row];
}
