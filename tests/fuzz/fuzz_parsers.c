/*
 * Each application parser alone. The first byte selects the parser, the second one is the number of
 * bytes cut by the snap length; the third and fourth are a port. The rest is the payload.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "dissect/cipher.h"
#include "dissect/classify.h"
#include "dissect/hello_reassembly.h"
#include "dissect/private.h"
#include "fuzz.h"
#include "util/attr.h"

#define HEAD 4

typedef void parse_fn(struct cursor *c, struct pkt *p);

static struct classifier contents;
static struct hello_buffers hellos;

static void
read_http2(struct cursor *c, struct pkt *p)
{
	size_t at = 0;

	http2_read(c->p, cur_captured(c), &at, p->meta);
	require(at <= cur_captured(c));
}

static void
read_hpack(struct cursor *c, struct pkt *p)
{
	hpack_read(c, true, p->meta);
}

static void
read_stream_hello(struct cursor *c, struct pkt *p)
{
	tls_hello_read(c, false, p->meta);
}

static void
read_datagram_hello(struct cursor *c, struct pkt *p)
{
	tls_hello_read(c, true, p->meta);
}

static void
classify(struct cursor *c, struct pkt *p)
{
	struct classify_hint at = { .over = p->proto == IP_PROTO_UDP ? OVER_UDP : OVER_TCP,
		.by_port = (uint8_t)(p->dport % PROTO_MAX),
		.low = p->dport,
		.high = p->sport };
	struct classify_result found;

	if (cur_captured(c) == 0)
		return;
	found = classify_payload(&contents, c, at);
	require(proto_name(found.proto) != NULL && found.app_confidence <= APP_BY_CONTENT);
}

static const struct parser {
	uint16_t number;     /* of the transport */
	dissect_fn *dissect; /* or */
	parse_fn *parse;
} parsers[] = {
	{ IP_PROTO_UDP, dns_dissect, NULL },
	{ IP_PROTO_TCP, dns_dissect, NULL },
	{ IP_PROTO_TCP, tls_dissect, NULL },
	{ IP_PROTO_UDP, dtls_dissect, NULL },
	{ IP_PROTO_UDP, quic_dissect, NULL },
	{ IP_PROTO_TCP, http_dissect, NULL },
	{ IP_PROTO_TCP, proxy_dissect, NULL },
	{ IP_PROTO_UDP, rtp_dissect, NULL },
	{ IP_PROTO_TCP, NULL, read_http2 },
	{ IP_PROTO_TCP, NULL, read_hpack },
	{ IP_PROTO_TCP, NULL, read_stream_hello },
	{ IP_PROTO_UDP, NULL, read_datagram_hello },
	{ IP_PROTO_TCP, NULL, classify },
	{ IP_PROTO_UDP, NULL, classify },
};

static void
parse(const struct parser *parser, struct cursor *c, struct pkt *p)
{
	const uint8_t *end = c->end;

	if (parser->dissect != NULL)
		parser->dissect(c, p);
	else
		parser->parse(c, p);
	require(c->p <= c->end && c->end <= end);
	if (p->meta->type != META_NONE)
		check_said(p);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pkt_meta said = { .hello_buffers = &hellos };
	const struct parser *parser;
	struct pkt p = { .meta = &said, .flags = PKT_PORTS, .kind = ADDR_IP4, .sport = 50000 };
	struct input in = { data, size };
	struct cursor c = { 0 };

	if (size < HEAD)
		return 0;
	if (!contents.has_rule[PROTO_TLS])
		classify_init(&contents);
	hello_buffers_init(&hellos, &plain_cipher);
	parser = &parsers[input_byte(&in) % NITEMS(parsers)];
	c.uncaptured = input_byte(&in);
	p.proto = parser->number;
	p.dport = input_number(&in);
	p.payload = (uint32_t)(in.left + c.uncaptured);
	c.p = in.p;
	c.end = in.p + in.left;
	parse(parser, &c, &p);
	return 0;
}
