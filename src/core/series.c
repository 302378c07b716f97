#include "config.h"

#include "core/series.h"

#include <string.h>

void
series_clear(struct series *s)
{
	memset(s, 0, sizeof(*s));
}

/* Empties the ring's places of (from, to]; all of them at most once. */
static void
empty(struct sample *ring, uint64_t size, uint64_t from, uint64_t to)
{
	if (to - from >= size)
		from = to - size;
	for (uint64_t i = from + 1; i <= to; i++)
		ring[i % size] = (struct sample){ 0 };
}

void
series_advance(struct series *s, uint64_t second)
{
	if (s->second == 0) {
		s->second = s->oldest = second;
		return;
	}
	if (second <= s->second)
		return;
	empty(s->seconds, SERIES_SECONDS, s->second, second);
	empty(s->minutes, SERIES_MINUTES, s->second / 60, second / 60);
	s->second = second;
}

static uint64_t
clamp_low(uint64_t n, uint64_t newest, uint64_t size, uint64_t oldest)
{
	uint64_t reach = newest >= size ? newest - size + 1 : 0;
	uint64_t low = reach > oldest ? reach : oldest;

	return n < low ? low : n;
}

static void
add_sample(struct sample *to, const struct sample *more)
{
	for (int way = 0; way < SERIES_WAYS; way++)
		tally_add(&to->way[way], more->way[way].packets, more->way[way].bytes);
}

void
series_add(struct series *s, uint64_t second, const struct sample *more)
{
	uint64_t minute = second / 60;

	if (second > s->second || s->second == 0) {
		series_advance(s, second);
	} else if (second < s->second) {
		second = clamp_low(second, s->second, SERIES_SECONDS, s->oldest);
		minute = clamp_low(minute, s->second / 60, SERIES_MINUTES, s->oldest / 60);
	}
	add_sample(&s->seconds[second % SERIES_SECONDS], more);
	add_sample(&s->minutes[minute % SERIES_MINUTES], more);
}

const struct sample *
series_second(const struct series *s, uint64_t ago)
{
	if (s->second == 0 || ago >= SERIES_SECONDS || ago > s->second - s->oldest)
		return NULL;
	return &s->seconds[(s->second - ago) % SERIES_SECONDS];
}

const struct sample *
series_minute(const struct series *s, uint64_t ago)
{
	if (s->second == 0 || ago >= SERIES_MINUTES || ago > s->second / 60 - s->oldest / 60)
		return NULL;
	return &s->minutes[(s->second / 60 - ago) % SERIES_MINUTES];
}

struct tally
sample_sum(const struct sample *s)
{
	struct tally t = { 0, 0 };

	for (int way = 0; way < SERIES_WAYS; way++)
		tally_add(&t, s->way[way].packets, s->way[way].bytes);
	return t;
}
