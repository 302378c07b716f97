/*
 * TLS (RFC 8446, RFC 5246) and DTLS (RFC 6347): records and the hellos in them.
 *
 *	TLS record: type (1)  version (2)  length (2)
 *	DTLS record: type (1)  version (2)  epoch (2)  sequence (6)  length (2)
 */
#include "config.h"

#include "dissect/classify.h"
#include "dissect/hello_reassembly.h"
#include "dissect/private.h"

#define RECORD_MOST (16384 + 2048) /* RFC 5246, 6.2.3 */
#define RECORD      5
#define DTLS_RECORD 13

#define CHANGE_CIPHER_SPEC 20
#define HANDSHAKE_RECORD   22
#define CLIENT_HELLO       1

enum classify_verdict
tls_is_record(struct cursor *c, const struct classify_hint *at)
{
	const uint8_t *h = cur_take(c, RECORD);
	uint16_t length;

	(void)at;
	if (h == NULL || h[2] > 4)
		return CLASSIFY_NO;
	length = be16(h + 3);
	if (h[0] == CHANGE_CIPHER_SPEC)
		return length == 1 && cur_u8(c) == 1 ? CLASSIFY_YES : CLASSIFY_NO;
	return length > 0 && length <= RECORD_MOST ? CLASSIFY_YES : CLASSIFY_NO;
}

/* RFC 5246, E.2: length with the top bit (2), 1, version (2), length of the ciphers, three bytes
 * each (2) */
enum classify_verdict
tls_is_ssl2_hello(struct cursor *c, const struct classify_hint *at)
{
	const uint8_t *h = cur_take(c, 7);
	uint16_t version;

	(void)at;
	if (h == NULL || be16(h + 5) % 3 != 0)
		return CLASSIFY_NO;
	version = be16(h + 3);
	return version == 2 || (version >= 0x300 && version <= 0x303) ? CLASSIFY_YES : CLASSIFY_NO;
}

enum classify_verdict
dtls_is_record(struct cursor *c, const struct classify_hint *at)
{
	const uint8_t *h = cur_take(c, DTLS_RECORD);
	uint16_t version;

	(void)at;
	if (h == NULL)
		return CLASSIFY_NO;
	version = be16(h + 1);
	if (version != 0xfeff && version != 0xfefd)
		return CLASSIFY_NO;
	return cur_may_hold(c, be16(h + 11)) ? CLASSIFY_YES : CLASSIFY_NO;
}

/* Copies n bytes of a stream without the headers of handshake records.  Returns the length of the
 * copy. */
static size_t
tls_strip_records(const uint8_t *bytes, size_t n, uint8_t *out)
{
	struct cursor c = { .p = bytes, .end = bytes + n };
	size_t total = 0;

	while (cur_captured(&c) >= RECORD && c.p[0] == HANDSHAKE_RECORD) {
		size_t length = be16(c.p + 3);

		cur_skip(&c, RECORD);
		if (length > cur_captured(&c))
			length = cur_captured(&c);
		memcpy(out + total, cur_take(&c, length), length);
		total += length;
	}
	return total;
}

/* The end of the record that byte n of a stream is in, or 0 if its header is not complete. */
static size_t
tls_record_end(const uint8_t *bytes, size_t n)
{
	size_t at = 0;

	while (at + RECORD <= n) {
		at += RECORD + be16(bytes + at + 3);
		if (at > n)
			return at;
	}
	return 0;
}

/*
 * Parses the received part of a hello.  The next attempt is at the end of its record, or after 25 %
 * more.
 */
static void
tls_read_buffer(struct hello_buffer *h, struct pkt_meta *s)
{
	struct cursor at = { .p = s->hello_buffers->plaintext };
	size_t n = hello_contiguous(h), end = tls_record_end(h->bytes, n), more = n + n / 4 + 1;

	at.end = at.p + tls_strip_records(h->bytes, n, s->hello_buffers->plaintext);
	if (tls_hello_read(&at, false, s))
		hello_finish(s->hello_buffers, h);
	else
		hello_parse_later(s->hello_buffers, h, end != 0 && end < more ? end : more);
}

/* True if the segment continues a hello that is being reassembled.  The driver has already added
 * it. */
static bool
tls_continue(const struct cursor *c, const struct pkt *p, struct pkt_meta *s)
{
	struct hello_buffer *h =
	    s->hello_buffers != NULL ? hello_find_pending(s->hello_buffers, p, c) : NULL;

	if (h == NULL)
		return false;
	if (h->app == PROTO_TLS && hello_should_parse(h))
		tls_read_buffer(h, s);
	return true;
}

static struct hello_buffer *
tls_new_buffer(struct hello_buffers *hs, const struct pkt *p, const struct cursor *c)
{
	return hello_new(hs, p, hello_payload_seq(p, c), PROTO_TLS);
}

static void
tls_start(const struct cursor *c, const struct pkt *p, struct pkt_meta *s)
{
	const uint8_t *h = cur_peek(c, RECORD + 1);
	struct cursor at = *c;
	struct hello_buffer *hello;

	if (h == NULL || h[0] != HANDSHAKE_RECORD)
		return;
	cur_skip(&at, RECORD);
	cur_limit(&at, be16(h + 3));
	if (tls_hello_read(&at, false, s) || h[RECORD] != CLIENT_HELLO || !hello_may_continue(c, s))
		return;
	hello = tls_new_buffer(s->hello_buffers, p, c);
	hello_store(hello, 0, c->p, cur_captured(c));
	/* Its next record may be in the same segment. */
	if (RECORD + (size_t)be16(h + 3) < cur_captured(c))
		tls_read_buffer(hello, s);
}

/* Some senders split a hello after the first byte or so, to hide it. */
static void
tls_start_short(const struct cursor *c, const struct pkt *p, struct pkt_meta *s)
{
	static const uint8_t head[] = { HANDSHAKE_RECORD, 3 };
	size_t n = cur_captured(c);

	if (n > 0 && n <= HELLO_SHORT && memcmp(c->p, head, n < 2 ? n : 2) == 0 &&
	    hello_may_continue(c, s))
		hello_store(tls_new_buffer(s->hello_buffers, p, c), 0, c->p, n);
}

struct next
tls_dissect(struct cursor *c, struct pkt *p)
{
	struct pkt_meta *s = pkt_get_meta(p);

	if (s == NULL || tls_continue(c, p, s))
		return NEXT_END;
	if (p->app_confidence == APP_BY_CONTENT)
		tls_start(c, p, s);
	tls_start_short(c, p, s);
	return NEXT_END;
}

struct next
dtls_dissect(struct cursor *c, struct pkt *p)
{
	struct pkt_meta *s = pkt_get_meta(p);
	const uint8_t *h = cur_peek(c, DTLS_RECORD);
	struct cursor at = *c;

	if (s == NULL || p->app_confidence != APP_BY_CONTENT || h == NULL ||
	    h[0] != HANDSHAKE_RECORD)
		return NEXT_END;
	cur_skip(&at, DTLS_RECORD);
	cur_limit(&at, be16(h + 11));
	tls_hello_read(&at, true, s);
	return NEXT_END;
}
