/*
 * Traffic over time: a sample a second for an hour, and one a minute for a day.
 * The packets' own stamps say where each belongs.
 *
 * The samples are in the order of time.  A short pause is told by samples of nothing; one of more
 * than 10 minutes (of minutes, 10 hours) takes no room, so that what was before it stays.
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
	uint64_t number; /* of its second or minute, since the epoch */
	struct tally way[SERIES_WAYS];
};

struct samples {
	uint32_t first, n;                    /* they are at[first] and so on, the oldest first */
	struct sample at[2 * SERIES_SECONDS]; /* of minutes there are fewer */
};

struct time_series {
	uint64_t second; /* the newest one, in s since the epoch; see series_is_empty() */
	uint64_t oldest; /* the oldest one ever */
	struct samples seconds, minutes;
};

static inline enum series_way
series_way(enum pkt_dir d)
{
	return d == DIR_IN ? WAY_IN : d == DIR_OUT ? WAY_OUT : WAY_OTHER;
}

static inline bool
series_is_empty(const struct time_series *s)
{
	return s->seconds.n == 0;
}

void series_clear(struct time_series *s);

/* Time has come to `second`: the samples between are nothing. */
void series_advance(struct time_series *s, uint64_t second);

/* Adds to that second.  What is older than the series reach is in none of them. */
void series_add(struct time_series *s, uint64_t second, const struct sample *more);

/* The sample `ago` whole seconds (minutes) before the newest, or NULL where there is none. */
const struct sample *series_second(const struct time_series *s, uint64_t ago);
const struct sample *series_minute(const struct time_series *s, uint64_t ago);

/* Number i of the seconds that have a sample, the oldest first. */
static inline const struct sample *
series_sample(const struct time_series *s, uint32_t i)
{
	return &s->seconds.at[s->seconds.first + i];
}

/* All ways of a sample together. */
struct tally series_sample_sum(const struct sample *s);

#endif
