/*
 * The index of a table: from a hash to the numbers of the rows that have it.
 *
 * Open addressing with linear probing over (hash, row) pairs of 8 bytes, at
 * most a quarter full: one cache line answers nearly every question, most rows stand where they are
 * looked for first (where not, nobody can foretell), and a row leaves without a tombstone.  Its
 * memory is fixed at the start.  The rows themselves are the caller's; the caller compares keys.
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
#define INDEX_SKIP (UINT32_MAX - 1) /* another hash lives here: go on */

struct index_slot {
	uint32_t hash;
	uint32_t row; /* INDEX_NONE: free */
};

struct index {
	struct index_slot *slots;
	uint32_t mask;
	uint32_t used;
};

/* Room for rows rows; dies when there is no memory. */
void index_init(struct index *x, uint32_t rows);
void index_fini(struct index *x);

/*
 * Room for rows rows at first; index_double() has twice as many slots, till there is room for most
 * rows.  It empties the index and asks for no memory: that was set aside, and is not touched yet.
 */
void index_init_growing(struct index *x, uint32_t rows, uint32_t most);
void index_double(struct index *x);

/* The same as index_init(), but nothing may be looked for before all slots have been wiped: what
 * takes long of a large one can be done in pieces, also to empty it again. */
void index_reserve(struct index *x, uint32_t rows);
void index_clear_slots(struct index *x, uint32_t slot, uint32_t n);

/* The rows that there is room for. */
uint32_t index_capacity(const struct index *x);

/* Bytes of memory that index_init() takes for rows rows. */
size_t index_memory(uint32_t rows);

/* Puts in (hash, row).  There is room for twice as many as there are rows, of those that are found
 * by two.  Equal pairs are the caller's business. */
void index_add(struct index *x, uint32_t hash, uint32_t row);

/* Takes out (hash, row), which must be there. */
void index_remove(struct index *x, uint32_t hash, uint32_t row);

/* How many there are: a power of two. */
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

/* The row at slot, if its hash is hash; INDEX_SKIP where it is another's; INDEX_NONE at the end. */
static inline uint32_t
index_at(const struct index *x, uint32_t slot, uint32_t hash)
{
	const struct index_slot *s = &x->slots[slot];

	if (s->row == INDEX_NONE || s->hash == hash)
		return s->row;
	return INDEX_SKIP;
}

/* A row of that hash, where one is at its own slot or the next; else INDEX_NONE.  No branch, since
 * which it is nobody can foretell. */
static inline uint32_t
index_guess(const struct index *x, uint32_t hash)
{
	const struct index_slot *own = &x->slots[index_first(x, hash)];
	const struct index_slot *next = &x->slots[index_next(x, index_first(x, hash))];
	uint32_t row = next->hash == hash ? next->row : INDEX_NONE;

	return own->hash == hash ? own->row : row;
}

#endif
