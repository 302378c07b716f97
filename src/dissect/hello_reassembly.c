/*
 * RFC 8446, 4.1; RFC 6347, 4.2; RFC 6066, 3; RFC 7301, 3.1:
 *
 *	handshake: type (1)  length (3); DTLS: message (2)  offset (3)  length (3)
 *	ClientHello: version (2)  random (32)  session (1 + n)  DTLS: cookie (1 + n)
 *	    ciphers (2 + n)  compressions (1 + n)  extensions (2 + n)
 *	ServerHello: version (2)  random (32)  session (1 + n)  cipher (2)  compression (1)
 *	    extensions (2 + n)
 *	extension: type (2)  length (2)
 *	server_name: list's length (2)  type (1)  length (2)  name
 *	application_layer_protocol_negotiation: list's length (2)  names (1 + n)
 */
#include "config.h"

#include "dissect/hello_reassembly.h"

#include <string.h>

#include "dissect/dissect.h"

#define NS    UINT64_C(1000000000)
#define STALE (10 * NS) /* an older handshake is a different one */
#define TENTH (NS / 10)

#define HANDSHAKE 4
#define DTLS_MORE 8 /* of a handshake's header */

#define CLIENT_HELLO 1
#define SERVER_HELLO 2
#define SERVER_NAME  0
#define HOST_NAME    0
#define ALPN         16

void
hello_buffers_init(struct hello_buffers *hs, const struct cipher *cipher)
{
	memset(hs, 0, sizeof(*hs));
	hs->cipher = cipher;
}

bool
hello_may_decrypt(struct hello_buffers *hs, uint64_t ts)
{
	if (hs->decrypt_period != ts / TENTH) {
		hs->decrypt_period = ts / TENTH;
		hs->decrypts = 0;
	}
	return hs->decrypts++ < HELLO_DECRYPTS_MAX;
}

static unsigned
hello_packet_slot(const struct pkt *p)
{
	return hello_slot(hello_ports(p));
}

struct hello_buffer *
hello_find(struct hello_buffers *hs, const struct pkt *p)
{
	struct hello_buffer *h = &hs->slot[hello_packet_slot(p)];

	if (h->proto == 0 || h->proto != p->proto || h->sport != p->sport || h->dport != p->dport)
		return NULL;
	if (p->ts - h->started > STALE)
		return NULL;
	return addr_equal(&h->src, &p->src) && addr_equal(&h->dst, &p->dst) ? h : NULL;
}

struct hello_buffer *
hello_find_pending(struct hello_buffers *hs, const struct pkt *p, const struct cursor *c)
{
	unsigned slot = hello_packet_slot(p);
	struct hello_buffer *h = &hs->slot[slot];

	if (!(hs->pending >> slot & 1) || hello_payload_seq(p, c) - h->start_seq >= HELLO_MAX)
		return NULL;
	/* The rest will not come any more. */
	if (p->ts - h->started > STALE)
		hs->pending &= ~(UINT64_C(1) << slot);
	return hello_find(hs, p);
}

void
hello_finish(struct hello_buffers *hs, struct hello_buffer *h)
{
	h->done = true;
	hs->pending &= ~(UINT64_C(1) << (h - hs->slot));
}

struct hello_buffer *
hello_new(struct hello_buffers *hs, const struct pkt *p, uint32_t begin, uint8_t app)
{
	unsigned slot = hello_packet_slot(p);
	struct hello_buffer *h = &hs->slot[slot];

	hs->pending |= UINT64_C(1) << slot;
	h->src = p->src;
	h->dst = p->dst;
	h->sport = p->sport;
	h->dport = p->dport;
	h->proto = (uint8_t)p->proto;
	h->started = p->ts;
	h->start_seq = begin;
	h->app = app;
	h->done = false;
	h->n_parses = 0;
	h->contiguous = h->parse_at = 0;
	memset(h->received, 0, sizeof(h->received));
	return h;
}

void
hello_store(struct hello_buffer *h, size_t at, const uint8_t *bytes, size_t n)
{
	if (at >= HELLO_MAX)
		return;
	if (n > HELLO_MAX - at)
		n = HELLO_MAX - at;
	memcpy(h->bytes + at, bytes, n);
	for (size_t i = at; i < at + n; i++)
		h->received[i / 64] |= UINT64_C(1) << i % 64;
}

size_t
hello_contiguous(struct hello_buffer *h)
{
	size_t n = h->contiguous;

	while (n < HELLO_MAX && h->received[n / 64] >> n % 64 & 1)
		n++;
	return h->contiguous = (uint16_t)n;
}

bool
hello_should_parse(struct hello_buffer *h)
{
	return hello_contiguous(h) >= h->parse_at;
}

