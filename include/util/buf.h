/*
 * Bounded text under construction.
 *
 * buf_init() uses the caller's array.  Text that does not fit is dropped, never in the middle of a
 * UTF-8 character, and `truncated` is set; then nothing is added until buf_clear().  The text
 * always ends in NUL. buf_new() grows on the heap as needed (for reports, never on the packet
 * path); buf_del() frees it.
 */
#ifndef UTIL_BUF_H
#define UTIL_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/attr.h"

struct buf {
	char *s;        /* always NUL-terminated */
	size_t len;     /* without the NUL */
	size_t cap;     /* with the NUL */
	bool heap;      /* may grow */
	bool truncated; /* something did not fit */
};

/* An empty text in the caller's array of size bytes, size > 0. */
void buf_init(struct buf *b, char *array, size_t size);

/* An empty text on the heap. */
void buf_new(struct buf *b);
void buf_del(struct buf *b);

/* Empties it; the memory is kept. */
void buf_clear(struct buf *b);

void buf_addc(struct buf *b, char c);
void buf_adds(struct buf *b, const char *s);
void buf_add(struct buf *b, const void *bytes, size_t n);
void buf_addf(struct buf *b, const char *fmt, ...) ATTR_PRINTF(2, 3);

/* Adds n in decimal; faster than buf_addf. */
void buf_addu(struct buf *b, uint64_t n);

/* Replaces the text: for one-sentence errors. */
void buf_setf(struct buf *b, const char *fmt, ...) ATTR_PRINTF(2, 3);

#endif
