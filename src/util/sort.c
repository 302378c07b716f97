#include "config.h"

#include "util/sort.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define FEW      256 /* up to which insertion beats qsort() */
#define ITEM_MAX 256

/* The position in the sorted first k items before which x belongs. */
static size_t
sort_upper_bound(const char *first, size_t k, size_t size, const void *x,
    int (*compare)(const void *, const void *))
{
	size_t low = 0, high = k;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (compare(x, first + mid * size) < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

void
sort_first(void *items, size_t n, size_t size, size_t k, int (*compare)(const void *, const void *))
{
	char *first = items, item[ITEM_MAX];

	assert(size <= ITEM_MAX);
	if (k == 0 || k > FEW || k >= n) {
		qsort(items, n, size, compare);
		return;
	}
	qsort(items, k, size, compare);
	for (char *x = first + k * size; x < first + n * size; x += size) {
		char *last = first + (k - 1) * size;
		size_t at;

		if (compare(x, last) >= 0)
			continue;
		at = sort_upper_bound(first, k, size, x, compare);
		memcpy(item, x, size);
		memcpy(x, last, size);
		memmove(first + (at + 1) * size, first + at * size, (k - 1 - at) * size);
		memcpy(first + at * size, item, size);
	}
}
