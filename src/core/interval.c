#include "config.h"

#include "core/interval.h"

#include <string.h>

#define NS_PER_S UINT64_C(1000000000)

/* A twentieth less, so that intervals that are a little short of a second do not add one more. */
#define FINE_NS   (NS_PER_S * 19 / 10)
#define COARSE_NS (NS_PER_S * 114 / 10)

static const uint64_t window_ns[METER_WINDOWS] = {
	[METER_10S] = NS_PER_S * 95 / 10,
	[METER_60S] = NS_PER_S * 57,
};

void
beats_init(struct beats *b)
{
	memset(b, 0, sizeof(*b));
	b->interval = 1;
}

/* The fewest of the newest slots that reach a length, the open one included, or all. */
static uint32_t
slots_of(const uint64_t *begun, uint32_t size, uint32_t newest, uint64_t elapsed, uint64_t length)
{
	uint32_t n = 1;

	while (n < size && n <= newest && elapsed - begun[(newest - n + 1) % size] < length)
		n++;
	return n;
}

static void
set_window(struct beats *b, enum meter_window w, uint32_t slots, uint64_t begun)
{
	b->window[w].slots = slots;
	b->window[w].seconds = (double)(b->elapsed - begun) / (double)NS_PER_S;
}

void
beats_close(struct beats *b, uint64_t ns)
{
	struct beat *was = &b->at[b->interval % BEATS], now = *was;
	uint32_t n;

	was->per_second = ns > 0 ? (float)((double)NS_PER_S / (double)ns) : 0;
	b->elapsed += ns;
	b->interval++;
	now.per_second = 0;
	if (b->elapsed - b->fine_begun[now.fine % METER_FINE] >= FINE_NS)
		b->fine_begun[++now.fine % METER_FINE] = b->elapsed;
	if (b->elapsed - b->coarse_begun[now.coarse % METER_COARSE] >= COARSE_NS)
		b->coarse_begun[++now.coarse % METER_COARSE] = b->elapsed;
	b->at[b->interval % BEATS] = now;
	n = slots_of(b->fine_begun, METER_FINE, now.fine, b->elapsed, window_ns[METER_10S]);
	set_window(b, METER_10S, n, b->fine_begun[(now.fine - n + 1) % METER_FINE]);
	n = slots_of(b->coarse_begun, METER_COARSE, now.coarse, b->elapsed, window_ns[METER_60S]);
	set_window(b, METER_60S, n, b->coarse_begun[(now.coarse - n + 1) % METER_COARSE]);
}
