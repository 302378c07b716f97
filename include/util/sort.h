/*
 * Partial sorting.
 */
#ifndef UTIL_SORT_H
#define UTIL_SORT_H

#include <stddef.h>

/*
 * Sorts the k smallest items to the front; the rest follow in any order.  If k is 0 or at least n,
 * sorts all.  Items are at most 256 bytes.
 */
void sort_first(
    void *items, size_t n, size_t size, size_t k, int (*compare)(const void *, const void *));

#endif
