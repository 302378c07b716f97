#include "config.h"

#include "capture/demo/session.h"

#define NS_PER_US 1000

/* splitmix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014) */
uint64_t
demo_random_word(struct demo *d)
{
	uint64_t z = d->random += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

uint32_t
demo_random(struct demo *d, uint32_t n)
{
	return (uint32_t)((demo_random_word(d) >> 32) * n >> 32);
}

uint32_t
demo_between(struct demo *d, struct demo_range r)
{
	return r.least + demo_random(d, r.most - r.least + 1);
}

uint64_t
demo_about(struct demo *d, uint32_t us)
{
	return (uint64_t)(us - us / 4 + demo_random(d, us / 2 + 1)) * NS_PER_US;
}
