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
#define STALE (10 * NS) /* a handshake that takes longer is another's */
#define TENTH (NS / 10)

#define HANDSHAKE 4
#define DTLS_MORE 8 /* of a handshake's header */

#define CLIENT_HELLO 1
#define SERVER_HELLO 2
#define SERVER_NAME  0
#define HOST_NAME    0
#define ALPN         16

void
hellos_init(struct hellos *hs, const struct cipher *cipher)
{
	memset(hs, 0, sizeof(*hs));
	hs->cipher = cipher;
}

bool
hellos_may_open(struct hellos *hs, uint64_t ts)
{
	if (hs->tenth != ts / TENTH) {
		hs->tenth = ts / TENTH;
		hs->openings = 0;
	}
	return hs->openings++ < HELLO_OPENINGS;
}

static unsigned
slot_of(const struct pkt *p)
{
	return hello_slot(hello_ports(p));
}

struct hello *
hello_find(struct hellos *hs, const struct pkt *p)
{
	struct hello *h = &hs->slot[slot_of(p)];

	if (h->proto == 0 || h->proto != p->proto || h->sport != p->sport || h->dport != p->dport)
		return NULL;
	if (p->ts - h->since > STALE)
		return NULL;
	return addr_equal(&h->src, &p->src) && addr_equal(&h->dst, &p->dst) ? h : NULL;
}

struct hello *
hello_waiting(struct hellos *hs, const struct pkt *p, const struct cursor *c)
{
	unsigned slot = slot_of(p);
	struct hello *h = &hs->slot[slot];

	if (!(hs->waiting >> slot & 1) || hello_seq(p, c) - h->begin >= HELLO_MOST)
		return NULL;
	/* The rest will never come. */
	if (p->ts - h->since > STALE)
		hs->waiting &= ~(UINT64_C(1) << slot);
	return hello_find(hs, p);
}

void
hello_done(struct hellos *hs, struct hello *h)
{
	h->done = true;
	hs->waiting &= ~(UINT64_C(1) << (h - hs->slot));
}

struct hello *
hello_begin(struct hellos *hs, const struct pkt *p, uint32_t begin, uint8_t app)
{
	unsigned slot = slot_of(p);
	struct hello *h = &hs->slot[slot];

	hs->waiting |= UINT64_C(1) << slot;
	h->src = p->src;
	h->dst = p->dst;
	h->sport = p->sport;
	h->dport = p->dport;
	h->proto = (uint8_t)p->proto;
	h->since = p->ts;
	h->begin = begin;
	h->app = app;
	h->done = false;
	h->looks = 0;
	h->ready = h->look_at = 0;
	memset(h->got, 0, sizeof(h->got));
	return h;
}

void
hello_put(struct hello *h, size_t at, const uint8_t *bytes, size_t n)
{
	if (at >= HELLO_MOST)
		return;
	if (n > HELLO_MOST - at)
		n = HELLO_MOST - at;
	memcpy(h->bytes + at, bytes, n);
	for (size_t i = at; i < at + n; i++)
		h->got[i / 64] |= UINT64_C(1) << i % 64;
}

size_t
hello_ready(struct hello *h)
{
	size_t n = h->ready;

	while (n < HELLO_MOST && h->got[n / 64] >> n % 64 & 1)
		n++;
	return h->ready = (uint16_t)n;
}

bool
hello_grew(struct hello *h)
{
	return hello_ready(h) >= h->look_at;
}

void
hello_look_again(struct hellos *hs, struct hello *h, size_t at)
{
	h->look_at = (uint16_t)(at < HELLO_MOST ? at : HELLO_MOST);
	if (++h->looks == HELLO_LOOKS || h->ready == HELLO_MOST)
		hello_done(hs, h);
}

void
hello_expect(struct hellos *hs, const struct pkt *p)
{
	uint32_t ports = hello_ports(p);
	unsigned slot = hello_slot(ports);

	hs->expected[slot] = ports;
	hs->start[slot] = (struct hello_start){
		.since = p->ts,
		.src = p->src,
		.dst = p->dst,
		.begin = p->seq + 1,
	};
}

/* Forgets the start of p's stream.  True if it was one, of not long ago; *begin is its first byte.
 */
static bool
take_start(struct hellos *hs, const struct pkt *p, uint32_t *begin)
{
	uint32_t ports = hello_ports(p);
	unsigned slot = hello_slot(ports);
	const struct hello_start *start = &hs->start[slot];

	if (hs->expected[slot] != ports || !addr_equal(&start->src, &p->src) ||
	    !addr_equal(&start->dst, &p->dst))
		return false;
	hs->expected[slot] = 0;
	*begin = start->begin;
	return p->ts - start->since <= STALE;
}

struct hello *
hello_join(struct hellos *hs, const struct pkt *p, const struct cursor *c)
{
	uint32_t seq = hello_seq(p, c), begin;
	struct hello *h;

	/* Nothing comes behind what the snap length took. */
	if (take_start(hs, p, &begin) && (seq != begin || cur_left(c) <= HELLO_SHORT) &&
	    seq - begin < HELLO_MOST && c->cut == 0)
		hello_begin(hs, p, begin, PROTO_NONE);
	h = hello_waiting(hs, p, c);
	if (h != NULL)
		hello_put(h, seq - h->begin, c->p, cur_left(c));
	return h;
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

static void
read_alpn(struct cursor *c, bool chosen, struct said *s)
{
	const uint8_t *name;
	uint8_t length;

	cur_limit(c, cur_be16(c));
	while (!c->bad && cur_left(c) > 0) {
		length = cur_u8(c);
		name = cur_take(c, length);
		if (name != NULL)
			said_alpn(s, chosen, name, length);
	}
}

/* What an extension cannot hold is its own affair: only the end of all of them is c's. */
static void
read_extensions(struct cursor *c, bool server, struct said *s)
{
	cur_limit(c, cur_be16(c));
	while (!c->bad && cur_left(c) > 0) {
		uint16_t type = cur_be16(c), length = cur_be16(c);
		struct cursor at = *c;

		if (cur_left(&at) >= length) {
			cur_limit(&at, length);
			if (type == SERVER_NAME && !server)
				read_server_name(&at, s);
			if (type == ALPN)
				read_alpn(&at, server, s);
		}
		cur_skip(c, length);
	}
}

bool
hello_read(struct cursor *c, bool datagram, struct said *s)
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
	whole = length <= cur_left(c);
	cur_limit(c, length);
	cur_skip(c, 34);
	skip_vector8(c);
	if (server) {
		cur_skip(c, 3);
	} else {
		if (datagram)
			skip_vector8(c);
		skip_vector16(c);
		skip_vector8(c);
	}
	if (cur_rest(c) > 0) /* before TLS 1.2 there need not be any */
		read_extensions(c, server, s);
	return whole || (server && !c->bad);
}
