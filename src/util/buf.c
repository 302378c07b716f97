#include "config.h"

#include "util/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"

#define BUF_FIRST_CAP 256

void
buf_init(struct buf *b, char *array, size_t size)
{
	assert(size > 0);
	*b = (struct buf){ .s = array, .cap = size };
	b->s[0] = '\0';
}

void
buf_new(struct buf *b)
{
	*b = (struct buf){ .s = xcalloc(BUF_FIRST_CAP, 1), .cap = BUF_FIRST_CAP, .heap = true };
}

void
buf_del(struct buf *b)
{
	if (b->heap)
		free(b->s);
	*b = (struct buf){ 0 };
}

void
buf_clear(struct buf *b)
{
	b->len = 0;
	b->s[0] = '\0';
	b->truncated = false;
}

/* Grows a heap buffer to hold n more bytes.  Returns how many bytes can be added. */
static size_t
buf_reserve(struct buf *b, size_t n)
{
	size_t cap = b->cap;

	if (b->heap && n >= cap - b->len) {
		while (n >= cap - b->len)
			cap = cap <= SIZE_MAX / 2 ? 2 * cap : SIZE_MAX;
		b->s = xreallocarray(b->s, cap, 1);
		b->cap = cap;
	}
	return b->truncated ? 0 : b->cap - b->len - 1;
}

/* Bytes of the UTF-8 character that begins with c. */
static size_t
buf_utf8_length(unsigned char c)
{
	return (size_t)(1 + (c >= 0xc0) + (c >= 0xe0) + (c >= 0xf0));
}

/* Marks the text as truncated, and drops an incomplete last character. */
static void
buf_truncate(struct buf *b)
{
	size_t back;

	b->truncated = true;
	for (back = 1; back <= 3 && back <= b->len; back++) {
		unsigned char c = (unsigned char)b->s[b->len - back];

		if ((c & 0xc0) == 0x80)
			continue;
		if (buf_utf8_length(c) > back)
			b->len -= back;
		break;
	}
	b->s[b->len] = '\0';
}

void
buf_add(struct buf *b, const void *bytes, size_t n)
{
	size_t room = buf_reserve(b, n);
	size_t fits = n < room ? n : room;

	if (fits > 0)
		memcpy(b->s + b->len, bytes, fits);
	b->len += fits;
	b->s[b->len] = '\0';
	if (fits < n && !b->truncated)
		buf_truncate(b);
}

void
buf_addc(struct buf *b, char c)
{
	if (UNLIKELY(b->truncated || b->len + 1 >= b->cap)) {
		buf_add(b, &c, 1);
		return;
	}
	b->s[b->len++] = c;
	b->s[b->len] = '\0';
}

void
buf_adds(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

static void ATTR_PRINTF(2, 0) buf_vaddf(struct buf *b, const char *fmt, va_list ap)
{
	va_list again;
	size_t room = buf_reserve(b, 0);
	int n;

	va_copy(again, ap);
	n = vsnprintf(b->s + b->len, room + 1, fmt, ap);
	if (n > 0 && b->heap && (size_t)n > room) {
		room = buf_reserve(b, (size_t)n);
		n = vsnprintf(b->s + b->len, room + 1, fmt, again);
	}
	va_end(again);
	if (n < 0)
		n = 0;
	if ((size_t)n <= room) {
		b->len += (size_t)n;
		b->s[b->len] = '\0';
	} else if (!b->truncated) {
		b->len += room;
		buf_truncate(b);
	}
}

void
buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(b, fmt, ap);
	va_end(ap);
}

void
buf_addu(struct buf *b, uint64_t n)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + n % 10);
		n /= 10;
	} while (n > 0);
	buf_add(b, digits + at, sizeof(digits) - at);
}

void
buf_setf(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	buf_clear(b);
	va_start(ap, fmt);
	buf_vaddf(b, fmt, ap);
	va_end(ap);
}
