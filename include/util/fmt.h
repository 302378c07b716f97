/*
 * Formats numbers and times for people, in a stable width.
 */
#ifndef UTIL_FMT_H
#define UTIL_FMT_H

#include <stdbool.h>
#include <stdint.h>

struct buf;

enum fmt_units { FMT_SI, FMT_IEC }; /* 1000: k M G; 1024: Ki Mi Gi */

/* Rounds x, which is from 0 to below 2^53, to the nearest integer.  Halves round up as in
 * decimal: 1.005 * 100 counts as 100.5, although its binary fraction is slightly less. */
uint64_t fmt_rounded(double x);

/*
 * n in at most 5 cells (SI) or 6 (IEC) with a prefix: "0", "7", "999", "1.20k", "12.3k", "123k",
 * "1.23M". Three significant digits once a prefix is used; whole below 1000.
 */
void fmt_scaled(struct buf *b, double n, enum fmt_units units);

/* n with its digits in groups of three: "1 234 567". */
void fmt_grouped(struct buf *b, uint64_t n);

/* A duration in ns: "0.4ms", "12s", "3m02", "20m41", "5h07", "12d03". */
void fmt_span(struct buf *b, uint64_t ns);

/* Running time as "00:04:11", past a day as "3d 04:11:09". */
void fmt_clock(struct buf *b, uint64_t ns);

/* RFC 3339 in UTC, with the given number of decimals (0 to 9): "2026-11-21T02:12:13.123456Z". */
void fmt_rfc3339(struct buf *b, uint64_t ns, int decimals);

#endif
