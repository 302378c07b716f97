#include "config.h"

#include "core/size_histogram.h"

#include <assert.h>

#include "util/attr.h"

const struct size_range size_ranges[] = {
	{ 0, 63 },
	{ 64, 127 },
	{ 128, 255 },
	{ 256, 511 },
	{ 512, 1023 },
	{ 1024, 1518 },
	{ 1519, 2047 },
	{ 2048, 4095 },
	{ 4096, 9215 },
	{ 9216, 65535 },
	{ 65536, UINT32_MAX },
};
const unsigned n_size_ranges = NITEMS(size_ranges);

uint64_t
sizes_in(const struct size_histogram *s, const struct size_range *r)
{
	uint64_t n = 0;

	assert(r->from <= r->to);
	for (uint32_t i = sizes_bin(r->from); i <= sizes_bin(r->to); i++)
		n += s->bin[i];
	return n;
}
