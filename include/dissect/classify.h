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

#define CONTENT_HEAD       sizeof(uint64_t) /* bytes that are compared at once */
#define CONTENT_CANDIDATES 16               /* rows for one first byte, with the zero behind them */

enum content_over { OVER_TCP, OVER_UDP, CONTENT_OVERS };

enum content_verdict {
	CONTENT_NO,
	CONTENT_MAYBE, /* nothing speaks against it */
	CONTENT_YES,
};

enum content_trait {
	CONTENT_STRICT = 1 << 0, /* what none of its rows takes is not this protocol */
	CONTENT_OWN = 1 << 1,    /* asked only on the protocol's own ports, and there first */
	CONTENT_WEAK = 1 << 2, /* chance may look like it: asked only where the port says nothing */
	CONTENT_BEGINS =
	    1 << 3, /* its dissector reads only what begins so, and what goes on with that */
};

struct content_place {
	uint8_t over;       /* enum content_over */
	uint8_t by_port;    /* enum proto that the port says, or PROTO_NONE */
	uint16_t low, high; /* the ports */
};

/* What is found; small enough to be returned in a register. */
struct content_found {
	uint8_t proto;  /* enum proto */
	uint8_t app_by; /* enum app_by */
};

/* Looks at the payload at c, a copy, which is not empty. */
typedef enum content_verdict content_fn(struct cursor *c, const struct content_place *at);

/* What a row wants of the first 8 bytes: they are bits where mask is set. */
struct content_head {
	uint64_t mask, bits;
};

struct content {
	struct content_head head[256]; /* by row */
	/* By first byte: rows, 0 behind the last. */
	uint8_t candidate[CONTENT_OVERS][256][CONTENT_CANDIDATES];
	/* By enum proto of the port: the row that is asked first, or 0, and what nobody's yes
	 * means. */
	uint8_t own[CONTENT_OVERS][256];
	struct content_found silent[CONTENT_OVERS][256];
	bool has_row[256], begins[256]; /* by enum proto */
};

/* t is all zeros. */
void content_init(struct content *t);

/* What the port says, for all it can. */
static inline struct content_found
content_by_port(uint8_t proto)
{
	return (struct content_found){ proto, proto != 0 ? APP_BY_PORT : APP_UNKNOWN };
}

/* The slow half of content_find(). */
struct content_found content_ask(
    const struct content *t, const struct cursor *c, struct content_place at);

/* True when no row is worth asking.  Zeros are the commonest filling, and nobody's beginning. */
static inline bool
content_is_silent(const struct content *t, const struct cursor *c, uint8_t over)
{
	const uint8_t *head = cur_peek(c, CONTENT_HEAD);
	uint64_t bits;

	if (UNLIKELY(head == NULL))
		return false;
	memcpy(&bits, head, sizeof(bits));
	return bits == 0 || t->candidate[over][*head][0] == 0;
}

/* The application of the payload at c, and how it is known. */
static inline struct content_found
content_find(const struct content *t, const struct cursor *c, struct content_place at)
{
	if (LIKELY(content_is_silent(t, c, at.over)) && t->own[at.over][at.by_port] == 0)
		return t->silent[at.over][at.by_port];
	return content_ask(t, c, at);
}

/* Declares every function of classify.def. */
#define STARTS(over, id, traits, text)
#define LOOKS(over, id, traits, first, last, at, text, fn) content_fn fn;
#include "dissect/classify.def"
#undef STARTS
#undef LOOKS

#endif
