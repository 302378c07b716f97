/*
 * Private to src/dissect/: what the dissectors share.
 */
#ifndef DISSECT_PRIVATE_H
#define DISSECT_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "dissect/cursor.h"
#include "dissect/dissect.h"
#include "dissect/pkt.h"
#include "util/attr.h"

/*
 * Declarations shared by the dissectors: their type, their functions, and common helpers.  Private
 * to src/dissect/.
 */

/* Reads one header at c, stores its fields in p, and returns what comes next. */
typedef struct next dissect_fn(struct cursor *c, struct pkt *p);

/* Declares every function of protos.def. */
#define FN(function)     dissect_fn function;
#define PSEUDO(function) FN(function)
#define LEAF
#define PROTO(id, name, title, fn, ...) fn
#include "dissect/protos.def"
#undef PROTO
#undef LEAF
#undef PSEUDO
#undef FN

/* Numbers that more than one file needs. */
#define ETHERTYPE_MIN    0x0600 /* below: a length (IEEE 802.3, 3.2.6) */
#define ETHER_LENGTH_MAX 1500
#define SNAP_SAP         0xaa
#define IP_PROTO_TCP     6
#define IP_PROTO_UDP     17
#define IP_PROTO_SCTP    132
#define TCP_HEADER       20
#define UDP_HEADER       8

#define TCP_ALIGNED_STAMPS 0x0101080a /* NOP, NOP, kind 8, length 10 */

static inline struct next
next_proto(enum proto id)
{
	return NEXT(SPACE_PROTO, id);
}

/* IPv4 or IPv6 by the version in the next byte; else the end. */
struct next next_ip(const struct cursor *c);

/* Next protocol of an Ethernet type field: an ethertype, or the length of an LLC frame, which
 * limits c. */
struct next next_ethertype(struct cursor *c, struct pkt *p, uint16_t type);

/* Next protocol of the SNAP header (RFC 1042: OUI and protocol) at c; pad: bytes before a bridged
 * frame. */
struct next next_snap(struct cursor *c, struct pkt *p, size_t pad);

/* Next protocol of a service function chain (RFC 8300, 2.2). */
struct next next_nsh_proto(uint8_t id);

/* Next protocol of an NLPID (ISO/IEC TR 9577). */
struct next next_nlpid(uint8_t nlpid);

static inline struct next
next_malformed(struct pkt *p)
{
	p->flags |= PKT_MALFORMED;
	return NEXT_END;
}

static inline bool
pkt_has_ip(const struct pkt *p)
{
	return p->kind == ADDR_IP4 || p->kind == ADDR_IP6;
}

/* Next protocol by ports.  The lower port is more likely the service. */
static inline struct next
next_ports(enum proto_space space, uint16_t s, uint16_t d)
{
	struct next n = NEXT(space, s < d ? s : d);

	n.code |= (uint64_t)(s < d ? d : s) << 32;
	return n;
}

/* Where to store names found in the payload, or NULL if they are not wanted, or if the payload is
 * inside a tunnel whose ends are not the flow's. */
static inline struct pkt_meta *
pkt_get_meta(const struct pkt *p)
{
	return p->ends_final ? NULL : p->meta;
}

/* Stores the link-layer addresses, 6 bytes each, unless outer ones are stored; NULL for an address
 * that the frame does not have. */
static inline void
pkt_set_macs(struct pkt *p, const uint8_t *src, const uint8_t *dst)
{
	if (p->kind != ADDR_NONE)
		return;
	p->kind = ADDR_MAC;
	if (src != NULL)
		memcpy(p->src.b, src, 6);
	if (dst != NULL)
		memcpy(p->dst.b, dst, 6);
}

/* Stores the link's protocol number if there is no IP header yet. */
static inline void
pkt_set_link_proto(struct pkt *p, uint16_t number)
{
	if (!pkt_has_ip(p))
		p->proto = number;
}

