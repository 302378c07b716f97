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
#define VICTIM_WINDOW 7
#define VICTIMS_AHEAD 16 /* choices */

#define CLAIM_UNIT_NS     (UINT64_C(1) << 27)
#define CLAIM_SEEN_MAX    (UINT32_C(1) << 30) /* 4 years; who is seen later is seen then */
#define CLAIM_LEAST       (UINT32_C(1) << 16) /* so that what has ended claims no less than 0 */
#define CLAIM_PER_DOUBLED 60

/* A row with 1 / CLAIM_HEAVY_PART of all packets or bytes, or more, is kept a day longer. */
#define CLAIM_HEAVY_PART 4096
#define CLAIM_HEAVY      (UINT32_C(86400) << 3)

/* The claim of a row that has ended is lower by this many doublings. */
#define CLAIM_ENDED 4

struct standing {
	uint32_t claim;
	uint32_t hash; /* of the row's key */
};

struct index;
struct tally;

struct victim_window {
	uint32_t begin, end; /* rows */
	uint32_t row, claim; /* the least, as it was when looked for */
};

struct victims {
	struct standing *of; /* by row */
	uint32_t hand;       /* where the next window begins */
	uint32_t next, looked;
	struct victim_window window[VICTIMS_AHEAD]; /* a ring: those of the next choices */
};

/* Dies when there is no memory. */
void victims_init(struct victims *v, uint32_t rows);
void victims_fini(struct victims *v);

/* What the row claims now. */
typedef uint32_t claim_fn(const void *table, uint32_t row);

/* The row of used (> 0) that leaves; the hand moves on. */
uint32_t victims_choose(struct victims *v, uint32_t used, const void *table, claim_fn *claim);

/* The row that will leave `ahead` choices later (0: the next one), below VICTIMS_AHEAD, as far as
 * was known; after the first choice. */
static inline uint32_t
victims_peek(const struct victims *v, uint32_t ahead)
{
	return v->window[(v->next + ahead) % VICTIMS_AHEAD].row;
}

/*
 * A table that is full gets room for twice as many rows, of which there are `used`, up to `most`.
 * False if it has them already.
 */
bool victims_grow(
    const struct victims *v, struct index *x, uint32_t used, uint32_t *max, uint32_t most);

/* What a row with these counters claims in addition: CLAIM_HEAVY or 0. */
uint32_t claim_heavy(const struct tally *row, const struct tally *all);

/* The greatest n with 2^n <= packets; 0 for none. */
uint8_t claim_weight(uint64_t packets);

static inline uint32_t
claim_seen(uint64_t ns)
{
	uint64_t n = ns / CLAIM_UNIT_NS;

	return n < CLAIM_SEEN_MAX ? (uint32_t)n : CLAIM_SEEN_MAX;
}

static inline uint32_t
claim_of(uint32_t seen, uint8_t weight)
{
	return CLAIM_LEAST + seen + weight * (uint32_t)CLAIM_PER_DOUBLED;
}

#endif
