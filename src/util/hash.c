#include "config.h"

#include "util/hash.h"

#include <stdlib.h>

struct state {
	uint64_t v0, v1, v2, v3;
};

void
hashkey_init(struct hashkey *k)
{
	arc4random_buf(k, sizeof(*k));
}

static inline uint64_t
rotate(uint64_t x, unsigned bits)
{
	return x << bits | x >> (64 - bits);
}

static inline void
sip_round(struct state *s)
{
	s->v0 += s->v1;
	s->v2 += s->v3;
	s->v1 = rotate(s->v1, 13) ^ s->v0;
	s->v3 = rotate(s->v3, 16) ^ s->v2;
	s->v0 = rotate(s->v0, 32);
	s->v2 += s->v1;
	s->v0 += s->v3;
	s->v1 = rotate(s->v1, 17) ^ s->v2;
	s->v3 = rotate(s->v3, 21) ^ s->v0;
	s->v2 = rotate(s->v2, 32);
}

static inline struct state
sip_start(const struct hashkey *k)
{
	return (struct state){
		.v0 = k->k0 ^ UINT64_C(0x736f6d6570736575),
		.v1 = k->k1 ^ UINT64_C(0x646f72616e646f6d),
		.v2 = k->k0 ^ UINT64_C(0x6c7967656e657261),
		.v3 = k->k1 ^ UINT64_C(0x7465646279746573),
	};
}

static inline void
sip_word(struct state *s, uint64_t word)
{
	s->v3 ^= word;
	sip_round(s);
	s->v0 ^= word;
}

/* The last word: what is left of the bytes, and their number modulo 256 on top. */
static inline uint64_t
sip_end(struct state *s, uint64_t rest, size_t n)
{
	sip_word(s, rest | (uint64_t)n << 56);
	s->v2 ^= 0xff;
	sip_round(s);
	sip_round(s);
	sip_round(s);
	return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

/* Compilers make one load of the loop where n is 8. */
static inline uint64_t
little_endian(const uint8_t *p, size_t n)
{
	uint64_t word = 0;
	size_t i;

	for (i = 0; i < n; i++)
		word |= (uint64_t)p[i] << (8 * i);
	return word;
}

uint64_t
hash_bytes(const struct hashkey *k, const void *bytes, size_t n)
{
	const uint8_t *p = bytes;
	struct state s = sip_start(k);
	size_t left;

	for (left = n; left >= 8; left -= 8, p += 8)
		sip_word(&s, little_endian(p, 8));
	return sip_end(&s, little_endian(p, left), n);
}

uint64_t
hash_words(const struct hashkey *k, const uint64_t *words, size_t n)
{
	struct state s = sip_start(k);
	size_t i;

	for (i = 0; i < n; i++)
		sip_word(&s, words[i]);
	return sip_end(&s, 0, n * 8);
}
