/*
 * Delta encoding: bytes are encoded as copies from a base text that both sides have.  Used for
 * snapshots of consecutive seconds, which differ little.
 *
 *	encoded = { varint number of new bytes, the bytes, varint number of copied bytes
 *	           (0: the end), varint offset of the copy, zigzag-coded relative to the end
 *	           of the previous copy } ...
 *
 * Copies come from `before` or from the output so far, as if both were one text.
 */
#ifndef UTIL_DELTA_H
#define UTIL_DELTA_H

#include <stddef.h>
#include <stdint.h>

#define DELTA_MAX 65536 /* bytes of before and of s, each */

/* Encodes s into out.  Returns the number of bytes written, or 0 if they do not fit. */
size_t delta_encode(
    const uint8_t *before, size_t n_before, const uint8_t *s, size_t n, uint8_t *out, size_t room);

/* Decodes.  Returns the number of bytes written, or 0 if the input is invalid or the output too
 * long. */
size_t delta_decode(const uint8_t *before, size_t n_before, const uint8_t *packed, size_t n,
    uint8_t *out, size_t room);

/* Writes n as a varint: seven bits per byte, lowest first, at most 10 bytes. */
size_t varint_put(uint8_t *out, uint64_t n);

/* Returns the bytes read, or 0 if the varint does not end within room. */
size_t varint_get(const uint8_t *s, size_t room, uint64_t *n);

#endif
