/*
 * The clock of all "monotonic" times that one module or process passes to another.  It is never
 * set; it runs while the machine sleeps if the system has such a clock.
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
