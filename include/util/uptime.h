/*
 * The clock of all "monotonic" times passed between modules or processes.  It is never set.  It
 * includes time asleep if the system has such a clock.
 */
#ifndef UTIL_UPTIME_H
#define UTIL_UPTIME_H

#include <time.h>

#ifdef CLOCK_BOOTTIME
#define UPTIME_CLOCK CLOCK_BOOTTIME
#else
#define UPTIME_CLOCK CLOCK_MONOTONIC
#endif

#endif
