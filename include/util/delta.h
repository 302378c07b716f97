/*
 * Packs bytes that are much like others that both sides have: of what is alike
 * only its place is written.  For pictures of one second after the other, in which most stays.
 *
 *	packed = { varint number of new bytes, these, varint number of bytes taken over
 *	           (0: the end), varint from where, as a zigzag distance from where the last
 *	           ones would go on } ...
 *
 * Bytes are taken over from `before`, or from what came out already, as if both were one text.
 */
#ifndef UTIL_DELTA_H
#define UTIL_DELTA_H

#include <stddef.h>
#include <stdint.h>

#define DELTA_MAX 65536 /* bytes of before and of s, each */

/* Packs s into out.  Returns how many bytes it takes; 0: there is no room for them. */
size_t delta_encode(
    const uint8_t *before, size_t n_before, const uint8_t *s, size_t n, uint8_t *out, size_t room);

/* The other way.  Returns how many bytes came out; 0 where packed is wrong, or too long. */
size_t delta_decode(const uint8_t *before, size_t n_before, const uint8_t *packed, size_t n,
    uint8_t *out, size_t room);

/* A number in as few bytes as it takes, seven bits each, the lowest first: at most 10. */
size_t varint_put(uint8_t *out, uint64_t n);

/* Returns the bytes that it took; 0: it does not end within room. */
size_t varint_get(const uint8_t *s, size_t room, uint64_t *n);

#endif
