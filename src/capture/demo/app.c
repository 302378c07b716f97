/*
 * The first bytes of messages in synthetic connections, valid for dissectors.
 */
#include "config.h"

#include <string.h>

#include "capture/demo/session.h"
#include "util/attr.h"
#include "util/buf.h"

#define CLIENT 0

/* Pseudo-random bytes of this session: the same in every call. */
static const uint8_t *
demo_app_random_bytes(const struct demo *d, const struct demo_session *s)
{
	return d->pool + s->end[CLIENT].port % (DEMO_POOL - WIRE_MTU);
}

/* Makes this the whole message. */
static void
demo_app_send_message(struct demo *d, struct demo_session *s)
{
	s->left = (uint32_t)wire_length(&d->wire);
}

static void
demo_app_send_text(struct demo *d, struct demo_session *s, const char *text)
{
	wire_text(&d->wire, text);
	demo_app_send_message(d, s);
}

/* The record and handshake headers of a hello (RFC 8446, 4.1). */
static size_t
demo_app_start_hello(struct demo *d, unsigned version, unsigned type, size_t *record)
{
	wire_u8(&d->wire, 22);
	wire_u16(&d->wire, version);
	*record = wire_open(&d->wire);
	wire_u8(&d->wire, type);
	wire_u8(&d->wire, 0);
	return wire_open(&d->wire);
}

/* Server name (RFC 6066, 3) */
static void
demo_app_put_sni(struct wire *w, const char *name)
{
	size_t extension, list, length;

	wire_u16(w, 0);
	extension = wire_open(w);
	list = wire_open(w);
	wire_u8(w, 0);
	length = wire_open(w);
	wire_text(w, name);
	wire_close(w, length);
	wire_close(w, list);
	wire_close(w, extension);
}

static void
demo_app_client_hello(struct demo *d, struct demo_session *s)
{
	/* three ciphers; no compression */
	static const uint8_t ciphers[] = { 0, 6, 0x13, 1, 0x13, 2, 0x13, 3, 1, 0 };
	/* groups: x25519; signatures: ECDSA, RSA-PSS; protocols: h2; version: 1.3; its key share */
	static const uint8_t extensions[] = { 0, 10, 0, 4, 0, 2, 0, 29, 0, 13, 0, 6, 0, 4, 4, 3, 8,
		4, 0, 16, 0, 5, 0, 3, 2, 'h', '2', 0, 43, 0, 3, 2, 3, 4, 0, 51, 0, 38, 0, 36, 0, 29,
		0, 32 };
	struct wire *w = &d->wire;
	size_t record, message, list;

	message = demo_app_start_hello(d, 0x0301, 1, &record);
	wire_u16(w, 0x0303);
	wire_bytes(w, demo_app_random_bytes(d, s), 32);
	wire_u8(w, 32);
	wire_bytes(w, demo_app_random_bytes(d, s) + 32, 32);
	wire_bytes(w, ciphers, sizeof(ciphers));
	list = wire_open(w);
	demo_app_put_sni(w, demo_site_name(s->site));
	wire_bytes(w, extensions, sizeof(extensions));
	wire_bytes(w, demo_app_random_bytes(d, s) + 64, 32);
	wire_close(w, list);
	wire_close(w, message);
	wire_close(w, record);
	demo_app_send_message(d, s);
}

static void
demo_app_server_hello(struct demo *d, const struct demo_session *s)
{
	/* cipher, no compression; extensions: version 1.3, its key share */
	static const uint8_t choice[] = { 0x13, 1, 0, 0, 46, 0, 43, 0, 2, 3, 4, 0, 51, 0, 36, 0, 29,
		0, 32 };
	static const uint8_t change_cipher[] = { 20, 3, 3, 0, 1, 1 };
	struct wire *w = &d->wire;
	size_t record, message;

	message = demo_app_start_hello(d, 0x0303, 2, &record);
	wire_u16(w, 0x0303);
	wire_bytes(w, demo_app_random_bytes(d, s) + 96, 32);
	wire_u8(w, 32);
	wire_bytes(w, demo_app_random_bytes(d, s) + 32, 32);
	wire_bytes(w, choice, sizeof(choice));
	wire_bytes(w, demo_app_random_bytes(d, s) + 128, 32);
	wire_close(w, message);
	wire_close(w, record);
	wire_bytes(w, change_cipher, sizeof(change_cipher));
}

