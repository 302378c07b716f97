#include "config.h"

#include "core/time.h"

#include <string.h>

#define PAUSE 600 /* samples; longer pauses are not filled */

void
series_clear(struct time_series *s)
{
	s->second = s->oldest = 0;
	s->seconds.first = s->seconds.n = 0;
	s->minutes.first = s->minutes.n = 0;
}

static const struct sample *
series_sample_at(const struct samples *t, uint32_t i)
{
	return &t->at[t->first + i];
}

/* The position of the first sample with that number or a greater one.  Usually the samples have no
 * gaps. */
static uint32_t
series_find_place(const struct samples *t, uint64_t number)
{
	uint32_t low = 0, high = t->n;

	if (high > 0 && number <= series_sample_at(t, high - 1)->number) {
		uint64_t back = series_sample_at(t, high - 1)->number - number;

		if (back < high && series_sample_at(t, high - 1 - (uint32_t)back)->number == number)
			return high - 1 - (uint32_t)back;
	}
	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (series_sample_at(t, mid)->number < number)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Inserts n empty samples at position i, numbered from `low`; the oldest are dropped if needed. */
static void
series_insert(struct samples *t, uint32_t max, uint32_t i, uint64_t low, uint32_t n)
{
	uint32_t more = t->n + n, leave = more > max ? more - max : 0;
	struct sample *at;

	if (t->first + more > 2 * max) {
		memmove(t->at, t->at + t->first, t->n * sizeof(*t->at));
		t->first = 0;
	}
	at = &t->at[t->first + i];
	memmove(at + n, at, (t->n - i) * sizeof(*at));
	for (uint32_t k = 0; k < n; k++)
		at[k] = (struct sample){ .number = low + k };
	t->first += leave;
	t->n = more - leave;
}

/*
 * The sample with that number.  Adds it if needed, with empty samples up to near neighbours.
 * Returns NULL if it is too old.
 */
static struct sample *
series_get(struct samples *t, uint32_t max, uint64_t number)
{
	uint32_t i = series_find_place(t, number), room = max - (t->n - i);
	uint64_t low = number, high = number;

	if (i < t->n && series_sample_at(t, i)->number == number)
		return &t->at[t->first + i];
	if (i > 0 && number - series_sample_at(t, i - 1)->number <= PAUSE)
		low = series_sample_at(t, i - 1)->number + 1;
	if (i < t->n && series_sample_at(t, i)->number - number <= PAUSE)
		high = series_sample_at(t, i)->number - 1;
	if (high - number >= room)
		return NULL;
	if (high - low >= room)
		low = high + 1 - room;
	series_insert(t, max, i, low, (uint32_t)(high + 1 - low));
	return &t->at[t->first + series_find_place(t, number)];
}

void
series_advance(struct time_series *s, uint64_t second)
{
	if (series_is_empty(s))
		s->second = s->oldest = second;
	else if (second <= s->second)
		return;
	series_get(&s->seconds, SERIES_SECONDS, second);
	series_get(&s->minutes, SERIES_MINUTES, second / 60);
	s->second = second;
}

static void
series_add_to_sample(struct sample *to, const struct sample *more)
{
	for (int way = 0; to != NULL && way < SERIES_WAYS; way++)
		tally_add(&to->way[way], more->way[way].packets, more->way[way].bytes);
}

void
series_add(struct time_series *s, uint64_t second, const struct sample *more)
{
	series_advance(s, second);
	if (second < s->oldest)
		s->oldest = second;
	series_add_to_sample(series_get(&s->seconds, SERIES_SECONDS, second), more);
	series_add_to_sample(series_get(&s->minutes, SERIES_MINUTES, second / 60), more);
}

/* A number without a sample had no traffic. */
static const struct sample *
series_find(const struct samples *t, uint64_t number)
{
	static const struct sample nothing;
	uint32_t i = series_find_place(t, number);

	return i < t->n && series_sample_at(t, i)->number == number ? series_sample_at(t, i)
								    : &nothing;
}

const struct sample *
series_second(const struct time_series *s, uint64_t ago)
{
	if (series_is_empty(s) || ago >= SERIES_SECONDS || ago > s->second - s->oldest)
		return NULL;
	return series_find(&s->seconds, s->second - ago);
}

const struct sample *
series_minute(const struct time_series *s, uint64_t ago)
{
	if (series_is_empty(s) || ago >= SERIES_MINUTES || ago > s->second / 60 - s->oldest / 60)
		return NULL;
	return series_find(&s->minutes, s->second / 60 - ago);
}

struct tally
series_sample_sum(const struct sample *s)
{
	struct tally t = { 0, 0 };

	for (int way = 0; way < SERIES_WAYS; way++)
		tally_add(&t, s->way[way].packets, s->way[way].bytes);
	return t;
}
