/*
 * Heuristics for headers without a next-protocol field.
 *
 * Each candidate protocol is scored by what fits: a version, a length equal to the rest, a header
 * checksum.  The highest score wins, so a single nibble, which may be part of an address, does not
 * decide.  Private to src/dissect/.
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

/* One point is worth about one byte that would not match by chance. */
enum heuristic_score {
	HEURISTIC_WRONG = 0,
	HEURISTIC_POSSIBLE = 1,
	HEURISTIC_LIKELY = 3,
	HEURISTIC_CERTAIN = 5, /* the most */
};

struct heuristic {
	uint8_t proto;  /* candidate protocol */
	uint8_t offset; /* offset from here */
};

unsigned heuristic_score(const struct cursor *c, const struct heuristic *r);

/*
 * Returns the candidate with the highest score, if that is at least `least`, and moves c to its
 * start.  Of equal candidates the first wins.
 */
struct next next_heuristic(struct cursor *c, const struct heuristic *r, size_t n, unsigned least);

#endif
