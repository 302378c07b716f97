/*
 * Counts each way since the start, and within the last whole interval.
 *
 * Time is cut into numbered intervals by ledger_tick().  A meter notes what it
 * held when the interval began in which it last moved; so nobody has to visit
 * the meters that did not move.
 */
#ifndef CORE_METER_H
#define CORE_METER_H

#include <stdbool.h>
#include <stdint.h>

struct tally {
	uint64_t packets, bytes;
};

struct meter {
	struct tally t[2];      /* since the start; which way is which, the owner says */
	struct tally mark[2];   /* t when `interval` began */
	struct tally before[2]; /* moved within the interval before `interval` */
	uint32_t interval;
};

static inline void
tally_add(struct tally *t, uint64_t packets, uint64_t bytes)
{
	t->packets += packets;
	t->bytes += bytes;
}

/* Starts a meter at nothing. */
void meter_init(struct meter *m, uint32_t interval);

/* Call before adding to m->t in `interval`. */
void meter_turn(struct meter *m, uint32_t interval);

/* What moved in the whole interval `closed`, one way. */
struct tally meter_moved(const struct meter *m, uint32_t closed, int way);

/*
 * Adds all that b has counted to a, as if a had counted it itself: for rows that leave a table.
 * So what moved long ago is no rate of a's now.
 */
void meter_merge(struct meter *a, const struct meter *b, uint32_t interval);

/* The sum of both ways since the start. */
static inline struct tally
meter_sum(const struct meter *m)
{
	return (struct tally){ m->t[0].packets + m->t[1].packets, m->t[0].bytes + m->t[1].bytes };
}

#endif
