#include "config.h"

#include "capture/private.h"

#include <time.h>

#define MS UINT64_C(1000000)

/* About the period of the kernel's ring: a screen cannot show more. */
#define LEAST_MS 20
#define MOST_MS  3600000

/* Longer than any wait, and far from an overflow in sums of times. */
#define NEVER (UINT64_MAX / 4)

void
replay_clock_init(struct replay_clock *p, double speed)
{
	*p = (struct replay_clock){ .speed = speed };
}

uint64_t
replay_clock_wait(struct replay_clock *p, uint64_t ts, uint64_t now)
{
	uint64_t passed, due;
	double scaled;

	if (!p->started)
		*p = (struct replay_clock){ p->speed, ts, now, true };
	if (ts <= p->first_ts)
		return 0;
	passed = now - p->began;
	scaled = (double)(ts - p->first_ts) / p->speed;
	due = scaled < (double)NEVER ? (uint64_t)scaled : NEVER;
	return due > passed ? due - passed : 0;
}

uint64_t
replay_clock_time(const struct replay_clock *p, uint64_t now)
{
	double passed = (double)(now - p->began) * p->speed;

	return p->started ? p->first_ts + (passed < (double)NEVER ? (uint64_t)passed : NEVER) : 0;
}

int
replay_clock_timeout(uint64_t wait_ns)
{
	uint64_t ms = (wait_ns + MS - 1) / MS;

	if (ms == 0)
		return 0;
	if (ms < LEAST_MS)
		return LEAST_MS;
	return ms < MOST_MS ? (int)ms : MOST_MS;
}

uint64_t
replay_clock_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 * MS + (uint64_t)t.tv_nsec;
}
