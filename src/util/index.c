#include "config.h"

#include "util/hash.h"

#include <assert.h>
#include <string.h>

#include "util/alloc.h"

#define MAX_ROWS (UINT32_C(1) << 29)

/* The number of slots for so many rows: a power of two, at least four times as many. */
static uint32_t
index_slots_for(uint32_t rows)
{
	uint32_t slots = 2;

	assert(rows <= MAX_ROWS);
	while (slots / 4 < rows)
		slots *= 2;
	return slots;
}

void
index_reserve(struct index *x, uint32_t rows)
{
	uint32_t n = index_slots_for(rows);

	*x = (struct index){ .mask = n - 1 };
	x->slots = pages_new(n * sizeof(*x->slots));
}

void
index_clear_slots(struct index *x, uint32_t slot, uint32_t n)
{
	assert(slot + n <= index_slots(x));
	/* All bits set is INDEX_NONE. */
	memset(x->slots + slot, 0xff, n * sizeof(*x->slots));
	x->used = 0;
}

void
index_init(struct index *x, uint32_t rows)
{
	index_reserve(x, rows);
	index_clear_slots(x, 0, index_slots(x));
}

void
index_init_growing(struct index *x, uint32_t rows, uint32_t most)
{
	index_reserve(x, most);
	x->mask = index_slots_for(rows) - 1;
	index_clear_slots(x, 0, index_slots(x));
}

void
index_double(struct index *x)
{
	x->mask = 2 * x->mask + 1;
	index_clear_slots(x, 0, index_slots(x));
}

void
index_fini(struct index *x)
{
	pages_del(x->slots);
	*x = (struct index){ 0 };
}

uint32_t
index_capacity(const struct index *x)
{
	return index_slots(x) / 4;
}

size_t
index_memory(uint32_t rows)
{
	return index_slots_for(rows) * sizeof(struct index_slot);
}

void
index_add(struct index *x, uint32_t hash, uint32_t row)
{
	uint32_t slot = hash & x->mask;

	assert(row < INDEX_SKIP);
	assert(x->used <= x->mask / 2);
	while (x->slots[slot].row != INDEX_NONE)
		slot = index_next(x, slot);
	x->slots[slot] = (struct index_slot){ hash, row };
	x->used++;
}

/*
 * Removal by backward shift: the next pair of the run that may be in the hole moves there and
 * leaves a new hole, until the run ends.  A pair may not move before its home slot.
 */
static void
index_fill_hole(struct index *x, uint32_t hole)
{
	uint32_t slot;

	for (slot = index_next(x, hole); x->slots[slot].row != INDEX_NONE;
	     slot = index_next(x, slot)) {
		uint32_t home = x->slots[slot].hash & x->mask;

		if (((slot - home) & x->mask) < ((slot - hole) & x->mask))
			continue;
		x->slots[hole] = x->slots[slot];
		hole = slot;
	}
	x->slots[hole].row = INDEX_NONE;
}

void
index_remove(struct index *x, uint32_t hash, uint32_t row)
{
	uint32_t slot = hash & x->mask;

	assert(row < INDEX_SKIP);
	while (x->slots[slot].row != row || x->slots[slot].hash != hash) {
		assert(x->slots[slot].row != INDEX_NONE);
		slot = index_next(x, slot);
	}
	index_fill_hole(x, slot);
	x->used--;
}
