/*
 * Counters that somebody else keeps, of which one sees the present value only.
 */
#ifndef UTIL_COUNTER_H
#define UTIL_COUNTER_H

#include <stdbool.h>
#include <stdint.h>

/*
 * *more: by how much it has grown since it was *last, which becomes now.  One of 32 bits that is
 * less than before has wrapped, if it was near its end.  False where it began anew: then counting
 * goes on from what it says.
 */
static inline bool
counter_step(uint64_t now, uint64_t *last, uint64_t *more)
{
	uint64_t before = *last;
	bool near_end = before >= UINT32_MAX / 4 * 3 && before <= UINT32_MAX;

	*last = now;
	*more = 0;
	if (now >= before)
		*more = now - before;
	else if (near_end && now <= UINT32_MAX / 4)
		*more = (uint32_t)(now - before);
	else
		return false;
	return true;
}

#endif
