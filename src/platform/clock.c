#include "config.h"

#include "platform/clock.h"

#include <time.h>

#include "util/uptime.h"

#define NS UINT64_C(1000000000)

uint64_t
clock_monotonic(void)
{
	struct timespec t;

	clock_gettime(UPTIME_CLOCK, &t);
	return (uint64_t)t.tv_sec * NS + (uint64_t)t.tv_nsec;
}

uint64_t
clock_processor(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * NS + (uint64_t)t.tv_nsec;
}

uint64_t
clock_wall(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * NS + (uint64_t)t.tv_nsec;
}
