/*
 * Hashing, and indexes of rows by their hash.
 */
#ifndef UTIL_HASH_H
#define UTIL_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/attr.h"

/*
 * Keyed hashing: without the key, an attacker cannot construct colliding keys.
 *
 * For all tables: Multilinear-HM (Lemire and Kaser, "Strongly universal string hashing is fast",
 * The Computer Journal 57 (11), 2014), whose multiplications are independent.  It is strongly
 * universal: any two different keys agree in n given bits with probability 2^-n.
 *
 * Its numbers come from SipHash-1-3 (Aumasson and Bernstein, "SipHash: a fast short-input PRF",
 * 2012, with one compression and three finalisation rounds), which would also hide the key from
 * those who see hashes; that is not needed for tables, because no hash leaves the program.
 */

struct hashkey {
	uint64_t k0, k1;
};

/* A key from the system's random source. */
void hashkey_init(struct hashkey *k);

/* The hash of n bytes. */
uint64_t hash_bytes(const struct hashkey *k, const void *bytes, size_t n);

struct sip {
	uint64_t v0, v1, v2, v3;
};

static inline uint64_t
sip_rotate(uint64_t x, unsigned bits)
{
	return x << bits | x >> (64 - bits);
}

static inline void
sip_round(struct sip *s)
{
	s->v0 += s->v1;
	s->v2 += s->v3;
	s->v1 = sip_rotate(s->v1, 13) ^ s->v0;
	s->v3 = sip_rotate(s->v3, 16) ^ s->v2;
	s->v0 = sip_rotate(s->v0, 32);
	s->v2 += s->v1;
	s->v0 += s->v3;
	s->v1 = sip_rotate(s->v1, 17) ^ s->v2;
	s->v3 = sip_rotate(s->v3, 21) ^ s->v0;
	s->v2 = sip_rotate(s->v2, 32);
}

static inline struct sip
sip_start(const struct hashkey *k)
{
	return (struct sip){
		.v0 = k->k0 ^ UINT64_C(0x736f6d6570736575),
		.v1 = k->k1 ^ UINT64_C(0x646f72616e646f6d),
		.v2 = k->k0 ^ UINT64_C(0x6c7967656e657261),
		.v3 = k->k1 ^ UINT64_C(0x7465646279746573),
	};
}

static inline void
sip_word(struct sip *s, uint64_t word)
{
	s->v3 ^= word;
	sip_round(s);
	s->v0 ^= word;
}

