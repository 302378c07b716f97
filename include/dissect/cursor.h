/*
 * A bounded reader over packet bytes.  Reading past the end gives zeros and
 * sets `bad`; nothing else ever touches packet memory.
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
	bool bad;           /* something lay past the end */
	bool cut;           /* the end is the capture's, not the packet's own */
};

static inline size_t
cur_left(const struct cursor *c)
{
	return (size_t)(c->end - c->p);
}

/* True when n bytes can be read; otherwise the cursor is bad. */
static inline bool
cur_need(struct cursor *c, size_t n)
{
	if (LIKELY(cur_left(c) >= n))
		return true;
	c->bad = true;
	c->p = c->end;
	return false;
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
	if (n <= cur_left(c)) {
		c->end = c->p + n;
		c->cut = false;
	}
}

#endif
