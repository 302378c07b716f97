/*
 * Bounded tables, found by an index; a full one evicts a row that is little used.
 */
#ifndef UTIL_TABLE_H
#define UTIL_TABLE_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/attr.h"
#include "util/hash.h"

/*
 * Cache eviction for full tables: the row with the lowest score of a few neighbours is evicted.
 * The cost does not depend on the table size, and the clock hand visits all rows in turn.
 * Candidates are chosen some evictions ahead, so that their memory can be prefetched.
 *
 * Scores are stored apart from the rows and next to each other, so that rows that stay are not
 * touched.  A cached score is a lower bound: before an eviction the owner computes the current
 * score, which is then cached.
 *
 * A score is the time when the row was last seen, in units of about 1/8 s since the start, plus 8 s
 * for each doubling of its packets, so that heavy rows survive a flood of small ones.  Ended flows
 * score less; rows with a large share of all traffic score more.
 */

/* Neighbours per window.  Odd, so that consecutive evictions are not a page apart, which would map
 * them to the same cache sets. */
#define LRU_WINDOW 7
#define LRU_AHEAD  16 /* evictions chosen ahead */

#define LRU_TIME_UNIT_NS       (UINT64_C(1) << 27)
#define LRU_TIME_MAX           (UINT32_C(1) << 30) /* 4 years; later times are clamped */
#define LRU_SCORE_MIN          (UINT32_C(1) << 16) /* keeps scores of ended flows above 0 */
#define LRU_SCORE_PER_DOUBLING 60

/* The bonus of a row with a large share of all traffic: it is kept a day longer. */
#define LRU_HEAVY_BONUS (UINT32_C(86400) << 3)

/* The score of an ended row is lower by this many doublings. */
#define LRU_ENDED_DOUBLINGS 4

struct lru_entry {
	uint32_t score;
	uint32_t hash; /* of the row's key */
};

struct lru_window {
	uint32_t begin, end; /* rows */
	uint32_t row, score; /* the row with the lowest cached score when it was chosen */
};

struct lru {
	struct lru_entry *entry; /* by row */
	uint32_t clock_hand;     /* start of the next window */
	uint32_t next_window, n_prefetched;
	struct lru_window window[LRU_AHEAD]; /* a ring: the windows of the next evictions */
};

/* Exits if out of memory. */
void lru_init(struct lru *v, uint32_t rows);
void lru_fini(struct lru *v);

/* The current score of a row. */
typedef uint32_t lru_score_fn(const void *owner, uint32_t row);

/* Chooses the row to evict of used (> 0) rows, and advances the clock hand. */
uint32_t lru_choose(struct lru *v, uint32_t used, const void *owner, lru_score_fn *score);

/* The row that will probably be evicted `ahead` choices later (0: next), below LRU_AHEAD.  Valid
 * after the first choice. */
static inline uint32_t
lru_peek(const struct lru *v, uint32_t ahead)
{
	return v->window[(v->next_window + ahead) % LRU_AHEAD].row;
}

/* log2 of n, rounded down; 0 for 0. */
static inline uint8_t
lru_log2(uint64_t n)
{
	return (uint8_t)LOG2(n | 1);
}

static inline uint32_t
lru_score_time(uint64_t ns)
{
	uint64_t n = ns / LRU_TIME_UNIT_NS;

	return n < LRU_TIME_MAX ? (uint32_t)n : LRU_TIME_MAX;
}

static inline uint32_t
lru_score(uint32_t seen, uint8_t weight)
{
	return LRU_SCORE_MIN + seen + weight * (uint32_t)LRU_SCORE_PER_DOUBLING;
}

/*
 * A table: rows, an index by the hashes of their keys, and what is needed to evict some.  It grows
 * up to a fixed number of rows; the memory for all is reserved at the start.  The owner has the
 * rows as its own type, compares keys, and does what an eviction needs.
 *
 *	o->row = table_init(&o->table, sizeof(*o->row), max, most, &key);
 *	INDEX_EACH (&o->table.index, hash, row)
 *		if (is_same(&o->row[row], key)) ...
 *	row = table_has_room(&o->table) ? o->table.used++ : table_evict(&o->table, o, score);
 *	table_put(&o->table, row, hash, score);
 */

struct table {
	struct index index;
	uint32_t used, max; /* rows in use, and capacity */
	uint32_t max_grown; /* capacity when fully grown */
	uint64_t evicted;
	struct lru lru;
	struct pairkey key; /* for the hashes */
	void *rows;
	size_t row_size;
};

/* The rows of a table at the start, and when fully grown; those of another table, if it is kept for
 * its rows. */
struct table_room {
	uint32_t max, most;
	uint32_t rows;
	const struct hashkey *key;
};

/* Allocates room for max rows, growing up to `most`.  Returns the rows, zeroed and on a cache line;
 * exits if out of memory. */
void *table_init(
    struct table *t, size_t row_size, uint32_t max, uint32_t most, const struct hashkey *key);
void table_fini(struct table *t);

/* Empties the table, which keeps its capacity, and returns the new rows.  The caller must clear the
 * index, at once by table_clear_index() or in steps. */
void *table_clear(struct table *t);
void table_clear_index(struct table *t);

/* Memory of a table of max rows, in bytes. */
size_t table_memory(size_t row_size, uint32_t max);

/* Doubles the capacity of a full table, up to max_grown, which is more than it has. */
void table_grow(struct table *t);

/* True if there is room for one more row.  Inline: a full table asks for every new row. */
static inline bool
table_has_room(struct table *t)
{
	assert(t->used <= t->max);
	if (LIKELY(t->used < t->max))
		return true;
	if (t->max >= t->max_grown)
		return false;
	table_grow(t);
	return true;
}

/* Removes the row with the lowest score of a few neighbours from the index of a full table; its
 * contents are still there. */
static inline uint32_t
table_evict(struct table *t, const void *owner, lru_score_fn *score)
{
	uint32_t row = lru_choose(&t->lru, t->used, owner, score);

	index_remove(&t->index, t->lru.entry[row].hash, row);
	t->evicted++;
	return row;
}

/* Adds a row, which is new or was evicted, to the index. */
static inline void
table_put(struct table *t, uint32_t row, uint32_t hash, uint32_t score)
{
	t->lru.entry[row] = (struct lru_entry){ .score = score, .hash = hash };
	index_add(&t->index, hash, row);
}

/* The next row of a table that is a ring: if it is full, the oldest row is overwritten. */
uint32_t table_put_in_turn(struct table *t, uint32_t hash);

#endif