/* The last word: the remaining bytes, with the length modulo 256 in the top byte. */
static inline uint64_t
sip_end(struct sip *s, uint64_t rest, size_t n)
{
	sip_word(s, rest | (uint64_t)n << 56);
	s->v2 ^= 0xff;
	sip_round(s);
	sip_round(s);
	sip_round(s);
	return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

/* The hash of n 64-bit words, the same as of their bytes on a little-endian machine. */
static inline uint64_t
hash_words(const struct hashkey *k, const uint64_t *words, size_t n)
{
	struct sip s = sip_start(k);
	size_t i;

	for (i = 0; i < n; i++)
		sip_word(&s, words[i]);
	return sip_end(&s, 0, n * 8);
}

#define PAIR_WORDS 5 /* at most */

/* Random numbers, two for each word and one for the sum. */
struct pairkey {
	uint64_t m[2 * PAIR_WORDS + 1];
};

/* Derives all the numbers from k. */
void pairkey_init(struct pairkey *p, const struct hashkey *k);

/* The hash of n words; all keys of a table have the same n.  All bits are equally good.  The final
 * mix spreads consecutive keys; it is a bijection, so it adds no collisions. */
static inline uint32_t
hash_pairs(const struct pairkey *k, const uint64_t *words, unsigned n)
{
	uint64_t sum = k->m[2 * PAIR_WORDS];

	for (unsigned i = 0; i < n; i++)
		sum += (k->m[2 * i] + (uint32_t)words[i]) * (k->m[2 * i + 1] + (words[i] >> 32));
	sum >>= 32;
	sum = (sum ^ sum >> 16) * UINT32_C(0x85ebca6b) & UINT32_MAX;
	return (uint32_t)(sum ^ sum >> 13);
}

/*
 * The index of a table: from a hash to the numbers of the rows that have it.
 *
 * Open addressing with linear probing over (hash, row) pairs of 8 bytes, at most a quarter full:
 * one cache line answers nearly every look-up, most rows are in their first slot (mispredicted
 * branches cost when not), and removal leaves no tombstone.  Its memory is fixed at the start.  The
 * rows themselves are the caller's; the caller compares keys.
 *
 *	INDEX_EACH (x, h, row)
 *		if (same(&rows[row], key)) ...
 */

#define INDEX_NONE UINT32_MAX       /* no further row */
#define INDEX_SKIP (UINT32_MAX - 1) /* the slot has another hash: continue */

struct index_slot {
	uint32_t hash;
	uint32_t row; /* INDEX_NONE: free */
};

struct index {
	struct index_slot *slots;
	uint32_t mask;
	uint32_t used;
};

/* Allocates room for `rows` rows; exits if out of memory. */
void index_init(struct index *x, uint32_t rows);
void index_fini(struct index *x);

/*
 * Starts with room for `rows` rows. index_double() doubles the slots, up to room for `most` rows,
 * and empties the index.  It allocates nothing: the memory was reserved by index_init_growing() and
 * is not touched before.
 */
void index_init_growing(struct index *x, uint32_t rows, uint32_t most);
void index_double(struct index *x);

/* Like index_init(), but all slots must be cleared with index_clear_slots() before the first
 * look-up.  A large index can so be cleared in steps, also when it is emptied later. */
void index_reserve(struct index *x, uint32_t rows);
void index_clear_slots(struct index *x, uint32_t slot, uint32_t n);

/* How many rows there is room for. */
uint32_t index_capacity(const struct index *x);

/* Bytes of memory that index_init() takes for rows rows. */
size_t index_memory(uint32_t rows);

/* Adds (hash, row).  There is room for two entries per row, for rows that are found by two hashes.
 * The caller must not add the same pair twice. */
void index_add(struct index *x, uint32_t hash, uint32_t row);

/* Removes (hash, row), which must be present. */
void index_remove(struct index *x, uint32_t hash, uint32_t row);

/* The number of slots: a power of two. */
static inline uint32_t
index_slots(const struct index *x)
{
	return x->mask + 1;
}

static inline void
index_prefetch(const struct index *x, uint32_t hash)
{
	PREFETCH(&x->slots[hash & x->mask]);
}

static inline uint32_t
index_first(const struct index *x, uint32_t hash)
{
	return hash & x->mask;
}

static inline uint32_t
index_next(const struct index *x, uint32_t slot)
{
	return (slot + 1) & x->mask;
}

/* The row at slot if the hashes match; INDEX_SKIP if the slot has another hash; INDEX_NONE at the
 * end of the run. */
static inline uint32_t
index_at(const struct index *x, uint32_t slot, uint32_t hash)
{
	const struct index_slot *s = &x->slots[slot];

	if (s->row == INDEX_NONE || s->hash == hash)
		return s->row;
	return INDEX_SKIP;
}

/* The rows with that hash, in turn. */
#define INDEX_EACH(x, hash, row)                                                                   \
	for (uint32_t slot_ = index_first(x, hash), row;                                           \
	     (row = index_at(x, slot_, hash)) != INDEX_NONE; slot_ = index_next(x, slot_))         \
		if (row == INDEX_SKIP)                                                             \
			continue;                                                                  \
		else

/* A row with that hash if one is at its first or second slot; else INDEX_NONE.  Branch-free,
 * because which slot it is cannot be predicted. */
static inline uint32_t
index_guess(const struct index *x, uint32_t hash)
{
	const struct index_slot *own = &x->slots[index_first(x, hash)];
	const struct index_slot *next = &x->slots[index_next(x, index_first(x, hash))];
	uint32_t row = next->hash == hash ? next->row : INDEX_NONE;

	return own->hash == hash ? own->row : row;
}

#endif
