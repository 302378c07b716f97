#include "config.h"

#include "util/table.h"

#include "util/alloc.h"

static void
table_alloc(struct table *t)
{
	t->rows = pages_new(t->max_grown * t->row_size);
	t->used = 0;
	t->evicted = 0;
	lru_init(&t->lru, t->max_grown);
}

void *
table_init(struct table *t, size_t row_size, uint32_t max, uint32_t most, const struct hashkey *key)
{
	assert(max > 0 && max <= most);
	*t = (struct table){ .max = max, .max_grown = most, .row_size = row_size };
	pairkey_init(&t->key, key);
	index_init_growing(&t->index, max, most);
	table_alloc(t);
	return t->rows;
}

void
table_fini(struct table *t)
{
	pages_del(t->rows);
	lru_fini(&t->lru);
	index_fini(&t->index);
}

void *
table_clear(struct table *t)
{
	pages_del(t->rows);
	lru_fini(&t->lru);
	table_alloc(t);
	return t->rows;
}

void
table_clear_index(struct table *t)
{
	index_clear_slots(&t->index, 0, index_slots(&t->index));
}

size_t
table_memory(size_t row_size, uint32_t max)
{
	return max * (row_size + sizeof(struct lru_entry)) + index_memory(max);
}

void
table_grow(struct table *t)
{
	uint32_t more;

	assert(t->used == t->max && t->max < t->max_grown);
	index_double(&t->index);
	for (uint32_t row = 0; row < t->used; row++)
		index_add(&t->index, t->lru.entry[row].hash, row);
	more = index_capacity(&t->index);
	t->max = more < t->max_grown ? more : t->max_grown;
}

uint32_t
table_put_in_turn(struct table *t, uint32_t hash)
{
	uint32_t row = t->lru.clock_hand;

	t->lru.clock_hand = row + 1 < t->max ? row + 1 : 0;
	if (t->used < t->max) {
		t->used++;
	} else {
		index_remove(&t->index, t->lru.entry[row].hash, row);
		t->evicted++;
	}
	table_put(t, row, hash, 0);
	return row;
}
