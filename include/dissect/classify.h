/*
 * Applications by what a payload begins with, whatever its port.
 *
 * classify.def has a row for each way to know one.  The first byte of a payload
 * chooses the few rows that are worth asking, and the first eight tell most of them
 * apart, so that the middle of a stream costs next to nothing.  Private to src/dissect/.
 */
#ifndef DISSECT_CLASSIFY_H
#define DISSECT_CLASSIFY_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "dissect/cursor.h"
#include "dissect/pkt.h"

#define CLASSIFY_PREFIX     sizeof(uint64_t) /* bytes that are compared at once */
#define CLASSIFY_CANDIDATES 16 /* rows for one first byte, with the zero behind them */

enum classify_over { OVER_TCP, OVER_UDP, OVERS };

enum classify_verdict {
	CLASSIFY_NO,
	CLASSIFY_MAYBE, /* nothing speaks against it */
	CLASSIFY_YES,
};

enum classify_trait {
	CLASSIFY_STRICT = 1 << 0,   /* what none of its rows takes is not this protocol */
	CLASSIFY_OWN_PORT = 1 << 1, /* asked only on the protocol's own ports, and there first */
	CLASSIFY_WEAK =
	    1 << 2, /* chance may look like it: asked only where the port says nothing */
	CLASSIFY_FIRST_ONLY =
	    1 << 3, /* its dissector reads only what begins so, and what goes on with that */
};

struct classify_hint {
	uint8_t over;       /* enum classify_over */
	uint8_t by_port;    /* enum proto that the port says, or PROTO_NONE */
	uint16_t low, high; /* the ports */
};

/* What is found; small enough to be returned in a register. */
struct classify_result {
	uint8_t proto;          /* enum proto */
	uint8_t app_confidence; /* enum app_confidence */
};

/* Looks at the payload at c, a copy, which is not empty. */
typedef enum classify_verdict classify_fn(struct cursor *c, const struct classify_hint *at);

/* What a row wants of the first 8 bytes: they are bits where mask is set. */
struct classify_prefix {
	uint64_t mask, bits;
};

struct classifier {
	struct classify_prefix prefix[256]; /* by row */
	/* By first byte: rows, 0 behind the last. */
	uint8_t candidate[OVERS][256][CLASSIFY_CANDIDATES];
	/* By enum proto of the port: the row that is asked first, or 0, and what nobody's yes
	 * means. */
	uint8_t own_port[OVERS][256];
	struct classify_result default_result[OVERS][256];
	bool has_rule[256], first_only[256]; /* by enum proto */
};

/* t is all zeros. */
void classify_init(struct classifier *t);

/* What the port says, for all it can. */
static inline struct classify_result
classify_by_port(uint8_t proto)
{
	return (struct classify_result){ proto, proto != 0 ? APP_BY_PORT : APP_UNKNOWN };
}

/* The slow half of classify_payload(). */
struct classify_result classify_payload_slow(
    const struct classifier *t, const struct cursor *c, struct classify_hint at);

/* True when no row is worth asking.  Zeros are the commonest filling, and nobody's beginning. */
static inline bool
classify_has_no_candidates(const struct classifier *t, const struct cursor *c, uint8_t over)
{
	const uint8_t *head = cur_peek(c, CLASSIFY_PREFIX);
	uint64_t bits;

	if (UNLIKELY(head == NULL))
		return false;
	memcpy(&bits, head, sizeof(bits));
	return bits == 0 || t->candidate[over][*head][0] == 0;
}

/* The application of the payload at c, and how it is known. */
static inline struct classify_result
classify_payload(const struct classifier *t, const struct cursor *c, struct classify_hint at)
{
	if (LIKELY(classify_has_no_candidates(t, c, at.over)) &&
	    t->own_port[at.over][at.by_port] == 0)
		return t->default_result[at.over][at.by_port];
	return classify_payload_slow(t, c, at);
}

/* Declares every function of classify.def. */
#define STARTS(over, id, traits, text)
#define LOOKS(over, id, traits, first, last, at, text, fn) classify_fn fn;
#include "dissect/classify.def"
#undef STARTS
#undef LOOKS

#endif
