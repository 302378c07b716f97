/*
 * TCP (RFC 9293), UDP (RFC 768), UDP-Lite (RFC 3828), SCTP (RFC 9260) and DCCP (RFC 4340).  All
 * begin with the ports, which are stored even if the rest is truncated, and also after an
 * authentication header.
 */
#include "config.h"

#include "dissect/private.h"

#define IP_PROTO_AH      51
#define IP_PROTO_DCCP    33
#define IP_PROTO_UDPLITE 136
#define SCTP_HEADER      12

static bool
transport_has_ports(const struct pkt *p, uint8_t proto)
{
	return pkt_has_transport(p, proto) || pkt_has_transport(p, IP_PROTO_AH);
}

static const uint8_t *
transport_take_ports(struct cursor *c, struct pkt *p, uint8_t proto)
{
	const uint8_t *h = cur_take(c, 4);

	if (LIKELY(h != NULL && transport_has_ports(p, proto)))
		pkt_set_ports(p, h);
	return h;
}

/* Without payload there is no application. */
static struct next
transport_next_app(enum proto_space space, const uint8_t *ports, size_t payload)
{
	return payload != 0 ? next_ports(space, be16(ports), be16(ports + 2)) : NEXT_END;
}

struct next
tcp_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = transport_take_ports(c, p, IP_PROTO_TCP);
	size_t length, segment, options;

	if (h == NULL)
		return NEXT_END;
	segment = 4 + cur_reported(c);
	if (cur_take(c, TCP_HEADER - 4) == NULL)
		return NEXT_END;
	length = tcp_header_len(h);
	if (length < TCP_HEADER || length > segment)
		return next_malformed(p);
	options = length - TCP_HEADER < cur_captured(c) ? length - TCP_HEADER : cur_captured(c);
	cur_skip(c, length - TCP_HEADER);
	if (LIKELY(pkt_has_transport(p, IP_PROTO_TCP))) {
		pkt_set_tcp(p, h, TCP_HEADER + options);
		p->payload = (uint32_t)(segment - length);
	}
	return transport_next_app(SPACE_TCP, h, segment - length);
}

/* source port (2), destination port (2), length (2; 0: a jumbogram's, RFC 2675), checksum (2) */
struct next
udp_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *ports = transport_take_ports(c, p, IP_PROTO_UDP), *h;
	size_t length;

	if (ports == NULL)
		return NEXT_END;
	h = cur_take(c, UDP_HEADER - 4);
	if (h == NULL)
		return NEXT_END;
	length = be16(h);
	if (length == 0)
		length = UDP_HEADER + cur_reported(c);
	if (length < UDP_HEADER)
		return next_malformed(p);
	if (!cur_may_hold(c, length - UDP_HEADER))
		p->flags |= PKT_MALFORMED;
	cur_limit(c, length - UDP_HEADER);
	if (LIKELY(pkt_has_transport(p, IP_PROTO_UDP))) {
		p->payload = (uint32_t)cur_reported(c);
		p->checksum = be16(h + 2);
	}
	return transport_next_app(SPACE_UDP, ports, cur_reported(c));
}

/* source port (2), destination port (2), verification tag (4), checksum (4), chunks */
struct next
sctp_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *ports = transport_take_ports(c, p, IP_PROTO_SCTP);

	if (ports == NULL)
		return NEXT_END;
	cur_skip(c, SCTP_HEADER - 4);
	if (c->overrun)
		return NEXT_END;
	if (pkt_has_transport(p, IP_PROTO_SCTP))
		p->payload = (uint32_t)cur_reported(c);
	return transport_next_app(SPACE_SCTP, ports, cur_reported(c));
}

/* source port (2), destination port (2), bytes that the checksum covers (2), checksum (2) */
struct next
udplite_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *ports = transport_take_ports(c, p, IP_PROTO_UDPLITE);

	if (ports == NULL || cur_take(c, UDP_HEADER - 4) == NULL)
		return NEXT_END;
	if (pkt_has_transport(p, IP_PROTO_UDPLITE))
		p->payload = (uint32_t)cur_reported(c);
	return transport_next_app(SPACE_UDP, ports, cur_reported(c));
}

/* source port (2), destination port (2), data offset in words (1), more */
struct next
dccp_dissect(struct cursor *c, struct pkt *p)
{
	size_t all = cur_reported(c), header;
	const uint8_t *h;

	if (transport_take_ports(c, p, IP_PROTO_DCCP) == NULL)
		return NEXT_END;
	h = cur_take(c, 1);
	header = h != NULL ? (size_t)h[0] * 4 : 0;
	if (header > all)
		return next_malformed(p);
	if (h != NULL && pkt_has_transport(p, IP_PROTO_DCCP))
		p->payload = (uint32_t)(all - header);
	return NEXT_END;
}
