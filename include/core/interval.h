/*
 * Time is divided into numbered intervals, and these are grouped into slots for the averaging
 * windows of meters.  Old intervals are forgotten.
 */
#ifndef CORE_INTERVAL_H
#define CORE_INTERVAL_H

#include <stdint.h>

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

#endif
