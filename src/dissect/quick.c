/*
 * TCP or UDP in plain IP in plain Ethernet: nine of ten packets, whose headers
 * stand where they always stand.  What these three layers say is read at once,
 * just as the driver would; anything unusual is left to it, untouched.
 */
#include "config.h"

#include "dissect/layers.h"

#define ETHER_HEADER 14
#define IP4_HEADER   20
#define IP6_HEADER   40
#define IP4_PLAIN    0x45   /* version 4, five words: no options */
#define IP4_PARTS    0x3fff /* more fragments, and the offset */
#define TYPE_IP4     0x0800
#define TYPE_IP6     0x86dd

/* The header at h, with `rest` bytes of the frame behind it.  False where something is unusual. */
static inline bool
note_ip4(struct pkt *p, const uint8_t *h, size_t rest)
{
	size_t total = be16(h + 2);

	if (h[0] != IP4_PLAIN || (be16(h + 6) & IP4_PARTS) != 0 || total < IP4_HEADER ||
	    total - IP4_HEADER > rest)
		return false;
	memcpy(p->src.b, h + 12, 4);
	memcpy(p->dst.b, h + 16, 4);
	p->kind = ADDR_IP4;
	p->proto = h[9];
	p->ttl = h[8];
	p->net_len = (uint32_t)total;
	p->stack[1] = PROTO_IP;
	return true;
}

static inline bool
note_ip6(struct pkt *p, const uint8_t *h, size_t rest)
{
	size_t length = be16(h + 4);

	if (h[0] >> 4 != 6 || length == 0 || length > rest)
		return false;
	memcpy(p->src.b, h + 8, 16);
	memcpy(p->dst.b, h + 24, 16);
	p->kind = ADDR_IP6;
	p->proto = h[6];
	p->ttl = h[7];
	p->net_len = (uint32_t)(IP6_HEADER + length);
	p->stack[1] = PROTO_IPV6;
	return true;
}

/* Bytes of the IP header, or 0. */
static inline size_t
note_ip(const struct cursor *c, struct pkt *p)
{
	const uint8_t *h = c->p + ETHER_HEADER;
	uint16_t type;

	if (UNLIKELY(cur_left(c) < ETHER_HEADER + IP6_HEADER))
		return 0;
	type = be16(h - 2);
	if (type == TYPE_IP4)
		return note_ip4(p, h, cur_rest(c) - ETHER_HEADER - IP4_HEADER) ? IP4_HEADER : 0;
	if (type == TYPE_IP6)
		return note_ip6(p, h, cur_rest(c) - ETHER_HEADER - IP6_HEADER) ? IP6_HEADER : 0;
	return 0;
}

bool
quick_dissect(struct cursor *c, struct pkt *p, struct next *n)
{
	size_t header = note_ip(c, p);

	if (header == 0 || (p->proto != NUMBER_TCP && p->proto != NUMBER_UDP))
		return false;
	c->p += ETHER_HEADER + header;
	cur_limit(c, p->net_len - header);
	p->stack[0] = PROTO_ETH;
	p->stack[2] = p->proto == NUMBER_TCP ? PROTO_TCP : PROTO_UDP;
	p->depth = 3;
	*n = p->proto == NUMBER_TCP ? tcp_dissect(c, p) : udp_dissect(c, p);
	return true;
}
