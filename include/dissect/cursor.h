/*
 * A bounded reader of packet bytes.  Reading past the end returns zeros and sets `overrun`.  All
 * access to packet bytes goes through it.
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
	const uint8_t *p;    /* next byte */
	const uint8_t *end;  /* one past the last byte that may be read */
	size_t uncaptured;   /* bytes of the packet past the end, cut off by the snap length */
	bool more_fragments; /* more follows in another fragment */
	bool overrun;        /* a read went past the end */
	bool impossible;     /* and past the packet's own length too: it is malformed */
	uint16_t id;         /* number of the header at p in its enum proto_space */
};

static inline size_t
cur_captured(const struct cursor *c)
{
	return (size_t)(c->end - c->p);
}

/* Bytes left in the packet, captured or not. */
static inline size_t
cur_reported(const struct cursor *c)
{
	return cur_captured(c) + c->uncaptured;
}

/* False if the packet cannot have n more bytes, not even uncaptured or in another fragment. */
static inline bool
cur_may_hold(const struct cursor *c, size_t n)
{
	return LIKELY(n <= cur_reported(c)) || c->more_fragments;
}

/* Marks the cursor, because n bytes could not be read, and moves it to its end.  Always returns
 * false. */
bool cur_fail(struct cursor *c, size_t n);

/* True if n bytes can be read; else marks the cursor as bad. */
static inline bool
cur_need(struct cursor *c, size_t n)
{
	return LIKELY(cur_captured(c) >= n) || cur_fail(c, n);
}

/* The next n bytes without advancing, or NULL; never marks the cursor. */
static inline const uint8_t *
cur_peek(const struct cursor *c, size_t n)
{
	return cur_captured(c) >= n ? c->p : NULL;
}

/* The next n bytes, advancing, or NULL. */
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
 * Limits the cursor to n bytes, because a header has that length: padding and trailers behind them
 * are excluded.  No effect if n is greater than what is left.
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