void
demo_tls(struct demo *d, struct demo_session *s)
{
	if (s->turn > 0)
		return;
	if (s->from == CLIENT) {
		demo_app_client_hello(d, s);
		return;
	}
	demo_app_server_hello(d, s);
	s->left += (uint32_t)wire_length(&d->wire);
}

void
demo_http(struct demo *d, struct demo_session *s)
{
	char text[256];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	if (s->from == CLIENT) {
		buf_addf(&b,
		    "GET /%u.html HTTP/1.1\r\nHost: %s\r\nUser-Agent: demo/1.0\r\n"
		    "Accept: */*\r\n\r\n",
		    demo_random(d, 1000), demo_site_name(s->site));
		demo_app_send_text(d, s, text);
		return;
	}
	buf_addf(&b,
	    "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"
	    "Content-Length: %u\r\n\r\n",
	    (unsigned)s->left);
	wire_text(&d->wire, text);
	s->left += (uint32_t)b.len;
}

/* Banners (RFC 4253, 4.2) come first: the server's is turn 0, the client's its answer. */
void
demo_ssh(struct demo *d, struct demo_session *s)
{
	if (s->turn == 0)
		demo_app_send_text(d, s, "SSH-2.0-OpenSSH_9.9\r\n");
	else if (s->turn == 1 && s->from == CLIENT)
		demo_app_send_text(d, s, "SSH-2.0-OpenSSH_10.0\r\n");
}

/* RFC 5321; other turns are the mail itself. */
void
demo_smtp(struct demo *d, struct demo_session *s)
{
	static const char *const talk[][2] = {
		{ NULL, "220 mail.example.com ESMTP\r\n" },
		{ "EHLO mail.example.net\r\n", "250-mail.example.com\r\n250 SIZE 20971520\r\n" },
		{ "MAIL FROM:<alice@example.net>\r\n", "250 2.1.0 Ok\r\n" },
		{ "RCPT TO:<bob@example.com>\r\n", "250 2.1.5 Ok\r\n" },
		{ "DATA\r\n", "354 End data with <CR><LF>.<CR><LF>\r\n" },
		{ NULL, "250 2.0.0 Ok\r\n" },
		{ "QUIT\r\n", "221 2.0.0 Bye\r\n" },
	};
	const char *text = s->turn < NITEMS(talk) ? talk[s->turn][s->from] : NULL;

	if (text != NULL)
		demo_app_send_text(d, s, text);
	else
		wire_text(&d->wire, "Subject: minutes of our meeting\r\n\r\n");
}

/* PostgreSQL protocol 3.0: a type (1) and a length that includes itself (4). */
void
demo_pgsql(struct demo *d, struct demo_session *s)
{
	static const uint8_t start[] = "\0\3\0\0user\0shop\0database\0shop\0";
	static const uint8_t welcome[] = "R\0\0\0\10\0\0\0\0Z\0\0\0\5I";
	static const char query[] = "SELECT * FROM orders WHERE shipped IS NULL LIMIT 100";
	struct wire *w = &d->wire;

	if (s->turn == 0 && s->from == CLIENT) {
		wire_u32(w, sizeof(start) + 4);
		wire_bytes(w, start, sizeof(start));
		demo_app_send_message(d, s);
	} else if (s->turn == 0) {
		wire_bytes(w, welcome, sizeof(welcome) - 1);
		demo_app_send_message(d, s);
	} else if (s->from == CLIENT) {
		wire_u8(w, 'Q');
		wire_u32(w, 4 + sizeof(query));
		wire_bytes(w, query, sizeof(query));
		demo_app_send_message(d, s);
	} else { /* a row of one column: the rest after these 11 bytes */
		wire_u8(w, 'D');
		wire_u32(w, s->left - 1);
		wire_u16(w, 1);
		wire_u32(w, s->left - 11);
	}
}
