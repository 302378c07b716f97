/*
 * Replays recorded packets by their stamps: the first one at once, each later one after the
 * difference of the stamps, divided by the speed. A stamp that went back is due at once.
 */
#ifndef CAPTURE_REPLAY_CLOCK_H
#define CAPTURE_REPLAY_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct replay_clock {
	double speed;      /* > 0 */
	uint64_t first_ts; /* ns: stamp of the first packet ... */
	uint64_t began;    /* ... and its replay time, monotonic */
	bool started;
};

void replay_clock_init(struct replay_clock *p, double speed);

/* ns from `now` (monotonic) until a packet of stamp ts is due; 0: now. The first call starts the
 * clock. */
uint64_t replay_clock_wait(struct replay_clock *p, uint64_t ts, uint64_t now);

/* The wait as a timeout for poll(2) in ms: packets that are close are replayed together. */
int replay_clock_timeout(uint64_t wait_ns);

/* ns of CLOCK_MONOTONIC. */
uint64_t replay_clock_now(void);

#endif
