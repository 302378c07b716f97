/*
 * Counts each way since the start, and rates: over the last whole interval,
 * over the last 10 s and 60 s, and the greatest of any interval.
 *
 * Time is cut into numbered intervals by ledger_tick(), and these are gathered
 * into slots of about 2 s and 12 s.  A meter notes in which interval it last moved and
 * what moved in it, and catches up when it moves again or is read; so nobody has to visit
 * the meters that do not move, and they fall to nothing by themselves.
 *
 * How exact: the counts since the start, wholly.  What moved in an interval, to 6e-8 of it.
 * A window is the newest whole intervals, as few slots as reach 9.5 s (57 s): with intervals of
 * up to a second it is at most 12 s (72 s) long.  It is as long as all that there was while that is
 * shorter, and the last interval where that is longer.  Its rate is what moved in it over its
 * own length, to 0.5 %: slots are rounded, now up and now down, so that errors do not add up.
 */
#ifndef CORE_METER_H
#define CORE_METER_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "core/interval.h"

struct tally {
	uint64_t packets, bytes;
};

struct meter_delta {
	float packets, bytes;
};

struct meter {
	struct tally t[2];              /* since the start; which way is which, the owner says */
	struct meter_delta current[2];  /* within `interval` */
	struct meter_delta previous[2]; /* within the one before it */
	uint32_t interval;              /* the last one that it knows of; 0: it never moved */
	float peak;                     /* bytes a second, of intervals before `interval` */
	uint16_t slot[METER_FINE + METER_COARSE]; /* bytes, see meter.c; by number modulo size */
};

/* The greatest rate of things that several meters count together. */
struct peak {
	uint32_t interval; /* the last one in which something moved; 0: it never did */
	float current;     /* bytes within it */
	float max;         /* bytes a second, of intervals before it */
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

/* As it was before it ever moved: all zeros.  Two short clearings become plain stores; a long one,
 * a string instruction that takes longer than counting does. */
static inline void
meter_clear(struct meter *m)
{
	memset(m, 0, sizeof(*m) / 2);
	memset((char *)m + sizeof(*m) / 2, 0, sizeof(*m) - sizeof(*m) / 2);
}

/* Brings a meter to the open interval.  A meter of zeros is one that never moved. */
void meter_advance(struct meter *m, const struct intervals *b);

/* Adds what moved in the open interval; the meter has been brought there. */
static inline void
meter_add(struct meter *m, int way, uint64_t packets, uint64_t bytes)
{
	tally_add(&m->t[way], packets, bytes);
	/* Without the 64th bit machines convert at once. */
	m->current[way].packets += (float)(int64_t)packets;
	m->current[way].bytes += (float)(int64_t)bytes;
}

/* Brings one way to what was counted elsewhere since the start. */
void meter_set_total(struct meter *m, const struct intervals *b, int way, const struct tally *sum);

/* Adds all that more knows, its rates too but its peak, which is its own. */
void meter_add_meter(struct meter *m, const struct intervals *b, const struct meter *more);

/*
 * The meter of "(other)", in which very many rows end, each too small to show in a rounded sum: so
 * the sums are held exactly beside it.  It has no peak.  All zeros at first.
 */
struct overflow_sums {
	struct tally current[2], previous[2];
	uint64_t slot[METER_FINE + METER_COARSE];
};

/* Adds all that a row that leaves knows. */
void overflow_meter_add_meter(
    struct meter *m, struct overflow_sums *s, const struct intervals *b, const struct meter *more);

/* Adds what moved in the open interval in a row that leaves. */
void overflow_meter_add(struct meter *m, struct overflow_sums *s, const struct intervals *b,
    const struct tally moved[2]);

/* Both ways change places. */
void meter_swap_ways(struct meter *m);

/* What moved in the last whole interval, one way. */
struct tally meter_last_delta(const struct meter *m, const struct intervals *b, int way);

/* Bytes a second both ways, over a window, and in the interval that had most. */
double meter_rate(const struct meter *m, const struct intervals *b, enum meter_window w);
double meter_peak(const struct meter *m, const struct intervals *b);

/* Adds what moved in the open interval. */
void peak_add(struct peak *p, const struct intervals *b, uint64_t bytes);

/* Bytes a second. */
double peak_max_rate(const struct peak *p, const struct intervals *b);

/* The sum of both ways since the start. */
static inline struct tally
meter_sum(const struct meter *m)
{
	return (struct tally){ m->t[0].packets + m->t[1].packets, m->t[0].bytes + m->t[1].bytes };
}

#endif
