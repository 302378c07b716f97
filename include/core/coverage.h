/*
 * Capture coverage: the interface's own counters compared with what was captured since the
 * comparison started.
 *
 * Packets that the interface has counted may not have arrived yet, so those of the last second or
 * two are not counted as missing.  When traffic pauses, the comparison is exact.
 */
#ifndef CORE_COVERAGE_H
#define CORE_COVERAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/meter.h"

struct coverage_counter {
	bool started;
	bool estimated;        /* frames were merged (GRO): captured is an estimate */
	struct tally last;     /* the interface's counters at the last reading */
	struct tally counted;  /* by the interface, since the comparison began */
	struct tally captured; /* by us */
	uint64_t dropped;      /* by the kernel */
	struct coverage_mark {
		uint64_t at; /* ns, monotonic */
		struct tally counted;
	} newer, older; /* at least a second apart */
};

/* Coverage of one source or the sum of several. */
struct coverage {
	bool known;
	bool estimated;
	uint64_t counted, missing; /* packets; counted is not 0 if known */
};

/* Starts the comparison at these interface counters; now is from a monotonic clock, in ns. */
void coverage_start(struct coverage_counter *t, const struct tally *counters, uint64_t now);

/* Stops the comparison until coverage_start(). */
void coverage_stop(struct coverage_counter *t);

/*
 * Adds the counters at `now`, and what was captured and dropped since the last call.  If the
 * counters went back, the comparison restarts, unless they are 32-bit counters that wrapped.
 */
void coverage_add(struct coverage_counter *t, const struct tally *counters,
    const struct tally *captured, uint64_t dropped, uint64_t now);

/* The packets and bytes on the wire of a frame of len bytes that exceeds the MTU because the
 * network card merged TCP segments (GRO/LRO). */
struct tally coverage_count_merged(uint32_t len, uint32_t mtu);

struct coverage coverage_get(const struct coverage_counter *t);

/* The sum of both; unknown if one is unknown. */
struct coverage coverage_sum(struct coverage x, struct coverage y);

/* Percent captured: 100 only if nothing is missing, or if it is an estimate that rounds to 100. */
unsigned coverage_percent(struct coverage w);

#endif
