/*
 * How much of what an interface counted was seen: its own counters against
 * what was captured since the comparison began.
 *
 * Packets that the interface has counted may still be on their way to us, so
 * up to what it counted within the last second or two is given the time to arrive: missing
 * is only what surely is.  Once traffic rests the comparison is exact.
 */
#ifndef CORE_COVERAGE_H
#define CORE_COVERAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/meter.h"

struct coverage_counter {
	bool started;
	bool estimated;        /* frames were merged: captured is an estimate */
	struct tally last;     /* the interface's counters when they were read last */
	struct tally counted;  /* by the interface, since the comparison began */
	struct tally captured; /* by us */
	uint64_t dropped;      /* by the kernel on their way to us */
	struct coverage_mark {
		uint64_t at; /* ns, monotonic */
		struct tally counted;
	} newer, older; /* at least a second apart */
};

/* What can be said of one source or of several together. */
struct coverage {
	bool known;
	bool estimated;
	uint64_t counted, missing; /* packets; counted is never 0 where it is known */
};

/* The comparison begins: counters of the interface, and ns of a clock that is never set. */
void coverage_start(struct coverage_counter *t, const struct tally *counters, uint64_t now);

/* Nothing can be compared until coverage_start(). */
void coverage_stop(struct coverage_counter *t);

/*
 * The counters as they are at `now`, and what was captured and dropped since the last call.
 * Counters that went back begin anew, unless they have 32 bits and came to their end.
 */
void coverage_add(struct coverage_counter *t, const struct tally *counters,
    const struct tally *captured, uint64_t dropped, uint64_t now);

/* What a frame of len bytes stands for that is longer than its link takes, as network cards merge
 * them: the segments of TCP that it was, and their headers. */
struct tally coverage_count_merged(uint32_t len, uint32_t mtu);

struct coverage coverage_get(const struct coverage_counter *t);

/* Of both together; not known where one is not. */
struct coverage coverage_sum(struct coverage x, struct coverage y);

/* Hundredths that were seen: 100 only where nothing is missing, or about. */
unsigned coverage_percent(struct coverage w);

#endif
