/*
 * Sorting no more than is asked for.
 */
#ifndef UTIL_SORT_H
#define UTIL_SORT_H

#include <stddef.h>

/*
 * Puts the first k items that qsort(3) would give in front, in order; the rest stand in any
 * order behind them.  k 0, or n and more: all.  Size at most 256 bytes.
 */
void sort_first(void *items, size_t n, size_t size, size_t k,
    int (*compare)(const void *, const void *));

#endif
