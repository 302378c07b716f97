#include "config.h"

#include "core/victim.h"

#define NS_PER_DOUBLING UINT64_C(8000000000)

uint64_t
victim_claim(uint64_t last, uint64_t packets)
{
	unsigned doublings = 0;

	while (packets >>= 1)
		doublings++;
	return last + doublings * NS_PER_DOUBLING;
}

uint32_t
victim_choose(const void *table, uint32_t used, uint32_t *hand, claim_fn *claim)
{
	uint32_t at = *hand, best = 0;
	uint64_t least = UINT64_MAX;

	for (unsigned i = 0; i < VICTIM_WINDOW; i++) {
		uint64_t c;

		if (at >= used)
			at = 0;
		c = claim(table, at);
		if (c < least) {
			least = c;
			best = at;
		}
		at++;
	}
	*hand = at;
	return best;
}
