/*
 * How time is cut: into intervals, which are numbered, and these are gathered
 * into slots for the windows that meters are read over.  What is long ago is forgotten.
 */
#ifndef CORE_INTERVAL_H
#define CORE_INTERVAL_H

#include <stdint.h>

#define METER_FINE     6    /* slots of 2 s, the open one included */
#define METER_COARSE   6    /* slots of 12 s */
#define INTERVALS_KEPT 1024 /* intervals that are remembered: more than any window has */

enum meter_window { METER_10S, METER_60S, METER_WINDOWS };

struct interval {              /* an interval */
	uint32_t fine, coarse; /* slots that it is in */
	float per_second;      /* 1 / length; 0 while it is open */
};

struct intervals {        /* how time is cut */
	uint32_t current; /* number of the open one, from 1 on; the last whole one is one less */
	uint64_t elapsed; /* ns, of all whole ones together */
	struct interval ring[INTERVALS_KEPT]; /* by interval modulo INTERVALS_KEPT */
	uint64_t fine_start[METER_FINE];      /* in terms of elapsed, by slot modulo size */
	uint64_t coarse_start[METER_COARSE];
	struct {
		uint32_t slots; /* the newest so many are it */
		double seconds;
	} window[METER_WINDOWS];
};

void intervals_init(struct intervals *b);

/* The open interval ends, and was ns long; the next one begins. */
void intervals_advance(struct intervals *b, uint64_t ns);

#endif
