/* The spread of numbers, by Welford's method: none of them is kept. */
#ifndef EXPORT_SPREAD_H
#define EXPORT_SPREAD_H

#include <stdint.h>

struct spread { /* of a series of numbers: how many, smallest, largest, deviation */
	uint64_t n, min, max;
	double mean, squares; /* the sum of squared distances from the mean (Welford) */
};

void spread_add(struct spread *s, uint64_t x);

/* The standard deviation of all numbers; 0 if there are none. */
double spread_deviation(const struct spread *s);

#endif
