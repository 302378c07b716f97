/*
 * The clock that is never set, and that goes on while the machine sleeps where the system has such
 * a one.  All "monotonic" times that are handed from one process or module to another are by it.
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
