/*
 * Keyed hashing: SipHash-1-3 (Aumasson and Bernstein, "SipHash: a fast
 * short-input PRF", 2012, with one compression and three finalisation
 * rounds), so that nobody who does not know the key can make keys collide.
 */
#ifndef UTIL_HASH_H
#define UTIL_HASH_H

#include <stddef.h>
#include <stdint.h>

struct hashkey {
	uint64_t k0, k1;
};

/* A key from the system's random source. */
void hashkey_init(struct hashkey *k);

/* The hash of n bytes. */
uint64_t hash_bytes(const struct hashkey *k, const void *bytes, size_t n);

/* The hash of n 64-bit words, the same as of their bytes on a little-endian machine. */
uint64_t hash_words(const struct hashkey *k, const uint64_t *words, size_t n);

#endif
