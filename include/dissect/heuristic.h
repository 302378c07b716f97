/*
 * What follows a header that does not say what it carries.
 *
 * Bytes can be read as one protocol or another.  Each reading gets points for what of it is
 * right: a version, a length that the rest has exactly, a header checksum.  The surest reading
 * wins, so that the first bits of an address decide nothing.  Private to src/dissect/.
 *
 *	static const struct reading readings[] = { { PROTO_IP, 0 }, { PROTO_ETH, 4 } };
 *	return next_surest(c, readings, NITEMS(readings), READING_POSSIBLE);
 */
#ifndef DISSECT_HEURISTIC_H
#define DISSECT_HEURISTIC_H

#include <stddef.h>
#include <stdint.h>

#include "dissect/cursor.h"
#include "dissect/private.h"

/* A point is about a byte that chance would not get right. */
enum reading_points {
	READING_WRONG = 0,
	READING_POSSIBLE = 1,
	READING_LIKELY = 3,
	READING_SURE = 5, /* the most */
};

struct reading {
	uint8_t proto; /* enum proto that may begin */
	uint8_t at;    /* so many bytes from here */
};

unsigned reading_points(const struct cursor *c, const struct reading *r);

/*
 * The reading with the most points, if it has at least `least`; then c stands where it begins.
 * Of equal ones the first.
 */
struct next next_surest(struct cursor *c, const struct reading *r, size_t n, unsigned least);

#endif
