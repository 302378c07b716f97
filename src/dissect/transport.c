/*
 * TCP (RFC 9293), UDP (RFC 768), UDP-Lite (RFC 3828), SCTP (RFC 9260) and DCCP (RFC 4340).  All
 * begin with the ports, which are noted even where the rest is cut off, and behind an
 * authentication header too.
 */
#include "config.h"

#include "dissect/private.h"

#define NUMBER_AH      51
#define NUMBER_DCCP    33
#define NUMBER_UDPLITE 136
#define SCTP_HEADER    12

static bool
has_ports_of(const struct pkt *p, uint8_t proto)
{
	return pkt_is_over(p, proto) || pkt_is_over(p, NUMBER_AH);
}

static const uint8_t *
take_ports(struct cursor *c, struct pkt *p, uint8_t proto)
{
	const uint8_t *h = cur_take(c, 4);

	if (LIKELY(h != NULL && has_ports_of(p, proto)))
		pkt_ports(p, h);
	return h;
}

/* An application shows in its payload only. */
static struct next
application(enum space space, const uint8_t *ports, size_t payload)
{
	return payload != 0 ? next_ports(space, be16(ports), be16(ports + 2)) : NEXT_END;
}

struct next
tcp_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = take_ports(c, p, NUMBER_TCP);
	size_t length, segment;

	if (h == NULL)
		return NEXT_END;
	segment = 4 + cur_rest(c);
	if (cur_take(c, TCP_HEADER - 4) == NULL)
		return NEXT_END;
	length = tcp_header(h);
	if (length < TCP_HEADER || length > segment)
		return malformed(p);
	cur_skip(c, length - TCP_HEADER);
	if (LIKELY(pkt_is_over(p, NUMBER_TCP))) {
		pkt_tcp(p, h);
		p->payload = (uint32_t)(segment - length);
	}
	return application(SPACE_TCP, h, segment - length);
}

/* source port (2), destination port (2), length (2; 0: a jumbogram's, RFC 2675), checksum (2) */
struct next
udp_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *ports = take_ports(c, p, NUMBER_UDP), *h;
	size_t length;

	if (ports == NULL)
		return NEXT_END;
	h = cur_take(c, UDP_HEADER - 4);
	if (h == NULL)
		return NEXT_END;
	length = be16(h);
	if (length == 0)
		length = UDP_HEADER + cur_rest(c);
	if (length < UDP_HEADER)
		return malformed(p);
	if (!cur_may_hold(c, length - UDP_HEADER))
		p->flags |= PKT_MALFORMED;
	cur_limit(c, length - UDP_HEADER);
	if (LIKELY(pkt_is_over(p, NUMBER_UDP))) {
		p->payload = (uint32_t)cur_rest(c);
		p->checksum = be16(h + 2);
	}
	return application(SPACE_UDP, ports, cur_rest(c));
}

/* source port (2), destination port (2), verification tag (4), checksum (4), chunks */
struct next
sctp_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *ports = take_ports(c, p, NUMBER_SCTP);

	if (ports == NULL)
		return NEXT_END;
	cur_skip(c, SCTP_HEADER - 4);
	if (c->bad)
		return NEXT_END;
	if (pkt_is_over(p, NUMBER_SCTP))
		p->payload = (uint32_t)cur_rest(c);
	return application(SPACE_SCTP, ports, cur_rest(c));
}

/* source port (2), destination port (2), bytes that the checksum covers (2), checksum (2) */
struct next
udplite_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *ports = take_ports(c, p, NUMBER_UDPLITE);

	if (ports == NULL || cur_take(c, UDP_HEADER - 4) == NULL)
		return NEXT_END;
	if (pkt_is_over(p, NUMBER_UDPLITE))
		p->payload = (uint32_t)cur_rest(c);
	return application(SPACE_UDP, ports, cur_rest(c));
}

/* source port (2), destination port (2), words up to the data (1), more */
struct next
dccp_dissect(struct cursor *c, struct pkt *p)
{
	size_t all = cur_rest(c), header;
	const uint8_t *h;

	if (take_ports(c, p, NUMBER_DCCP) == NULL)
		return NEXT_END;
	h = cur_take(c, 1);
	header = h != NULL ? (size_t)h[0] * 4 : 0;
	if (header > all)
		return malformed(p);
	if (h != NULL && pkt_is_over(p, NUMBER_DCCP))
		p->payload = (uint32_t)(all - header);
	return NEXT_END;
}
