#include "config.h"

#include "util/hash.h"

#include <stdlib.h>

void
hashkey_init(struct hashkey *k)
{
	arc4random_buf(k, sizeof(*k));
}

void
pairkey_init(struct pairkey *p, const struct hashkey *k)
{
	for (uint64_t i = 0; i < 2 * PAIR_WORDS + 1; i++)
		p->m[i] = hash_words(k, &i, 1);
}

/* Compilers turn the loop into one load if n is 8. */
static inline uint64_t
hash_load_le(const uint8_t *p, size_t n)
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
	struct sip s = sip_start(k);
	size_t left;

	for (left = n; left >= 8; left -= 8, p += 8)
		sip_word(&s, hash_load_le(p, 8));
	return sip_end(&s, hash_load_le(p, left), n);
}
