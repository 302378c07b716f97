/*
 * A bounded reader over packet bytes.  Reading past the end gives zeros and
 * sets `bad`; nothing else ever touches packet memory.
 *
 *	 p            end       cut bytes
 *	 | may be read |  on the link, not captured  |
 *	 |----------- cur_reported() -------------------|
 */
#ifndef DISSECT_CURSOR_H
#define DISSECT_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/attr.h"

struct cursor {
	const uint8_t *p;   /* next byte */
	const uint8_t *end; /* one past the last byte that may be read */
	size_t
	    uncaptured; /* bytes that the packet still has past the end, lost to the snap length */
	bool more_fragments; /* and then it goes on in another fragment */
	bool overrun;        /* something lay past the end */
	bool impossible;     /* and past what was cut off too: no such packet can be */
	uint16_t id;         /* that the header at p is called by, in its enum proto_space */
};

static inline size_t
cur_captured(const struct cursor *c)
{
	return (size_t)(c->end - c->p);
}

/* Bytes that the packet still has, captured or not. */
static inline size_t
cur_reported(const struct cursor *c)
{
	return cur_captured(c) + c->uncaptured;
}

/* False when the packet cannot have n more bytes, captured or in another fragment. */
static inline bool
cur_may_hold(const struct cursor *c, size_t n)
{
	return LIKELY(n <= cur_reported(c)) || c->more_fragments;
}

/* n bytes could not be read: marks the cursor and moves it to its end.  Always false. */
bool cur_fail(struct cursor *c, size_t n);

/* True when n bytes can be read; otherwise the cursor is bad. */
static inline bool
cur_need(struct cursor *c, size_t n)
{
	return LIKELY(cur_captured(c) >= n) || cur_fail(c, n);
}

/* The next n bytes without taking them, or NULL; then the cursor does not become bad. */
static inline const uint8_t *
cur_peek(const struct cursor *c, size_t n)
{
	return cur_captured(c) >= n ? c->p : NULL;
}

/* The next n bytes, or NULL. */
static inline const uint8_t *
cur_take(struct cursor *c, size_t n)
{
	const uint8_t *p = c->p;

	if (!cur_need(c, n))
		return NULL;
	c->p += n;
	return p;
}

static inline void
cur_skip(struct cursor *c, size_t n)
{
	if (cur_need(c, n))
		c->p += n;
}

static inline uint16_t
be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t
be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline uint16_t
le16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t
le32(const uint8_t *p)
{
	return (uint32_t)le16(p + 2) << 16 | le16(p);
}

static inline uint8_t
cur_u8(struct cursor *c)
{
	const uint8_t *p = cur_take(c, 1);

	return p != NULL ? *p : 0;
}

static inline uint16_t
cur_be16(struct cursor *c)
{
	const uint8_t *p = cur_take(c, 2);

	return p != NULL ? be16(p) : 0;
}

static inline uint32_t
cur_be32(struct cursor *c)
{
	const uint8_t *p = cur_take(c, 4);

	return p != NULL ? be32(p) : 0;
}

/*
 * The packet itself says that n bytes are left: what lies behind them (padding,
 * trailers) is out of reach from now on.  More than there are changes nothing.
 */
static inline void
cur_limit(struct cursor *c, size_t n)
{
	size_t left = cur_captured(c), kept = n < left ? n : left;

	if (n > left + c->uncaptured)
		return;
	c->more_fragments = false;
	c->end = c->p + kept;
	c->uncaptured = n - kept;
}

#endif
