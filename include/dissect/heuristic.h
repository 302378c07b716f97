/*
 * What follows a header that does not say what it carries.
 *
 * Bytes can be read as one protocol or another.  Each reading gets points for what of it is
 * right: a version, a length that the rest has exactly, a header checksum.  The surest reading
 * wins, so that the first bits of an address decide nothing.  Private to src/dissect/.
 *
 *	static const struct heuristic readings[] = { { PROTO_IP, 0 }, { PROTO_ETH, 4 } };
 *	return next_heuristic(c, readings, NITEMS(readings), HEURISTIC_POSSIBLE);
 */
#ifndef DISSECT_HEURISTIC_H
#define DISSECT_HEURISTIC_H

#include <stddef.h>
#include <stdint.h>

#include "dissect/cursor.h"
#include "dissect/private.h"

/* A point is about a byte that chance would not get right. */
enum heuristic_score {
	HEURISTIC_WRONG = 0,
	HEURISTIC_POSSIBLE = 1,
	HEURISTIC_LIKELY = 3,
	HEURISTIC_CERTAIN = 5, /* the most */
};

struct heuristic {
	uint8_t proto;  /* enum proto that may begin */
	uint8_t offset; /* so many bytes from here */
};

unsigned heuristic_score(const struct cursor *c, const struct heuristic *r);

/*
 * The reading with the most points, if it has at least `least`; then c stands where it begins.
 * Of equal ones the first.
 */
struct next next_heuristic(struct cursor *c, const struct heuristic *r, size_t n, unsigned least);

#endif
