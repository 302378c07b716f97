/*
 * TLS (RFC 8446, RFC 5246), DTLS (RFC 6347) and the server that a client asks for
 * (RFC 6066, 3), as far as the first segment of a ClientHello tells it.
 *
 *	TLS record: type (1)  version (2)  length (2)
 *	DTLS record: type (1)  version (2)  epoch (2)  sequence (6)  length (2)
 *	handshake: type (1)  length (3); DTLS: message (2)  offset (3)  length (3)
 *	ClientHello: version (2)  random (32)  session (1 + n)  DTLS: cookie (1 + n)
 *	    ciphers (2 + n)  compressions (1 + n)  extensions (2 + n)
 *	extension: type (2)  length (2)
 *	server_name: list's length (2)  type (1)  length (2)  name
 */
#include "config.h"

#include "dissect/content.h"
#include "dissect/layers.h"

#define RECORD_MOST (16384 + 2048) /* RFC 5246, 6.2.3 */
#define RECORD      5
#define DTLS_RECORD 13
#define HANDSHAKE   4
#define DTLS_MORE   8 /* of a handshake's header */

#define CHANGE_CIPHER_SPEC 20
#define HANDSHAKE_RECORD   22
#define CLIENT_HELLO       1
#define SERVER_NAME        0
#define HOST_NAME          0

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

/* The content of a vector behind its length is skipped. */
static void
skip_vector8(struct cursor *c)
{
	cur_skip(c, cur_u8(c));
}

static void
skip_vector16(struct cursor *c)
{
	cur_skip(c, cur_be16(c));
}

static void
read_server_name(struct cursor *c, struct said *s)
{
	uint16_t length;
	const uint8_t *name;
	uint8_t type;

	cur_skip(c, 2);
	type = cur_u8(c);
	length = cur_be16(c);
	name = cur_take(c, length);
	if (name != NULL && type == HOST_NAME)
		said_name(s, SAID_SERVER, name, length);
}

/* c is at the ClientHello's version. */
static void
read_hello(struct cursor *c, bool datagram, struct said *s)
{
	cur_skip(c, 34);
	skip_vector8(c);
	if (datagram)
		skip_vector8(c);
	skip_vector16(c);
	skip_vector8(c);
	cur_limit(c, cur_be16(c));
	while (!c->bad && cur_left(c) > 0) {
		uint16_t type = cur_be16(c), length = cur_be16(c);

		if (type == SERVER_NAME) {
			cur_limit(c, length);
			read_server_name(c, s);
			return;
		}
		cur_skip(c, length);
	}
}

static void
read_record(const struct cursor *c, size_t record, bool datagram, struct said *s)
{
	struct cursor at = *c;
	const uint8_t *h = cur_peek(&at, record + HANDSHAKE);

	if (h == NULL || h[0] != HANDSHAKE_RECORD || h[record] != CLIENT_HELLO)
		return;
	cur_skip(&at, record + HANDSHAKE + (datagram ? DTLS_MORE : 0));
	read_hello(&at, datagram, s);
}

struct next
tls_dissect(struct cursor *c, struct pkt *p)
{
	struct said *s = pkt_said(p);

	if (s != NULL && p->app_by == APP_BY_CONTENT)
		read_record(c, RECORD, false, s);
	return NEXT_END;
}

struct next
dtls_dissect(struct cursor *c, struct pkt *p)
{
	struct said *s = pkt_said(p);

	if (s != NULL && p->app_by == APP_BY_CONTENT)
		read_record(c, DTLS_RECORD, true, s);
	return NEXT_END;
}
