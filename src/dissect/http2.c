/*
 * RFC 9113, 3.4, 4.1 and 6.2:
 *
 *	preface (24), then frames: length (3)  type (1)  flags (1)  stream (4)  payload
 *	HEADERS: [padding's length (1)]  [priority (5)]  block of fields  [padding]
 */
#include "config.h"

#include "dissect/classify.h"

#include <string.h>

#define PREFACE "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
#define FRAME   9

#define HEADERS  1
#define PADDED   0x08
#define PRIORITY 0x20

bool
http2_is_preface(const uint8_t *bytes, size_t n)
{
	const size_t preface = strlen(PREFACE);

	return n >= preface && memcmp(bytes, PREFACE, preface) == 0;
}

static void
http2_read_headers(struct cursor *c, uint8_t flags, struct pkt_meta *s)
{
	size_t padding = flags & PADDED ? cur_u8(c) : 0;

	if (flags & PRIORITY)
		cur_skip(c, 5);
	if (padding > cur_captured(c))
		return;
	cur_limit(c, cur_captured(c) - padding);
	hpack_read(c, s);
}

bool
http2_read(const uint8_t *bytes, size_t n, size_t *at, struct pkt_meta *s)
{
	struct cursor c = { .p = bytes, .end = bytes + n };

	cur_skip(&c, *at > 0 ? *at : strlen(PREFACE));
	for (;;) {
		const uint8_t *h = cur_take(&c, FRAME);
		size_t length = h != NULL ? be32(h) >> 8 : 0;

		if (h == NULL || length > cur_captured(&c))
			return false;
		if (h[3] == HEADERS) {
			cur_limit(&c, length);
			http2_read_headers(&c, h[4], s);
			return true;
		}
		cur_skip(&c, length);
		*at = (size_t)(c.p - bytes);
	}
}
