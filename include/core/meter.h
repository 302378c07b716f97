/*
 * Counts and rates of a row, over intervals of time.
 */
#ifndef CORE_METER_H
#define CORE_METER_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/*
 * Time is divided into numbered intervals, and these are grouped into slots for the averaging
 * windows of meters.  Old intervals are forgotten.
 */

#define METER_FINE     6    /* slots of 2 s, including the current one */
#define METER_COARSE   6    /* slots of 12 s */
#define INTERVALS_KEPT 1024 /* intervals that are kept: more than any window has */

enum meter_window { METER_10S, METER_60S, METER_WINDOWS };

struct interval {              /* one interval */
	uint32_t fine, coarse; /* the slots that it belongs to */
	float per_second;      /* 1 / length in seconds; 0 for the current interval */
};

struct intervals {                            /* the division of time */
	uint32_t current;                     /* number of the current interval, from 1 */
	uint64_t elapsed;                     /* ns, the sum of all whole intervals */
	struct interval ring[INTERVALS_KEPT]; /* by interval modulo INTERVALS_KEPT */
	uint64_t fine_start[METER_FINE];      /* start of each slot, as a value of elapsed; by slot
						 modulo size */
	uint64_t coarse_start[METER_COARSE];
	struct {
		uint32_t slots; /* the window is the newest so many slots */
		double seconds;
	} window[METER_WINDOWS];
};

void intervals_init(struct intervals *b);

/* Ends the current interval, which was ns long, and starts the next. */
void intervals_advance(struct intervals *b, uint64_t ns);

/*
 * Counts in both directions since the start, and rates: over the last whole interval, over 10 s and
 * 60 s, and the peak of any interval.
 *
 * ledger_tick() divides time into numbered intervals, which are grouped into slots of about 2 s and
 * 12 s.  A meter stores the last interval in which it counted and the count of that interval.  It
 * catches up when it counts again or is read, so idle meters need no visit, and their rates still
 * decay.
 *
 * Precision: counts since the start are exact.  The count of an interval has a relative error of
 * 6e-8.  A window consists of the fewest newest slots that cover 9.5 s (57 s): with intervals of up
 * to a second it is at most 12 s (72 s) long.  While there is less history, the window is all of
 * it; if the last interval is longer, the window is that interval.  Its rate is its count over its
 * own length, to 0.5 %: slots are rounded up and down alternately, so that errors do not
 * accumulate.
 */

struct tally {
	uint64_t packets, bytes;
};

struct meter_delta {
	float packets, bytes;
};

struct meter {
	struct tally t[2];              /* since the start; the owner defines the directions */
	struct meter_delta current[2];  /* count of `interval` */
	struct meter_delta previous[2]; /* count of the interval before it */
	uint32_t interval;              /* the last interval in which it counted; 0: never */
	float peak;                     /* bytes per second, of intervals before `interval` */
	uint16_t slot[METER_FINE + METER_COARSE]; /* bytes, see meter.c; by number modulo size */
};

#define HEAVY_SHARE 4096

/* The score bonus (util/table.h) of a row with at least 1 / HEAVY_SHARE of all packets or bytes:
 * LRU_HEAVY_BONUS, else 0. */
uint32_t tally_heavy_bonus(const struct tally *row, const struct tally *all);

/* The peak rate of several meters together. */
struct peak {
	uint32_t interval; /* the last interval with traffic; 0: none */
	float current;     /* bytes in it */
	float max;         /* bytes per second, of intervals before it */
};

static inline void
tally_add(struct tally *t, uint64_t packets, uint64_t bytes)
{
	t->packets += packets;
	t->bytes += bytes;
}

static inline struct tally
tally_minus(struct tally t, const struct tally *less)
{
	return (struct tally){ t.packets - less->packets, t.bytes - less->bytes };
}

/* Resets a meter to all zeros.  In two parts, because compilers turn short ones into plain stores,
 * and a long one into a slower string instruction. */
static inline void
meter_clear(struct meter *m)
{
	memset(m, 0, sizeof(*m) / 2);
	memset((char *)m + sizeof(*m) / 2, 0, sizeof(*m) - sizeof(*m) / 2);
}

/* Advances a meter to the current interval.  An all-zero meter has never counted. */
void meter_advance(struct meter *m, const struct intervals *b);

/* Counts in the current interval; the meter must have been advanced. */
static inline void
meter_add(struct meter *m, int way, uint64_t packets, uint64_t bytes)
{
	tally_add(&m->t[way], packets, bytes);
	/* Signed integers convert to float in one instruction. */
	m->current[way].packets += (float)(int64_t)packets;
	m->current[way].bytes += (float)(int64_t)bytes;
}

/* Sets the total of one direction to a count kept elsewhere. */
void meter_set_total(struct meter *m, const struct intervals *b, int way, const struct tally *sum);

/* Adds all counts and rates of another meter, except its peak. */
void meter_add_meter(struct meter *m, const struct intervals *b, const struct meter *more);

/* A part of what a meter counted in one direction, which belongs to another meter. */
struct meter_move {
	const struct meter *part; /* counted what moves in one direction, part_way */
	struct meter *from, *to;
	uint8_t part_way, from_way, to_way;
	bool totals_only; /* one of them is a meter of "(other)", whose rates stay as they are */
};

/* Moves the counts; rates as far as they are known by direction. Peaks stay. */
void meter_move(const struct meter_move *m, const struct intervals *b);

/*
 * Exact sums for the meter of "(other)".  It receives very many evicted rows, each too small to
 * change a rounded sum.  It has no peak.  All zeros at first.
 */
struct overflow_sums {
	struct tally current[2], previous[2];
	uint64_t slot[METER_FINE + METER_COARSE];
};

/* Adds all counts and rates of an evicted row. */
void overflow_meter_add_meter(
    struct meter *m, struct overflow_sums *s, const struct intervals *b, const struct meter *more);

/* Adds the count of an evicted row in the current interval. */
void overflow_meter_add(struct meter *m, struct overflow_sums *s, const struct intervals *b,
    const struct tally moved[2]);

/* Swaps the two directions. */
void meter_swap_ways(struct meter *m);

/* The count of the last whole interval, in one direction. */
struct tally meter_last_delta(const struct meter *m, const struct intervals *b, int way);

/* Bytes per second in both directions, over a window, and at the peak. */
double meter_rate(const struct meter *m, const struct intervals *b, enum meter_window w);
double meter_peak(const struct meter *m, const struct intervals *b);

/* Counts in the current interval. */
void peak_add(struct peak *p, const struct intervals *b, uint64_t bytes);

/* The peak rate in bytes per second. */
double peak_max_rate(const struct peak *p, const struct intervals *b);

/* The sum of both ways since the start. */
static inline struct tally
meter_sum(const struct meter *m)
{
	return (struct tally){ m->t[0].packets + m->t[1].packets, m->t[0].bytes + m->t[1].bytes };
}

/* Answer times of servers: buckets of a quarter of a doubling, from 32 us to 2 s. */
#define WAIT_BUCKETS 64

struct wait_histogram {
	uint16_t n[WAIT_BUCKETS];
};

/* Adds n samples. */
void wait_histogram_add(struct wait_histogram *h, uint32_t us, uint32_t n);

/* Sets *us to that percentile, within an eighth.  False if there are no samples. */
bool wait_histogram_get(const struct wait_histogram *h, unsigned percent, uint32_t *us);

#endif
