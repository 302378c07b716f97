/*
 * TLS (RFC 8446, RFC 5246) and DTLS (RFC 6347): the records, and in them the hellos.
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

enum content_verdict
is_tls(struct cursor *c, const struct content_place *at)
{
	const uint8_t *h = cur_take(c, RECORD);
	uint16_t length;

	(void)at;
	if (h == NULL || h[2] > 4)
		return CONTENT_NO;
	length = be16(h + 3);
	if (h[0] == CHANGE_CIPHER_SPEC)
		return length == 1 && cur_u8(c) == 1 ? CONTENT_YES : CONTENT_NO;
	return length > 0 && length <= RECORD_MOST ? CONTENT_YES : CONTENT_NO;
}

/* RFC 5246, E.2: length with the top bit (2), 1, version (2), length of the ciphers, three bytes
 * each (2) */
enum content_verdict
is_ssl2_hello(struct cursor *c, const struct content_place *at)
{
	const uint8_t *h = cur_take(c, 7);
	uint16_t version;

	(void)at;
	if (h == NULL || be16(h + 5) % 3 != 0)
		return CONTENT_NO;
	version = be16(h + 3);
	return version == 2 || (version >= 0x300 && version <= 0x303) ? CONTENT_YES : CONTENT_NO;
}

enum content_verdict
is_dtls(struct cursor *c, const struct content_place *at)
{
	const uint8_t *h = cur_take(c, DTLS_RECORD);
	uint16_t version;

	(void)at;
	if (h == NULL)
		return CONTENT_NO;
	version = be16(h + 1);
	if (version != 0xfeff && version != 0xfefd)
		return CONTENT_NO;
	return cur_may_hold(c, be16(h + 11)) ? CONTENT_YES : CONTENT_NO;
}

/* Takes the headers of handshake records out of n bytes of a stream.  Returns what is left. */
static size_t
unwrap(const uint8_t *bytes, size_t n, uint8_t *out)
{
	struct cursor c = { .p = bytes, .end = bytes + n };
	size_t total = 0;

	while (cur_left(&c) >= RECORD && c.p[0] == HANDSHAKE_RECORD) {
		size_t length = be16(c.p + 3);

		cur_skip(&c, RECORD);
		if (length > cur_left(&c))
			length = cur_left(&c);
		memcpy(out + total, cur_take(&c, length), length);
		total += length;
	}
	return total;
}

/* Where the record ends that byte n of a stream is in; 0: its header is not there yet. */
static size_t
record_end(const uint8_t *bytes, size_t n)
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
 * Looks at all that is there of a hello.  The next look is where its record ends, or where a
 * quarter more is there.
 */
static void
look(struct hello *h, struct said *s)
{
	struct cursor at = { .p = s->hellos->plain };
	size_t n = hello_ready(h), end = record_end(h->bytes, n), more = n + n / 4 + 1;

	at.end = at.p + unwrap(h->bytes, n, s->hellos->plain);
	if (hello_read(&at, false, s))
		hello_done(s->hellos, h);
	else
		hello_look_again(s->hellos, h, end != 0 && end < more ? end : more);
}

/* True if the segment is a further piece of a hello that was begun before.  The driver has put it
 * to the others. */
static bool
go_on(const struct cursor *c, const struct pkt *p, struct said *s)
{
	struct hello *h = s->hellos != NULL ? hello_waiting(s->hellos, p, c) : NULL;

	if (h == NULL)
		return false;
	if (h->app == PROTO_TLS && hello_grew(h))
		look(h, s);
	return true;
}

static struct hello *
start(struct hellos *hs, const struct pkt *p, const struct cursor *c)
{
	return hello_begin(hs, p, hello_seq(p, c), PROTO_TLS);
}

static void
begin(const struct cursor *c, const struct pkt *p, struct said *s)
{
	const uint8_t *h = cur_peek(c, RECORD + 1);
	struct cursor at = *c;
	struct hello *hello;

	if (h == NULL || h[0] != HANDSHAKE_RECORD)
		return;
	cur_skip(&at, RECORD);
	cur_limit(&at, be16(h + 3));
	if (hello_read(&at, false, s) || h[RECORD] != CLIENT_HELLO || !hello_may_go_on(c, s))
		return;
	hello = start(s->hellos, p, c);
	hello_put(hello, 0, c->p, cur_left(c));
	/* Its next record may be in the same segment. */
	if (RECORD + (size_t)be16(h + 3) < cur_left(c))
		look(hello, s);
}

/* Some senders hide a hello by a first segment of a byte or so. */
static void
begin_short(const struct cursor *c, const struct pkt *p, struct said *s)
{
	static const uint8_t head[] = { HANDSHAKE_RECORD, 3 };
	size_t n = cur_left(c);

	if (n > 0 && n <= HELLO_SHORT && memcmp(c->p, head, n < 2 ? n : 2) == 0 &&
	    hello_may_go_on(c, s))
		hello_put(start(s->hellos, p, c), 0, c->p, n);
}

struct next
tls_dissect(struct cursor *c, struct pkt *p)
{
	struct said *s = pkt_said(p);

	if (s == NULL || go_on(c, p, s))
		return NEXT_END;
	if (p->app_by == APP_BY_CONTENT)
		begin(c, p, s);
	begin_short(c, p, s);
	return NEXT_END;
}

struct next
dtls_dissect(struct cursor *c, struct pkt *p)
{
	struct said *s = pkt_said(p);
	const uint8_t *h = cur_peek(c, DTLS_RECORD);
	struct cursor at = *c;

	if (s == NULL || p->app_by != APP_BY_CONTENT || h == NULL || h[0] != HANDSHAKE_RECORD)
		return NEXT_END;
	cur_skip(&at, DTLS_RECORD);
	cur_limit(&at, be16(h + 11));
	hello_read(&at, true, s);
	return NEXT_END;
}
