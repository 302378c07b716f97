/*
 * Traffic over time: a sample a second for an hour, and one a minute for a day.
 * The packets' own stamps say where each belongs.
 */
#ifndef CORE_SERIES_H
#define CORE_SERIES_H

#include <stddef.h>
#include <stdint.h>

#include "core/meter.h"
#include "dissect/pkt.h"

#define SERIES_SECONDS 3600
#define SERIES_MINUTES 1440
#define SERIES_WAYS    3 /* see series_way() */

enum series_way { WAY_IN, WAY_OUT, WAY_OTHER };

struct sample {
	struct tally way[SERIES_WAYS];
};

struct series {
	uint64_t second; /* the newest one, in s since the epoch; 0: none yet */
	uint64_t oldest; /* the first one ever */
	struct sample seconds[SERIES_SECONDS]; /* at number % SERIES_SECONDS */
	struct sample minutes[SERIES_MINUTES];
};

static inline enum series_way
series_way(enum pkt_dir d)
{
	return d == DIR_IN ? WAY_IN : d == DIR_OUT ? WAY_OUT : WAY_OTHER;
}

void series_clear(struct series *s);

/* Time has come to `second`: the samples between are nothing. */
void series_advance(struct series *s, uint64_t second);

/*
 * Adds to that second.  One that is older than the series reaches, or older than its beginning,
 * goes to the nearest second that there is.
 */
void series_add(struct series *s, uint64_t second, const struct sample *more);

/* The sample `ago` whole seconds (minutes) before the newest, or NULL where there is none. */
const struct sample *series_second(const struct series *s, uint64_t ago);
const struct sample *series_minute(const struct series *s, uint64_t ago);

/* All ways of a sample together. */
struct tally sample_sum(const struct sample *s);

#endif
