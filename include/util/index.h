/*
 * The index of a table: from a hash to the numbers of the rows that have it.
 *
 * Open addressing with linear probing over (hash, row) pairs of 8 bytes, at most a quarter full:
 * one cache line answers nearly every look-up, most rows are in their first slot (mispredicted
 * branches cost when not), and removal leaves no tombstone.  Its memory is fixed at the start.  The
 * rows themselves are the caller's; the caller compares keys.
 *
 *	for (slot = index_first(x, h); (row = index_at(x, slot, h)) != INDEX_NONE;
 *	    slot = index_next(x, slot))
 *		if (same(&rows[row], key)) ...
 */
#ifndef UTIL_INDEX_H
#define UTIL_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/attr.h"

#define INDEX_NONE UINT32_MAX       /* no further row */
#define INDEX_SKIP (UINT32_MAX - 1) /* the slot has another hash: continue */

struct index_slot {
	uint32_t hash;
	uint32_t row; /* INDEX_NONE: free */
};

struct index {
	struct index_slot *slots;
	uint32_t mask;
	uint32_t used;
};

/* Allocates room for `rows` rows; exits if out of memory. */
void index_init(struct index *x, uint32_t rows);
void index_fini(struct index *x);

/*
 * Starts with room for `rows` rows. index_double() doubles the slots, up to room for `most` rows,
 * and empties the index.  It allocates nothing: the memory was reserved by index_init_growing() and
 * is not touched before.
 */
void index_init_growing(struct index *x, uint32_t rows, uint32_t most);
void index_double(struct index *x);

/* Like index_init(), but all slots must be cleared with index_clear_slots() before the first
 * look-up.  A large index can so be cleared in steps, also when it is emptied later. */
void index_reserve(struct index *x, uint32_t rows);
void index_clear_slots(struct index *x, uint32_t slot, uint32_t n);

/* How many rows there is room for. */
uint32_t index_capacity(const struct index *x);

/* Bytes of memory that index_init() takes for rows rows. */
size_t index_memory(uint32_t rows);

/* Adds (hash, row).  There is room for two entries per row, for rows that are found by two hashes.
 * The caller must not add the same pair twice. */
void index_add(struct index *x, uint32_t hash, uint32_t row);

/* Removes (hash, row), which must be present. */
void index_remove(struct index *x, uint32_t hash, uint32_t row);

/* The number of slots: a power of two. */
static inline uint32_t
index_slots(const struct index *x)
{
	return x->mask + 1;
}

static inline void
index_prefetch(const struct index *x, uint32_t hash)
{
	PREFETCH(&x->slots[hash & x->mask]);
}

static inline uint32_t
index_first(const struct index *x, uint32_t hash)
{
	return hash & x->mask;
}

static inline uint32_t
index_next(const struct index *x, uint32_t slot)
{
	return (slot + 1) & x->mask;
}

/* The row at slot if the hashes match; INDEX_SKIP if the slot has another hash; INDEX_NONE at the
 * end of the run. */
static inline uint32_t
index_at(const struct index *x, uint32_t slot, uint32_t hash)
{
	const struct index_slot *s = &x->slots[slot];

	if (s->row == INDEX_NONE || s->hash == hash)
		return s->row;
	return INDEX_SKIP;
}

/* A row with that hash if one is at its first or second slot; else INDEX_NONE.  Branch-free,
 * because which slot it is cannot be predicted. */
static inline uint32_t
index_guess(const struct index *x, uint32_t hash)
{
	const struct index_slot *own = &x->slots[index_first(x, hash)];
	const struct index_slot *next = &x->slots[index_next(x, index_first(x, hash))];
	uint32_t row = next->hash == hash ? next->row : INDEX_NONE;

	return own->hash == hash ? own->row : row;
}

#endif
