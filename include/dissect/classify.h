/*
 * Recognizing protocols by their payload.
 */
#ifndef DISSECT_CLASSIFY_H
#define DISSECT_CLASSIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "dissect/cursor.h"
#include "dissect/pkt.h"

/*
 * Classifies applications by the first bytes of a payload, on any port.
 *
 * classify.def has a row for each rule.  The first byte of a payload selects the few candidate
 * rules, and the first eight bytes exclude most of them, so payload from the middle of a stream
 * costs almost nothing.  Private to src/dissect/.
 */

#define CLASSIFY_PREFIX     sizeof(uint64_t) /* bytes that are compared at once */
#define CLASSIFY_CANDIDATES 16               /* rules for one first byte, including the final 0 */

enum classify_over { OVER_TCP, OVER_UDP, OVERS };

enum classify_verdict {
	CLASSIFY_NO,
	CLASSIFY_MAYBE, /* cannot be excluded */
	CLASSIFY_YES,
};

enum classify_trait {
	CLASSIFY_STRICT =
	    1 << 0, /* a payload that matches none of its rules is not this protocol */
	CLASSIFY_OWN_PORT = 1 << 1, /* tried only on the protocol's own ports, and there first */
	CLASSIFY_WEAK = 1 << 2,     /* may match by chance: tried only if the port is unknown */
	CLASSIFY_FIRST_ONLY = 1
	    << 3, /* its dissector needs only the first bytes of a stream and their continuation */
};

struct classify_hint {
	uint8_t over;       /* enum classify_over */
	uint8_t by_port;    /* enum proto by port, or PROTO_NONE */
	uint16_t low, high; /* the ports */
};

/* A result, small enough for a register. */
struct classify_result {
	uint8_t proto;          /* enum proto */
	uint8_t app_confidence; /* enum app_confidence */
};

/* Checks the payload at c, which is a copy and not empty. */
typedef enum classify_verdict classify_fn(struct cursor *c, const struct classify_hint *at);

/* Condition on the first 8 bytes: they must equal bits where mask is set. */
struct classify_prefix {
	uint64_t mask, bits;
};

struct classifier {
	struct classify_prefix prefix[256]; /* by row */
	/* By first byte: rule numbers, ended by 0. */
	uint8_t candidate[OVERS][256][CLASSIFY_CANDIDATES];
	/* By enum proto of the port: the rule tried first, or 0, and the result if no rule matches.
	 */
	uint8_t own_port[OVERS][256];
	struct classify_result default_result[OVERS][256];
	bool has_rule[256], first_only[256]; /* by enum proto */
};

/* t is all zeros. */
void classify_init(struct classifier *t);

/* The result by port alone. */
static inline struct classify_result
classify_by_port(uint8_t proto)
{
	return (struct classify_result){ proto, proto != 0 ? APP_BY_PORT : APP_UNKNOWN };
}

/* The slow path of classify_payload(). */
struct classify_result classify_payload_slow(
    const struct classifier *t, const struct cursor *c, struct classify_hint at);

/* The first 8 bytes; zeros are added to fewer. */
static inline uint64_t
classify_head_bits(const struct cursor *c)
{
	uint64_t bits = 0;

	if (LIKELY(cur_captured(c) >= CLASSIFY_PREFIX))
		memcpy(&bits, c->p, CLASSIFY_PREFIX);
	else
		memcpy(&bits, c->p, cur_captured(c));
	return bits;
}

/* True if there are no candidate rules.  Zeros are common padding, and no protocol begins with
 * them. */
static inline bool
classify_has_no_candidates(const struct classifier *t, const struct cursor *c, uint8_t over)
{
	if (UNLIKELY(cur_captured(c) == 0))
		return false;
	return classify_head_bits(c) == 0 || t->candidate[over][*c->p][0] == 0;
}

/* Classifies the payload at c. */
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

/*
 * HTTP/2 without TLS, by prior knowledge (RFC 9113, 3.3): the authority of the first request.
 * Private to src/dissect/.
 */

/* True if the n bytes begin with the client preface. */
bool http2_is_preface(const uint8_t *bytes, size_t n);

/*
 * Parses n bytes that begin with the preface.  Frames are read from *at, which advances to the
 * first incomplete one.  Returns false if the first request is not complete.
 */
bool http2_read(const uint8_t *bytes, size_t n, size_t *at, struct pkt_meta *s);

/*
 * Parses a header block (RFC 7541) for the server name: the authority, else the host.  Returns
 * false if only the first part of the block is there, and has no authority.
 */
bool hpack_read(struct cursor *c, bool whole, struct pkt_meta *s);

#endif
