/*
 * Fast path for TCP or UDP in plain IP in plain Ethernet: nine of ten packets, with headers at
 * fixed offsets.  Reads the same fields as the driver, which handles everything unusual.  Inline,
 * because most packets take this path.  Private to src/dissect/.
 */
#ifndef DISSECT_FAST_PATH_H
#define DISSECT_FAST_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "dissect/cursor.h"
#include "dissect/pkt.h"
#include "dissect/private.h"
#include "util/attr.h"

#define ETHER_HEADER 14
#define IP4_HEADER   20
#define IP6_HEADER   40
#define IP4_PLAIN    0x45   /* version 4, header of 5 words: no options */
#define IP4_PARTS    0x3fff /* the more-fragments flag and the offset */
#define TYPE_IP4     0x0800
#define TYPE_IP6     0x86dd

/* True if a host that has no address yet sent it. */
static ATTR_INLINE bool
quick_is_unspecified(const uint8_t *address, size_t n)
{
	static const struct addr none;

	return memcmp(address, none.b, n) == 0;
}

/* Reads the header at h, followed by `rest` bytes of the frame.  Returns false if anything is
 * unusual. */
static ATTR_INLINE bool
fast_path_ip4(struct pkt *p, const uint8_t *h, size_t rest)
{
	size_t total = be16(h + 2);

	if (h[0] != IP4_PLAIN || (be16(h + 6) & IP4_PARTS) != 0 || total < IP4_HEADER ||
	    total - IP4_HEADER > rest || UNLIKELY(quick_is_unspecified(h + 12, 4)))
		return false;
	memcpy(p->src.b, h + 12, 4);
	memcpy(p->dst.b, h + 16, 4);
	p->kind = ADDR_IP4;
	p->proto = h[9];
	p->ttl = h[8];
	p->net_len = (uint32_t)total;
	p->ip_id = be16(h + 4);
	p->stack[1] = PROTO_IP;
	return true;
}

static ATTR_INLINE bool
fast_path_ip6(struct pkt *p, const uint8_t *h, size_t rest)
{
	size_t length = be16(h + 4);

	if (h[0] >> 4 != 6 || length == 0 || length > rest ||
	    UNLIKELY(quick_is_unspecified(h + 8, 16)))
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

/* Returns the length of the IP header, or 0. */
static ATTR_INLINE size_t
fast_path_ip(const struct cursor *c, struct pkt *p)
{
	const uint8_t *h = c->p + ETHER_HEADER;
	uint16_t type;

	if (UNLIKELY(cur_captured(c) < ETHER_HEADER + IP6_HEADER))
		return 0;
	type = be16(h - 2);
	if (type == TYPE_IP4)
		return fast_path_ip4(p, h, cur_reported(c) - ETHER_HEADER - IP4_HEADER) ? IP4_HEADER
											: 0;
	if (type == TYPE_IP6)
		return fast_path_ip6(p, h, cur_reported(c) - ETHER_HEADER - IP6_HEADER) ? IP6_HEADER
											: 0;
	return 0;
}

static ATTR_INLINE bool
fast_path_tcp(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = c->p;
	size_t length;

	if (UNLIKELY(cur_captured(c) < TCP_HEADER))
		return false;
	length = tcp_header_len(h);
	if (UNLIKELY(length < TCP_HEADER || length > cur_captured(c)))
		return false;
	pkt_set_ports(p, h);
	pkt_set_tcp(p, h);
	p->payload = (uint32_t)(cur_reported(c) - length);
	p->stack[2] = PROTO_TCP;
	c->p += length;
	return true;
}

static ATTR_INLINE bool
fast_path_udp(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = c->p;
	size_t length;

	if (UNLIKELY(cur_captured(c) < UDP_HEADER))
		return false;
	length = be16(h + 4);
	if (UNLIKELY(length < UDP_HEADER || length > cur_reported(c)))
		return false;
	pkt_set_ports(p, h);
	p->payload = (uint32_t)(length - UDP_HEADER);
	p->checksum = be16(h + 6);
	p->stack[2] = PROTO_UDP;
	c->p += UDP_HEADER;
	cur_limit(c, length - UDP_HEADER);
	return true;
}

/*
 * Reads an Ethernet frame up to its TCP or UDP payload.  Returns false if anything is unusual; the
 * caller must then reset c and p.
 */
static ATTR_INLINE bool
fast_path_dissect(struct cursor *c, struct pkt *p)
{
	size_t header = fast_path_ip(c, p);

	if (UNLIKELY(header == 0))
		return false;
	c->p += ETHER_HEADER + header;
	cur_limit(c, p->net_len - header);
	p->stack[0] = PROTO_ETH;
	p->depth = 3;
	if (p->proto == IP_PROTO_TCP)
		return fast_path_tcp(c, p);
	return LIKELY(p->proto == IP_PROTO_UDP) && fast_path_udp(c, p);
}

#endif
