/*
 * Numbers: limits, counters that wrap, and compact encodings.
 */
#ifndef UTIL_NUMBER_H
#define UTIL_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Numbers kept within limits.
 */

/* The number of least ... most that is closest to n. */
static inline int64_t
clamp(int64_t n, int64_t least, int64_t most)
{
	if (n < least)
		return least;
	return n > most ? most : n;
}

/*
 * Differences of counters that another program or the kernel keeps, and that may wrap or restart.
 */

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

/*
 * Delta encoding: bytes are encoded as copies from a base text that both sides have.  Used for
 * snapshots of consecutive seconds, which differ little.
 *
 *	encoded = { varint number of new bytes, the bytes, varint number of copied bytes
 *	           (0: the end), varint offset of the copy, zigzag-coded relative to the end
 *	           of the previous copy } ...
 *
 * Copies come from `before` or from the output so far, as if both were one text.
 */

#define DELTA_MAX 65536 /* bytes of before and of s, each */

/* Encodes s into out.  Returns the number of bytes written, or 0 if they do not fit. */
size_t delta_encode(
    const uint8_t *before, size_t n_before, const uint8_t *s, size_t n, uint8_t *out, size_t room);

/* Decodes.  Returns the number of bytes written, or 0 if the input is invalid or the output too
 * long. */
size_t delta_decode(const uint8_t *before, size_t n_before, const uint8_t *packed, size_t n,
    uint8_t *out, size_t room);

/* Writes n as a varint: seven bits per byte, lowest first, at most 10 bytes. */
size_t varint_put(uint8_t *out, uint64_t n);

/* Returns the bytes read, or 0 if the varint does not end within room. */
size_t varint_get(const uint8_t *s, size_t room, uint64_t *n);

#endif
