/* A histogram of answer times, for percentiles. */
#include "config.h"

#include <assert.h>

#include "core/meter.h"

#define WAIT_LOG2  5 /* the first bucket ends at 2^5 us ... */
#define WAIT_PARTS 4 /* ... and each doubling has so many */

static unsigned
wait_histogram_bucket(uint32_t us)
{
	unsigned log2 = us > 0 ? 31 - (unsigned)__builtin_clz(us) : 0, at;

	if (log2 < WAIT_LOG2)
		return 0;
	at = (log2 - WAIT_LOG2) * WAIT_PARTS + (us >> (log2 - 2) & 3) + 1;
	return at < WAIT_BUCKETS ? at : WAIT_BUCKETS - 1;
}

/* The middle of a bucket, us. */
static uint32_t
wait_histogram_middle(unsigned at)
{
	unsigned log2, width;

	if (at == 0)
		return (1u << WAIT_LOG2) / 2;
	log2 = (at - 1) / WAIT_PARTS + WAIT_LOG2;
	width = 1u << (log2 - 2);
	return ((at - 1) % WAIT_PARTS + WAIT_PARTS) * width + width / 2;
}

void
wait_histogram_add(struct wait_histogram *h, uint32_t us, uint32_t n)
{
	uint16_t *bucket = &h->n[wait_histogram_bucket(us)];

	if (n > UINT16_MAX - (uint32_t)*bucket)
		for (unsigned i = 0; i < WAIT_BUCKETS; i++)
			h->n[i] /= 2;
	*bucket = (uint16_t)(*bucket + (n < UINT16_MAX / 2 ? n : UINT16_MAX / 2));
}

bool
wait_histogram_get(const struct wait_histogram *h, unsigned percent, uint32_t *us)
{
	uint64_t sum = 0, before = 0;

	assert(percent <= 100);
	for (unsigned i = 0; i < WAIT_BUCKETS; i++)
		sum += h->n[i];
	for (unsigned i = 0; i < WAIT_BUCKETS && sum > 0; i++) {
		before += h->n[i];
		*us = wait_histogram_middle(i);
		if (before * 100 >= sum * percent)
			return true;
	}
	return false;
}
