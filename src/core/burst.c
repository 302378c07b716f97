#include "config.h"

#include "core/time.h"

#include <assert.h>
#include <string.h>

#define MS_PER_S 1000
#define BEFORE   MS_PER_S /* offset of ms numbers, so that 0 is not one of them */
#define STEP     256      /* ms */

const unsigned burst_ms[BURST_WINDOWS] = { 1, 10, 100 };

void
burst_clear(struct burst *b)
{
	memset(b, 0, sizeof(*b));
}

static const uint32_t *
burst_bytes_at(const struct burst *b, uint64_t ms)
{
	return b->ring[ms % BURST_RING];
}

static inline uint32_t
burst_max(uint32_t x, uint32_t y)
{
	return x > y ? x : y;
}

static void
burst_keep_max(struct bursts *most, const struct bursts *more)
{
	for (int w = 0; w < BURST_WINDOWS; w++)
		for (int k = 0; k < BURST_KINDS; k++)
			most->bytes[w][k] = burst_max(most->bytes[w][k], more->bytes[w][k]);
}

/* Slides the windows by one ms. */
static void
burst_slide(struct burst *b)
{
	const uint32_t *in = burst_bytes_at(b, ++b->scanned);

	for (int w = 0; w < BURST_WINDOWS; w++) {
		const uint32_t *out = burst_bytes_at(b, b->scanned - burst_ms[w]);
		uint32_t *sum = b->current.bytes[w];

		sum[BURST_IN] += in[WAY_IN] - out[WAY_IN];
		sum[BURST_OUT] += in[WAY_OUT] - out[WAY_OUT];
		sum[BURST_ALL] += in[WAY_IN] - out[WAY_IN] + in[WAY_OUT] - out[WAY_OUT] +
		    in[WAY_OTHER] - out[WAY_OTHER];
	}
}

/* Starts a second; clears the seconds in between. */
static void
burst_enter_second(struct burst *b, uint64_t second)
{
	uint64_t s = b->scanned / MS_PER_S;

	if (s == second)
		return;
	burst_keep_max(&b->max_past, &b->second[s % BURST_SECONDS]);
	if (second - s > BURST_SECONDS)
		s = second - BURST_SECONDS;
	while (s < second)
		b->second[++s % BURST_SECONDS] = (struct bursts){ 0 };
}

/* Scans the windows that end at `to` or before. */
static void
burst_scan_to(struct burst *b, uint64_t to)
{
	while (b->scanned < to) {
		/* Nothing enters or leaves the windows: skip to the end. */
		if (b->scanned >= b->newest && b->current.bytes[BURST_100MS][BURST_ALL] == 0) {
			burst_enter_second(b, to / MS_PER_S);
			b->scanned = to;
			return;
		}
		burst_enter_second(b, (b->scanned + 1) / MS_PER_S);
		burst_slide(b);
		burst_keep_max(&b->second[b->scanned / MS_PER_S % BURST_SECONDS], &b->current);
	}
}

/* Advances the ring, in steps small enough that only scanned entries are overwritten. */
static void
burst_extend_ring(struct burst *b, uint64_t to)
{
	uint64_t step = to - b->head < STEP ? to : b->head + STEP;

	/* The ring and the windows are all zeros. */
	if (b->scanned >= b->newest + BURST_RING)
		step = to;
	else
		for (uint64_t ms = b->head + 1; ms <= step; ms++)
			memset(b->ring[ms % BURST_RING], 0, sizeof(b->ring[0]));
	b->head = step;
	if (step > b->scanned + BURST_LATE)
		burst_scan_to(b, step - BURST_LATE);
}

static void
burst_extend_to(struct burst *b, uint64_t to)
{
	if (b->head == 0)
		b->head = b->scanned = b->newest = to - 1;
	while (b->head < to)
		burst_extend_ring(b, to);
}

void
burst_add(struct burst *b, uint64_t ms, const uint32_t bytes[SERIES_WAYS])
{
	assert(bytes != NULL);
	ms += BEFORE;
	if (ms > b->head)
		burst_extend_to(b, ms);
	if (ms <= b->scanned)
		return;
	if (ms > b->newest)
		b->newest = ms;
	for (int way = 0; way < SERIES_WAYS; way++)
		b->ring[ms % BURST_RING][way] += bytes[way];
}

void
burst_advance(struct burst *b, uint64_t now)
{
	uint64_t ms = now / BURST_MS_NS + BEFORE;

	if (b->head != 0 && ms > b->head)
		burst_extend_to(b, ms);
}

struct bursts
burst_max_final(const struct burst *b)
{
	struct bursts most = b->max_past;

	burst_keep_max(&most, &b->second[b->scanned / MS_PER_S % BURST_SECONDS]);
	return most;
}

struct bursts
burst_max_so_far(const struct burst *b)
{
	struct burst copy = *b;

	if (copy.head != 0)
		burst_scan_to(&copy, copy.head);
	return burst_max_final(&copy);
}

/* The windows do not move: later bytes can only increase them. */
void
burst_finish(struct burst *b)
{
	struct bursts all = burst_max_so_far(b);

	burst_keep_max(&b->max_past, &all);
}

void
burst_rewind(struct burst *b, uint64_t ms)
{
	struct bursts all;

	if (b->head == 0 || ms + BEFORE + BURST_RING > b->head)
		return;
	all = burst_max_so_far(b);
	burst_clear(b);
	b->max_past = all;
}

struct bursts
burst_max_recent(const struct burst *b, unsigned seconds)
{
	uint64_t last = b->scanned / MS_PER_S;
	struct bursts most = { 0 };

	for (unsigned i = 1; i <= seconds && i < BURST_SECONDS && i <= last; i++)
		burst_keep_max(&most, &b->second[(last - i) % BURST_SECONDS]);
	return most;
}
