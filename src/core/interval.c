#include "config.h"

#include "core/meter.h"

#include <string.h>

#define NS_PER_S UINT64_C(1000000000)

/* 5 % less, so that intervals slightly shorter than a second do not add one more. */
#define FINE_NS   (NS_PER_S * 19 / 10)
#define COARSE_NS (NS_PER_S * 114 / 10)

static const uint64_t window_ns[METER_WINDOWS] = {
	[METER_10S] = NS_PER_S * 95 / 10,
	[METER_60S] = NS_PER_S * 57,
};

void
intervals_init(struct intervals *b)
{
	memset(b, 0, sizeof(*b));
	b->current = 1;
}

/* The fewest newest slots, including the current one, that cover a length; else all. */
static uint32_t
intervals_slots_for(
    const uint64_t *begun, uint32_t size, uint32_t newest, uint64_t elapsed, uint64_t length)
{
	uint32_t n = 1;

	while (n < size && n <= newest && elapsed - begun[(newest - n + 1) % size] < length)
		n++;
	return n;
}

static void
intervals_set_window(struct intervals *b, enum meter_window w, uint32_t slots, uint64_t begun)
{
	b->window[w].slots = slots;
	b->window[w].seconds = (double)(b->elapsed - begun) / (double)NS_PER_S;
}

void
intervals_advance(struct intervals *b, uint64_t ns)
{
	struct interval *was = &b->ring[b->current % INTERVALS_KEPT], now = *was;
	uint32_t n;

	was->per_second = ns > 0 ? (float)((double)NS_PER_S / (double)ns) : 0;
	b->elapsed += ns;
	b->current++;
	now.per_second = 0;
	if (b->elapsed - b->fine_start[now.fine % METER_FINE] >= FINE_NS)
		b->fine_start[++now.fine % METER_FINE] = b->elapsed;
	if (b->elapsed - b->coarse_start[now.coarse % METER_COARSE] >= COARSE_NS)
		b->coarse_start[++now.coarse % METER_COARSE] = b->elapsed;
	b->ring[b->current % INTERVALS_KEPT] = now;
	n = intervals_slots_for(
	    b->fine_start, METER_FINE, now.fine, b->elapsed, window_ns[METER_10S]);
	intervals_set_window(b, METER_10S, n, b->fine_start[(now.fine - n + 1) % METER_FINE]);
	n = intervals_slots_for(
	    b->coarse_start, METER_COARSE, now.coarse, b->elapsed, window_ns[METER_60S]);
	intervals_set_window(b, METER_60S, n, b->coarse_start[(now.coarse - n + 1) % METER_COARSE]);
}
