/*
 * Traffic over time: a sample per second for an hour, and one per minute for a day, by packet
 * timestamps.
 *
 * Samples are in time order.  A short pause is filled with empty samples; a pause of more than 10
 * minutes (10 hours for the minutes) takes no room, so older samples are kept.
 */
#ifndef CORE_TIME_SERIES_H
#define CORE_TIME_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/meter.h"
#include "dissect/pkt.h"

#define SERIES_SECONDS 3600
#define SERIES_MINUTES 1440
#define SERIES_WAYS    3 /* see series_way() */

enum series_way { WAY_IN, WAY_OUT, WAY_OTHER };

struct sample {
	uint64_t number; /* number of its second or minute since the epoch */
	struct tally way[SERIES_WAYS];
};

struct samples {
	uint32_t first, n; /* the samples are at[first] and following, oldest first */
	struct sample at[2 * SERIES_SECONDS]; /* the minutes use fewer */
};

struct time_series {
	uint64_t second; /* the newest second since the epoch; see series_is_empty() */
	uint64_t oldest; /* the oldest second ever */
	struct samples seconds, minutes;
};

static inline enum series_way
series_way(enum pkt_dir d)
{
	if (d == DIR_IN)
		return WAY_IN;
	return d == DIR_OUT ? WAY_OUT : WAY_OTHER;
}

static inline bool
series_is_empty(const struct time_series *s)
{
	return s->seconds.n == 0;
}

void series_clear(struct time_series *s);

/* Advances to `second`; the samples in between are empty. */
void series_advance(struct time_series *s, uint64_t second);

/* Adds to that second.  Data older than the series is dropped. */
void series_add(struct time_series *s, uint64_t second, const struct sample *more);

/* The sample `ago` seconds (minutes) before the newest, or NULL if there is none. */
const struct sample *series_second(const struct time_series *s, uint64_t ago);
const struct sample *series_minute(const struct time_series *s, uint64_t ago);

/* The i-th sample of the seconds, oldest first. */
static inline const struct sample *
series_sample(const struct time_series *s, uint32_t i)
{
	return &s->seconds.at[s->seconds.first + i];
}

/* The sum over all directions. */
struct tally series_sample_sum(const struct sample *s);

#endif
