/*
 * Decimal fractions for machines: exact, with a point in every locale.
 */
#ifndef EXPORT_DECIMAL_H
#define EXPORT_DECIMAL_H

#include <stdint.h>

struct buf;

/* n / 10^decimals with that many decimals (0 to 18): 12345 and 2 give "123.45". */
void decimal_fixed(struct buf *b, uint64_t n, int decimals);

/* sum / n in hundredths, rounded to the nearest; n > 0. */
uint64_t decimal_average(uint64_t sum, uint64_t n);

/* A finite number with the fewest digits that identify it. */
void decimal_real(struct buf *b, double x);

#endif
