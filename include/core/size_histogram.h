/*
 * The packet-size histogram: one bin per length below 2048 bytes, per 64 bytes up to 64 KiB, and
 * one for larger packets.
 */
#ifndef CORE_SIZE_HISTOGRAM_H
#define CORE_SIZE_HISTOGRAM_H

#include <stdint.h>

#define SIZES_EXACT 2048
#define SIZES_STEP  64
#define SIZES_BINS  (SIZES_EXACT + (65536 - SIZES_EXACT) / SIZES_STEP + 1)

struct size_histogram {
	uint64_t bin[SIZES_BINS];
};

/* Ranges that reports and screens show: 0-63, 64-127 ... 1024-1518 ... */
struct size_range {
	uint32_t from, to; /* both included */
};

extern const struct size_range size_ranges[];
extern const unsigned n_size_ranges;

/* The bin of a length. */
static inline uint32_t
sizes_bin(uint32_t len)
{
	uint32_t i;

	if (len < SIZES_EXACT)
		return len;
	i = SIZES_EXACT + (len - SIZES_EXACT) / SIZES_STEP;
	return i < SIZES_BINS ? i : SIZES_BINS - 1;
}

static inline void
sizes_add(struct size_histogram *s, uint32_t len)
{
	s->bin[sizes_bin(len)]++;
}

/* The number of packets within r, whose ends must be bin edges, as in size_ranges. */
uint64_t sizes_in(const struct size_histogram *s, const struct size_range *r);

#endif
