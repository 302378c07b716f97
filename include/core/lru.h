/*
 * Which row leaves a table that is full: of a few neighbours the one with the
 * least claim to stay.  Looking at neighbours costs the same in a table of any
 * size, and the hand that moves on gives every row its turn.  It is looked for some choices ahead,
 * so that what leaving touches can be fetched in time.
 *
 * Claims are kept apart from the rows, those of neighbours side by side, so that
 * a row that stays need not be looked at.  A claim on record may be out of date, but
 * only too small: the owner is asked before a row leaves, and its answer kept.
 *
 * A claim is the time when a row was last seen, in units of about an eighth of
 * a second since the ledger began, put off by 8 s for each doubling of its packets, so that heavy
 * rows outlive any flood of small ones.  What has ended claims less than what has not, and what has
 * much of all traffic claims more.
 */
#ifndef CORE_LRU_H
#define CORE_LRU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Neighbours: odd, lest rows that leave one after the other be a page apart, and so all of them
 * want the same few places of the processor's cache. */
#define LRU_WINDOW 7
#define LRU_AHEAD  16 /* choices */

#define LRU_TIME_UNIT_NS       (UINT64_C(1) << 27)
#define LRU_TIME_MAX           (UINT32_C(1) << 30) /* 4 years; who is seen later is seen then */
#define LRU_SCORE_MIN          (UINT32_C(1) << 16) /* so that what has ended claims no less than 0 */
#define LRU_SCORE_PER_DOUBLING 60

/* A row with 1 / LRU_HEAVY_SHARE of all packets or bytes, or more, is kept a day longer. */
#define LRU_HEAVY_SHARE 4096
#define LRU_HEAVY_BONUS (UINT32_C(86400) << 3)

/* The claim of a row that has ended is lower by this many doublings. */
#define LRU_ENDED_DOUBLINGS 4

struct lru_entry {
	uint32_t score;
	uint32_t hash; /* of the row's key */
};

struct index;
struct tally;

struct lru_window {
	uint32_t begin, end; /* rows */
	uint32_t row, score; /* the least, as it was when looked for */
};

struct lru {
	struct lru_entry *entry; /* by row */
	uint32_t clock_hand;     /* where the next window begins */
	uint32_t next_window, n_prefetched;
	struct lru_window window[LRU_AHEAD]; /* a ring: those of the next choices */
};

/* Dies when there is no memory. */
void lru_init(struct lru *v, uint32_t rows);
void lru_fini(struct lru *v);

/* What the row claims now. */
typedef uint32_t lru_score_fn(const void *table, uint32_t row);

/* The row of used (> 0) that leaves; the hand moves on. */
uint32_t lru_choose(struct lru *v, uint32_t used, const void *table, lru_score_fn *claim);

/* The row that will leave `ahead` choices later (0: the next one), below LRU_AHEAD, as far as
 * was known; after the first choice. */
static inline uint32_t
lru_peek(const struct lru *v, uint32_t ahead)
{
	return v->window[(v->next_window + ahead) % LRU_AHEAD].row;
}

/*
 * A table that is full gets room for twice as many rows, of which there are `used`, up to `most`.
 * False if it has them already.
 */
bool lru_grow_table(
    const struct lru *v, struct index *x, uint32_t used, uint32_t *max, uint32_t most);

/* What a row with these counters claims in addition: LRU_HEAVY_BONUS or 0. */
uint32_t lru_heavy_bonus(const struct tally *row, const struct tally *all);

/* The greatest n with 2^n <= packets; 0 for none. */
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