void
hello_parse_later(struct hello_buffers *hs, struct hello_buffer *h, size_t at)
{
	h->parse_at = (uint16_t)(at < HELLO_MAX ? at : HELLO_MAX);
	if (++h->n_parses == HELLO_PARSES_MAX || h->contiguous == HELLO_MAX)
		hello_finish(hs, h);
}

void
hello_note_syn(struct hello_buffers *hs, const struct pkt *p)
{
	uint32_t ports = hello_ports(p);
	unsigned slot = hello_slot(ports);

	hs->expected[slot] = ports;
	hs->syn[slot] = (struct hello_syn){
		.started = p->ts,
		.src = p->src,
		.dst = p->dst,
		.start_seq = p->seq + 1,
	};
}

/* Removes the noted SYN of p's stream.  Returns true if it was recent; *begin is the sequence
 * number of the first byte. */
static bool
hello_take_syn(struct hello_buffers *hs, const struct pkt *p, uint32_t *begin)
{
	uint32_t ports = hello_ports(p);
	unsigned slot = hello_slot(ports);
	const struct hello_syn *start = &hs->syn[slot];

	if (hs->expected[slot] != ports || !addr_equal(&start->src, &p->src) ||
	    !addr_equal(&start->dst, &p->dst))
		return false;
	hs->expected[slot] = 0;
	*begin = start->start_seq;
	return p->ts - start->started <= STALE;
}

struct hello_buffer *
hello_add_segment(struct hello_buffers *hs, const struct pkt *p, const struct cursor *c)
{
	uint32_t seq = hello_payload_seq(p, c), begin;
	struct hello_buffer *h;

	/* A segment cut by the snap length cannot be continued. */
	if (hello_take_syn(hs, p, &begin) && (seq != begin || cur_captured(c) <= HELLO_SHORT) &&
	    seq - begin < HELLO_MAX && c->uncaptured == 0)
		hello_new(hs, p, begin, PROTO_NONE);
	h = hello_find_pending(hs, p, c);
	if (h != NULL)
		hello_store(h, seq - h->start_seq, c->p, cur_captured(c));
	return h;
}

/* Skips a vector with an 8-bit length. */
static void
tls_hello_skip_vector8(struct cursor *c)
{
	cur_skip(c, cur_u8(c));
}

static void
tls_hello_skip_vector16(struct cursor *c)
{
	cur_skip(c, cur_be16(c));
}

static void
tls_hello_read_sni(struct cursor *c, struct pkt_meta *s)
{
	uint16_t length;
	const uint8_t *name;
	uint8_t type;

	cur_skip(c, 2);
	type = cur_u8(c);
	length = cur_be16(c);
	name = cur_take(c, length);
	if (name != NULL && type == HOST_NAME)
		pkt_meta_set_name(s, META_SNI, name, length);
}

static void
tls_hello_read_alpn(struct cursor *c, bool chosen, struct pkt_meta *s)
{
	const uint8_t *name;
	uint8_t length;

	cur_limit(c, cur_be16(c));
	while (!c->overrun && cur_captured(c) > 0) {
		length = cur_u8(c);
		name = cur_take(c, length);
		if (name != NULL)
			pkt_meta_add_alpn(s, chosen, name, length);
	}
}

/* An error inside an extension does not affect c, only one in the list itself. */
static void
tls_hello_read_extensions(struct cursor *c, bool server, struct pkt_meta *s)
{
	cur_limit(c, cur_be16(c));
	while (!c->overrun && cur_captured(c) > 0) {
		uint16_t type = cur_be16(c), length = cur_be16(c);
		struct cursor at = *c;

		if (cur_captured(&at) >= length) {
			cur_limit(&at, length);
			if (type == SERVER_NAME && !server)
				tls_hello_read_sni(&at, s);
			if (type == ALPN)
				tls_hello_read_alpn(&at, server, s);
		}
		cur_skip(c, length);
	}
}

bool
tls_hello_read(struct cursor *c, bool datagram, struct pkt_meta *s)
{
	const uint8_t *h = cur_take(c, HANDSHAKE);
	bool server, whole;
	size_t length;

	if (h == NULL)
		return false;
	server = h[0] == SERVER_HELLO;
	if (h[0] != CLIENT_HELLO && !server)
		return true;
	if (datagram)
		cur_skip(c, DTLS_MORE);
	length = be32(h) & 0xffffff;
	whole = length <= cur_captured(c);
	cur_limit(c, length);
	cur_skip(c, 34);
	tls_hello_skip_vector8(c);
	if (server) {
		cur_skip(c, 3);
	} else {
		if (datagram)
			tls_hello_skip_vector8(c);
		tls_hello_skip_vector16(c);
		tls_hello_skip_vector8(c);
	}
	if (cur_reported(c) > 0) /* optional before TLS 1.2 */
		tls_hello_read_extensions(c, server, s);
	return whole || (server && !c->overrun);
}
