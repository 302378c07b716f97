/*
 * Declarations shared by the dissectors: their type, their functions, and common helpers.  Private
 * to src/dissect/.
 */
#ifndef DISSECT_PRIVATE_H
#define DISSECT_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "dissect/dissect.h"

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
pkt_set_tcp(struct pkt *p, const uint8_t *h)
{
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

/* True if a transport header with this number is that of the packet, not of an inner one. */
static inline bool
pkt_has_transport(const struct pkt *p, uint8_t proto)
{
	return !p->ends_final && p->proto == proto;
}

#endif
