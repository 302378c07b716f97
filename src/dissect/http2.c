/*
 * RFC 9113, 3.4, 4.1, 6.2 and 6.10:
 *
 *	preface (24), then frames: length (3)  type (1)  flags (1)  stream (4)  payload
 *	HEADERS: [padding's length (1)]  [priority (5)]  start of a block of fields  [padding]
 *	CONTINUATION: more of the block; the last frame of a block has the flag END_HEADERS
 */
#include "config.h"

#include <string.h>

#include "dissect/classify.h"
#include "dissect/hello_reassembly.h"

#define PREFACE "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
#define FRAME   9

#define HEADERS      1
#define CONTINUATION 9
#define END_HEADERS  0x04
#define PADDED       0x08
#define PRIORITY     0x20

#define CONTINUATIONS_MOST 16 /* of a block */

struct http2_frame {
	uint8_t type, flags;
	bool whole;
	struct cursor payload;
};

struct http2_block {
	size_t n;
	uint8_t bytes[HELLO_MAX];
};

bool
http2_is_preface(const uint8_t *bytes, size_t n)
{
	const size_t preface = strlen(PREFACE);

	return n >= preface && memcmp(bytes, PREFACE, preface) == 0;
}

/* False if a frame's header is incomplete. */
static bool
http2_next_frame(struct cursor *c, struct http2_frame *f)
{
	const uint8_t *h = cur_take(c, FRAME);
	size_t length = h != NULL ? be32(h) >> 8 : 0, captured = cur_captured(c);

	f->whole = h != NULL && length <= captured;
	if (h == NULL)
		return false;
	f->type = h[3];
	f->flags = h[4];
	f->payload = *c;
	cur_limit(&f->payload, f->whole ? length : captured);
	cur_skip(c, f->whole ? length : captured);
	return true;
}

static void
http2_trim_headers(struct http2_frame *f)
{
	struct cursor *c = &f->payload;
	size_t padding = f->flags & PADDED ? cur_u8(c) : 0;

	if (f->flags & PRIORITY)
		cur_skip(c, 5);
	if (f->whole)
		cur_limit(c, cur_captured(c) >= padding ? cur_captured(c) - padding : 0);
}

static void
http2_append(struct http2_block *b, const struct cursor *c)
{
	size_t room = sizeof(b->bytes) - b->n, n = cur_captured(c) < room ? cur_captured(c) : room;

	memcpy(b->bytes + b->n, c->p, n);
	b->n += n;
}

/* Reads a block that begins with f, from as many frames as there are. */
static bool
http2_read_block(struct cursor *c, struct http2_frame *f, struct pkt_meta *s)
{
	struct http2_block b;
	struct cursor block;
	unsigned n = 0;

	b.n = 0;
	http2_trim_headers(f);
	http2_append(&b, &f->payload);
	while (f->whole && !(f->flags & END_HEADERS) && n++ < CONTINUATIONS_MOST &&
	    http2_next_frame(c, f) && f->type == CONTINUATION)
		http2_append(&b, &f->payload);
	block = (struct cursor){ .p = b.bytes, .end = b.bytes + b.n };
	return hpack_read(&block, f->whole, s);
}

bool
http2_read(const uint8_t *bytes, size_t n, size_t *at, struct pkt_meta *s)
{
	struct cursor c = { .p = bytes, .end = bytes + n };
	struct http2_frame f;

	cur_skip(&c, *at > 0 ? *at : strlen(PREFACE));
	while (http2_next_frame(&c, &f)) {
		/* A frame that is too long to be kept is read as far as it goes. */
		if (!f.whole && n < HELLO_MAX)
			return false;
		if (f.type == HEADERS)
			return http2_read_block(&c, &f, s);
		*at = (size_t)(c.p - bytes);
	}
	return false;
}
