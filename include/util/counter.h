/*
 * Differences of counters that another program or the kernel keeps, and that may wrap or restart.
 */
#ifndef UTIL_COUNTER_H
#define UTIL_COUNTER_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Sets *more to the growth of the counter since *last, and *last to now.  A 32-bit counter that
 * decreased has wrapped if it was near its maximum.  Returns false if the counter restarted; the
 * next call counts from now.
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
