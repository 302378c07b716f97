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
#ifndef CORE_LRU_H
#define CORE_LRU_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/attr.h"

/* Neighbours per window.  Odd, so that consecutive evictions are not a page apart, which would map
 * them to the same cache sets. */
#define LRU_WINDOW 7
#define LRU_AHEAD  16 /* evictions chosen ahead */

#define LRU_TIME_UNIT_NS       (UINT64_C(1) << 27)
#define LRU_TIME_MAX           (UINT32_C(1) << 30) /* 4 years; later times are clamped */
#define LRU_SCORE_MIN          (UINT32_C(1) << 16) /* keeps scores of ended flows above 0 */
#define LRU_SCORE_PER_DOUBLING 60

/* A row with at least 1 / LRU_HEAVY_SHARE of all packets or bytes is kept a day longer. */
#define LRU_HEAVY_SHARE 4096
#define LRU_HEAVY_BONUS (UINT32_C(86400) << 3)

/* The score of an ended row is lower by this many doublings. */
#define LRU_ENDED_DOUBLINGS 4

struct lru_entry {
	uint32_t score;
	uint32_t hash; /* of the row's key */
};

struct index;
struct tally;

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
typedef uint32_t lru_score_fn(const void *table, uint32_t row);

/* Chooses the row to evict of used (> 0) rows, and advances the clock hand. */
uint32_t lru_choose(struct lru *v, uint32_t used, const void *table, lru_score_fn *claim);

/* The row that will probably be evicted `ahead` choices later (0: next), below LRU_AHEAD.  Valid
 * after the first choice. */
static inline uint32_t
lru_peek(const struct lru *v, uint32_t ahead)
{
	return v->window[(v->next_window + ahead) % LRU_AHEAD].row;
}

/* Doubles the capacity of a full table with `used` rows, but not above `most`, which is more than
 * it has. */
void lru_grow_table(
    const struct lru *v, struct index *x, uint32_t used, uint32_t *max, uint32_t most);

/* True if a table with `used` of `max` rows has room for one more, or could grow.  Inline: a full
 * table asks for every new row. */
static inline bool
lru_has_room(const struct lru *v, struct index *x, uint32_t used, uint32_t *max, uint32_t most)
{
	assert(used <= *max);
	if (LIKELY(used < *max))
		return true;
	if (*max >= most)
		return false;
	lru_grow_table(v, x, used, max, most);
	return true;
}

/* The score bonus of a row with these counters: LRU_HEAVY_BONUS or 0. */
uint32_t lru_heavy_bonus(const struct tally *row, const struct tally *all);

/* log2 of packets, rounded down; 0 for 0. */
uint8_t lru_log2(uint64_t packets);

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

#endif
