/* Numbers kept within limits. */
#ifndef UTIL_CLAMP_H
#define UTIL_CLAMP_H

#include <stdint.h>

/* The number of least ... most that is closest to n. */
static inline int64_t
clamp(int64_t n, int64_t least, int64_t most)
{
	if (n < least)
		return least;
	return n > most ? most : n;
}

#endif
