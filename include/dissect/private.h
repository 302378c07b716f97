/*
 * What the dissectors of src/dissect/ share: their shape, their names, and the
 * few rules that several of them keep.  Private to that folder.
 */
#ifndef DISSECT_PRIVATE_H
#define DISSECT_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "dissect/dissect.h"

/* Reads one header at c, notes facts in p, says what comes next. */
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

/* IPv4 or IPv6 by the version that the next byte begins with; else the end. */
struct next next_ip(const struct cursor *c);

/* A type of Ethernet: an ethertype, or the length of an LLC frame, which limits c. */
struct next next_ethertype(struct cursor *c, struct pkt *p, uint16_t type);

/* What a SNAP header (RFC 1042: OUI and protocol) at c says; pad: bytes before a bridged frame. */
struct next next_snap(struct cursor *c, struct pkt *p, size_t pad);

/* What a service function chain (RFC 8300, 2.2) calls its content. */
struct next next_nsh_proto(uint8_t id);

/* What an NLPID (ISO/IEC TR 9577) says. */
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

/* An application by its ports.  The lower one is the likelier service. */
static inline struct next
next_ports(enum proto_space space, uint16_t s, uint16_t d)
{
	struct next n = NEXT(space, s < d ? s : d);

	n.code |= (uint64_t)(s < d ? d : s) << 32;
	return n;
}

/* Where the names that a payload tells go; NULL: nobody wants them, or it is inside a tunnel whose
 * ends are not the flow's. */
static inline struct pkt_meta *
pkt_get_meta(const struct pkt *p)
{
	return p->ends_final ? NULL : p->meta;
}

/* The link's addresses, 6 bytes each; NULL for an end that the frame does not name.  The outermost
 * ones count. */
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

/* What a link calls its content, for as long as no IP header was found. */
static inline void
pkt_set_link_proto(struct pkt *p, uint16_t number)
{
	if (!pkt_has_ip(p))
		p->proto = number;
}

/* A right IP header was read.  True when its ends are the packet's; what an outer one left behind
 * is gone then. */
bool pkt_enter_ip(struct pkt *p);

/* What TCP, UDP and SCTP begin with. */
static inline void
pkt_set_ports(struct pkt *p, const uint8_t *h)
{
	p->sport = be16(h);
	p->dport = be16(h + 2);
	p->flags |= PKT_PORTS;
}

/*
 * The facts of a TCP header (RFC 9293, 3.1), and its length with the options:
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

/* True when a transport of this number is the one that the packet's ends talk over. */
static inline bool
pkt_has_transport(const struct pkt *p, uint8_t proto)
{
	return !p->ends_final && p->proto == proto;
}

#endif
