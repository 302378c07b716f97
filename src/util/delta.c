#include "config.h"

#include "util/number.h"

#include <assert.h>
#include <string.h>

#define LEAST 4 /* the shortest copy from elsewhere */
#define DELTA_MIN_CONTINUED                                                                        \
	3 /* the shortest copy that continues the previous one, which is the cheapest */
#define HASH_BITS 12
#define VARINTS   20 /* bytes of two varints at most */

/* The window of copies: the base text, then s as far as the decoder has it. */
struct delta_window {
	const uint8_t *base, *s;
	size_t n_base;
};

static uint8_t
delta_byte_at(const struct delta_window *t, size_t at)
{
	return at < t->n_base ? t->base[at] : t->s[at - t->n_base];
}

static uint32_t
delta_hash_at(const struct delta_window *t, size_t at)
{
	uint32_t x = 0;

	for (size_t i = 0; i < LEAST; i++)
		x = x << 8 | delta_byte_at(t, at + i);
	return x * UINT32_C(2654435761) >> (32 - HASH_BITS);
}

/* Length of the match between the bytes at `from` and those at `to`, which is later. */
static size_t
delta_match_length(const struct delta_window *t, size_t from, size_t to, size_t end)
{
	size_t n = 0;

	while (to + n < end && delta_byte_at(t, from + n) == delta_byte_at(t, to + n))
		n++;
	return n;
}

size_t
varint_put(uint8_t *out, uint64_t n)
{
	size_t i = 0;

	for (; n >= 0x80; n >>= 7)
		out[i++] = (uint8_t)(n | 0x80);
	out[i++] = (uint8_t)n;
	return i;
}

size_t
varint_get(const uint8_t *s, size_t room, uint64_t *n)
{
	*n = 0;
	for (size_t i = 0; i < room && i < 10; i++) {
		*n |= (uint64_t)(s[i] & 0x7f) << (7 * i);
		if (!(s[i] & 0x80))
			return i + 1;
	}
	return 0;
}

static uint64_t
delta_zigzag(int64_t x)
{
	return (uint64_t)x << 1 ^ (uint64_t)(x >> 63);
}

static int64_t
delta_unzigzag(uint64_t x)
{
	return (int64_t)(x >> 1) ^ -(int64_t)(x & 1);
}

struct delta_writer {
	uint8_t *out;
	size_t n, room;
};

/* Writes new bytes and a copy of n bytes at `from`; `next` is the end of the previous copy. */
static int
delta_write(struct delta_writer *w, const uint8_t *fresh, size_t n_fresh, size_t n, size_t from,
    size_t next)
{
	if (w->room - w->n < n_fresh + VARINTS + 10)
		return 0;
	w->n += varint_put(w->out + w->n, n_fresh);
	memcpy(w->out + w->n, fresh, n_fresh);
	w->n += n_fresh;
	w->n += varint_put(w->out + w->n, n);
	if (n > 0)
		w->n += varint_put(w->out + w->n, delta_zigzag((int64_t)from - (int64_t)next));
	return 1;
}

size_t
delta_encode(
    const uint8_t *before, size_t n_before, const uint8_t *s, size_t n, uint8_t *out, size_t room)
{
	uint32_t last[1 << HASH_BITS] = { 0 }; /* place + 1 of each hash */
	struct delta_window t = { before, s, n_before };
	struct delta_writer w = { out, 0, room };
	size_t end = n_before + n, fresh = n_before, next = 0, at = n_before;

	assert(n_before <= DELTA_MAX && n <= DELTA_MAX);
	for (size_t i = 0; i + LEAST <= n_before; i++)
		last[delta_hash_at(&t, i)] = (uint32_t)i + 1;
	while (at < end) {
		size_t from = next + (at - fresh),
		       got = from < at ? delta_match_length(&t, from, at, end) : 0;

		if (got < DELTA_MIN_CONTINUED && at + LEAST <= end) {
			uint32_t *place = &last[delta_hash_at(&t, at)];
			size_t there = *place;

			got = there > 0 ? delta_match_length(&t, there - 1, at, end) : 0;
			got = got >= LEAST ? got : 0;
			from = there - 1;
			*place = (uint32_t)at + 1;
		}
		if (got < DELTA_MIN_CONTINUED) {
			at++;
			continue;
		}
		if (!delta_write(
			&w, s + (fresh - n_before), at - fresh, got, from, next + (at - fresh)))
			return 0;
		at += got;
		next = from + got;
		fresh = at;
	}
	return delta_write(&w, s + (fresh - n_before), at - fresh, 0, 0, 0) ? w.n : 0;
}

/* Reads one varint and advances. */
static int
delta_read_varint(const uint8_t **s, size_t *n, uint64_t *x)
{
	size_t used = varint_get(*s, *n, x);

	*s += used;
	*n -= used;
	return used > 0;
}

size_t
delta_decode(const uint8_t *before, size_t n_before, const uint8_t *packed, size_t n, uint8_t *out,
    size_t room)
{
	struct delta_window t = { before, out, n_before };
	size_t got = 0, next = 0;
	uint64_t fresh, length, distance;

	for (;;) {
		if (!delta_read_varint(&packed, &n, &fresh) || fresh > n || fresh > room - got)
			return 0;
		memcpy(out + got, packed, (size_t)fresh);
		got += (size_t)fresh;
		packed += fresh;
		n -= (size_t)fresh;
		if (!delta_read_varint(&packed, &n, &length))
			return 0;
		if (length == 0)
			return n == 0 ? got : 0;
		if (!delta_read_varint(&packed, &n, &distance) || length > room - got)
			return 0;
		next += (size_t)fresh + (size_t)delta_unzigzag(distance);
		if (next >= n_before + got)
			return 0;
		for (uint64_t i = 0; i < length; i++)
			out[got++] = delta_byte_at(&t, next++);
	}
}
