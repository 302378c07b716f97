/*
 * Each parser of applications by itself.  The first byte chooses the parser, the second one how
 * many bytes the snap length took; the third and fourth are a port.  The rest is the payload.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "dissect/cipher.h"
#include "dissect/classify.h"
#include "dissect/hello_reassembly.h"
#include "dissect/http2.h"
#include "dissect/private.h"
#include "fuzz.h"
#include "util/attr.h"

#define HEAD 4

typedef void parse_fn(struct cursor *c, struct pkt *p);

static struct content contents;
static struct hellos hellos;

static void
read_http2(struct cursor *c, struct pkt *p)
{
	size_t at = 0;

	http2_read(c->p, cur_left(c), &at, p->said);
	require(at <= cur_left(c));
}

static void
read_hpack(struct cursor *c, struct pkt *p)
{
	hpack_read(c, p->said);
}

static void
read_stream_hello(struct cursor *c, struct pkt *p)
{
	hello_read(c, false, p->said);
}

static void
read_datagram_hello(struct cursor *c, struct pkt *p)
{
	hello_read(c, true, p->said);
}

static void
classify(struct cursor *c, struct pkt *p)
{
	struct content_place at = { .over = p->proto == NUMBER_UDP ? OVER_UDP : OVER_TCP,
		.by_port = (uint8_t)(p->dport % PROTO_MAX),
		.low = p->dport,
		.high = p->sport };
	struct content_found found;

	if (cur_left(c) == 0)
		return;
	found = content_find(&contents, c, at);
	require(proto_name(found.proto) != NULL && found.app_by <= APP_BY_CONTENT);
}

static const struct parser {
	uint16_t number;     /* of the transport */
	dissect_fn *dissect; /* or */
	parse_fn *parse;
} parsers[] = {
	{ NUMBER_UDP, dns_dissect, NULL },
	{ NUMBER_TCP, dns_dissect, NULL },
	{ NUMBER_TCP, tls_dissect, NULL },
	{ NUMBER_UDP, dtls_dissect, NULL },
	{ NUMBER_UDP, quic_dissect, NULL },
	{ NUMBER_TCP, http_dissect, NULL },
	{ NUMBER_TCP, proxy_dissect, NULL },
	{ NUMBER_UDP, rtp_dissect, NULL },
	{ NUMBER_TCP, NULL, read_http2 },
	{ NUMBER_TCP, NULL, read_hpack },
	{ NUMBER_TCP, NULL, read_stream_hello },
	{ NUMBER_UDP, NULL, read_datagram_hello },
	{ NUMBER_TCP, NULL, classify },
	{ NUMBER_UDP, NULL, classify },
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
	if (p->said->what != SAID_NOTHING)
		check_said(p);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct said said = { .hellos = &hellos };
	const struct parser *parser;
	struct pkt p = { .said = &said, .flags = PKT_PORTS, .kind = ADDR_IP4, .sport = 50000 };
	struct input in = { data, size };
	struct cursor c = { 0 };

	if (size < HEAD)
		return 0;
	if (!contents.has_row[PROTO_TLS])
		content_init(&contents);
	hellos_init(&hellos, &plain_cipher);
	parser = &parsers[input_byte(&in) % NITEMS(parsers)];
	c.cut = input_byte(&in);
	p.proto = parser->number;
	p.dport = input_number(&in);
	p.payload = (uint32_t)(in.left + c.cut);
	c.p = in.p;
	c.end = in.p + in.left;
	parse(parser, &c, &p);
	return 0;
}