/* Called for a valid IP header.  Returns true if its addresses are the packet's; then the fields of
 * an outer header are cleared. */
bool pkt_enter_ip(struct pkt *p);

/* Stores the ports, which are first in TCP, UDP and SCTP. */
static inline void
pkt_set_ports(struct pkt *p, const uint8_t *h)
{
	p->sport = be16(h);
	p->dport = be16(h + 2);
	p->flags |= PKT_PORTS;
}

/*
 * Stores the fields of a TCP header (RFC 9293, 3.1); its length with options:
 *
 *	source port (2)  destination port (2)  sequence (4)  acknowledgement (4)
 *	header words (4 bits), reserved (4)  flags (1)  window (2)  checksum (2)  urgent (2)
 *	options
 */
static inline void
pkt_set_tcp(struct pkt *p, const uint8_t *h, size_t n)
{
	/* All systems send the timestamps first, behind two bytes that align them. */
	bool stamped = n >= TCP_HEADER + 12 && be32(h + TCP_HEADER) == TCP_ALIGNED_STAMPS;

	p->ts_value = stamped ? be32(h + TCP_HEADER + 4) : 0;
	p->ts_echo = stamped ? be32(h + TCP_HEADER + 8) : 0;
	p->seq = be32(h + 4);
	p->ack = be32(h + 8);
	p->tcp_flags = h[13];
	p->window = be16(h + 14);
	p->checksum = be16(h + 16);
}

static inline size_t
tcp_header_len(const uint8_t *h)
{
	return (size_t)(h[12] >> 4) * 4;
}

/* Reads the prefix of a router advertisement; c is behind the checksum. */
void router_advertisement_read(const struct cursor *c, struct pkt *p);

/* True if a transport header with this number is that of the packet, not of an inner one. */
static inline bool
pkt_has_transport(const struct pkt *p, uint8_t proto)
{
	return !p->ends_final && p->proto == proto;
}

/*
 * Heuristics for headers without a next-protocol field.
 *
 * Each candidate protocol is scored by what fits: a version, a length equal to the rest, a header
 * checksum.  The highest score wins, so a single nibble, which may be part of an address, does not
 * decide.  Private to src/dissect/.
 *
 *	static const struct heuristic readings[] = { { PROTO_IP, 0 }, { PROTO_ETH, 4 } };
 *	return next_heuristic(c, readings, NITEMS(readings), HEURISTIC_POSSIBLE);
 */

/* One point is worth about one byte that would not match by chance. */
enum heuristic_score {
	HEURISTIC_WRONG = 0,
	HEURISTIC_POSSIBLE = 1,
	HEURISTIC_LIKELY = 3,
	HEURISTIC_CERTAIN = 5, /* the most */
};

struct heuristic {
	uint8_t proto;  /* candidate protocol */
	uint8_t offset; /* offset from here */
};

unsigned heuristic_score(const struct cursor *c, const struct heuristic *r);

/*
 * Returns the candidate with the highest score, if that is at least `least`, and moves c to its
 * start.  Of equal candidates the first wins.
 */
struct next next_heuristic(struct cursor *c, const struct heuristic *r, size_t n, unsigned least);

/*
 * Hardware types of interfaces, as Linux numbers them (ARPHRD_), and the length of their link-layer
 * header.  A cooked capture leaves that header out, so its length is added to the bytes counted.
 */

struct arphrd {
	uint16_t number;
	uint8_t header_len; /* bytes */
	const char *name;
};

/* Kinds that are not listed have no header that a cooked capture leaves out. */
extern const struct arphrd arphrd[];
extern const unsigned n_arphrd;

unsigned arphrd_header_len(uint16_t number);

/*
 * Fast path for TCP or UDP in plain IP in plain Ethernet: nine of ten packets, with headers at
 * fixed offsets.  Reads the same fields as the driver, which handles everything unusual.  Inline,
 * because most packets take this path.  Private to src/dissect/.
 */

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
	pkt_set_tcp(p, h, length);
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
