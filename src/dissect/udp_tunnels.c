/*
 * Tunnels over UDP, found by port.  The port may be wrong: a payload that does not look like the
 * tunnel is skipped, not marked as malformed.
 */
#include "config.h"

#include "dissect/private.h"

/* Enters a tunnel with the VNI at h (three bytes). */
static void
context_enter_vni(struct pkt *p, const uint8_t *h)
{
	context_enter_tunnel(&p->pending_context, TUNNEL_VNI, be32(h) >> 8);
}

/* RFC 7348, 5: flags (1), reserved (3), network (3), reserved (1) */
struct next
vxlan_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 8);

	if (h == NULL || !(h[0] & 0x08))
		return NEXT_END;
	context_enter_vni(p, h + 4);
	return next_proto(PROTO_ETH);
}

#define GPE_INSTANCE 0x08
#define GPE_PROTOCOL 0x04

/* draft-ietf-nvo3-vxlan-gpe: flags (1), reserved (2), next protocol (1), network (3), reserved (1)
 */
struct next
vxlan_gpe_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 8);

	if (h == NULL || !(h[0] & GPE_INSTANCE))
		return NEXT_END;
	context_enter_vni(p, h + 4);
	return h[0] & GPE_PROTOCOL ? next_nsh_proto(h[3]) : next_proto(PROTO_ETH);
}

#define LISP_INSTANCE 0x08

/* RFC 9300, 5.1: flags (1) and nonce (3), instance and locators (4), then the packet */
struct next
lisp_data_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 8);

	if (h == NULL)
		return NEXT_END;
	if (h[0] & LISP_INSTANCE)
		context_enter_vni(p, h + 4);
	return next_ip(c);
}

#define TZSP_RECEIVED 0
#define TZSP_SENT     1
#define TZSP_ETHERNET 1
#define TZSP_WLAN     18
#define TAG_PADDING   0
#define TAG_END       1

/* Version (1), type (1), protocol (2), then tags: tag (1), and but for two of them length (1) and
 * value. */
struct next
tzsp_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 4);
	uint8_t tag;

	(void)p;
	if (h == NULL || h[0] != 1 || (h[1] != TZSP_RECEIVED && h[1] != TZSP_SENT))
		return NEXT_END;
	while ((tag = cur_u8(c)) != TAG_END && !c->overrun)
		if (tag != TAG_PADDING)
			cur_skip(c, cur_u8(c));
	switch (c->overrun ? 0 : be16(h + 2)) {
	case TZSP_ETHERNET:
		return next_proto(PROTO_ETH);
	case TZSP_WLAN:
		return next_proto(PROTO_WLAN);
	default:
		return NEXT_END;
	}
}

/* RFC 8926, 3.4: version (2 bits), option words (6), flags (1), type (2), network (3), zero (1) */
struct next
geneve_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 8);

	if (h == NULL || h[0] >> 6 != 0)
		return NEXT_END;
	context_enter_vni(p, h + 4);
	cur_skip(c, (size_t)(h[0] & 0x3f) * 4);
	return c->overrun ? NEXT_END : NEXT(SPACE_ETHER, be16(h + 2));
}

#define GTP_VERSION_1  0x30 /* with the protocol type of GTP */
#define GTP_EXTENSIONS 0x04
#define GTP_OPTIONAL   0x07 /* any of the three: 4 more bytes */
#define GTP_PDU        0xff /* message that carries a packet */

/* 3GPP TS 29.281, 5.2: each is length in words (1), content, type of the next (1). */
static bool
gtp_skip_extensions(struct cursor *c, uint8_t type)
{
	size_t length;
	const uint8_t *h;

	while (type != 0) {
		length = (size_t)cur_u8(c) * 4;
		h = length != 0 ? cur_take(c, length - 1) : NULL;
		if (h == NULL)
			return false;
		type = h[length - 2];
	}
	return true;
}

/* Only the endpoints know the content type: IP, Ethernet or PPP. 3GPP TS 29.281, 5.1: flags (1),
 * message (1), length (2), tunnel (4); sequence (2), N-PDU (1), extension (1) */
struct next
gtp_dissect(struct cursor *c, struct pkt *p)
{
	static const struct heuristic readings[] = {
		{ PROTO_IP, 0 },
		{ PROTO_IPV6, 0 },
		{ PROTO_ETH, 0 },
		{ PROTO_PPP, 0 },
	};
	const uint8_t *h = cur_take(c, 8), *optional;

	if (h == NULL || (h[0] & 0xf0) != GTP_VERSION_1 || h[1] != GTP_PDU)
		return NEXT_END;
	context_enter_tunnel(&p->pending_context, TUNNEL_TEID, be32(h + 4));
	cur_limit(c, be16(h + 2));
	if (h[0] & GTP_OPTIONAL) {
		optional = cur_take(c, 4);
		if (optional == NULL)
			return NEXT_END;
		if (h[0] & GTP_EXTENSIONS && !gtp_skip_extensions(c, optional[3]))
			return NEXT_END;
	}
	return next_heuristic(c, readings, NITEMS(readings), HEURISTIC_POSSIBLE);
}

/*
 * RFC 4380, 5.1.1: authentication (0, 1, lengths of client and value, these, 9 more) and origin (0,
 * 0, port, address) may precede the IPv6 packet.
 */
struct next
teredo_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_peek(c, 4);
	struct next n;

	(void)p;
	if (h != NULL && h[0] == 0 && h[1] == 1)
		cur_skip(c, 13 + (size_t)h[2] + h[3]);
	h = cur_peek(c, 2);
	if (h != NULL && h[0] == 0 && h[1] == 0)
		cur_skip(c, 8);
	n = next_ip(c);
	return next_id(n) == PROTO_IPV6 ? n : NEXT_END;
}

#define AYIYA_FORWARD 1
#define IPPROTO_4     4
#define IPPROTO_6     41

/*
 * draft-massar-v6ops-ayiya: identity's length as a power of 2 (4 bits) and type (4); words of
 * signature (4) and its kind (4); authentication (4) and what to do (4); next header (8); time
 * (32); identity, signature, packet.
 */
struct next
ayiya_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 8);

	(void)p;
	if (h == NULL || (h[2] & 0x0f) != AYIYA_FORWARD)
		return NEXT_END;
	cur_skip(c, (1u << (h[0] >> 4)) + (size_t)(h[1] >> 4) * 4);
	if (c->overrun || (h[3] != IPPROTO_4 && h[3] != IPPROTO_6))
		return NEXT_END;
	return NEXT(SPACE_IP, h[3]);
}

#define L2TP_CONTROL  0x8000
#define L2TP_LENGTH   0x4000
#define L2TP_SEQUENCE 0x0800
#define L2TP_OFFSET   0x0200
#define L2TP_VERSION  0x000f

#define IP_PROTO_L2TP 115

/*
 * RFC 3931, 4.1: session (4), a cookie of 0, 4 or 8 bytes, and maybe a word for the sequence (4).
 * Only the endpoints know which, and what follows.  Session 0 is control.
 */
static struct next
l2tpv3_dissect(struct cursor *c, struct pkt *p)
{
	static const struct heuristic readings[] = {
		{ PROTO_ETH, 0 },
		{ PROTO_ETH, 4 },
		{ PROTO_ETH, 8 },
		{ PROTO_ETH, 12 },
		{ PROTO_IP, 0 },
		{ PROTO_IP, 4 },
		{ PROTO_IP, 8 },
		{ PROTO_IP, 12 },
		{ PROTO_PPP, 0 },
		{ PROTO_PPP, 4 },
		{ PROTO_PPP, 8 },
		{ PROTO_PPP, 12 },
	};

	uint32_t session = cur_be32(c);

	if (session == 0)
		return NEXT_END;
	context_enter_tunnel(&p->pending_context, TUNNEL_L2TP, session);
	return next_heuristic(c, readings, NITEMS(readings), HEURISTIC_LIKELY);
}

/* RFC 2661, 3.1: flags and version (2), [length (2)], tunnel (2), session (2), [sequence (4)],
 * [offset (2), padding].  Version 3 over UDP has flags and two zero bytes, directly over IP
 * nothing. */
struct next
l2tp_dissect(struct cursor *c, struct pkt *p)
{
	uint16_t flags, length;

	if (c->id == IP_PROTO_L2TP)
		return l2tpv3_dissect(c, p);
	flags = cur_be16(c);
	if (flags & L2TP_CONTROL)
		return NEXT_END;
	if ((flags & L2TP_VERSION) == 3) {
		cur_skip(c, 2);
		return l2tpv3_dissect(c, p);
	}
	if ((flags & L2TP_VERSION) != 2)
		return NEXT_END;
	if (flags & L2TP_LENGTH) {
		length = cur_be16(c);
		if (length < 4)
			return NEXT_END;
		cur_limit(c, length - 4u);
	}
	context_enter_tunnel(&p->pending_context, TUNNEL_L2TP, cur_be32(c));
	if (flags & L2TP_SEQUENCE)
		cur_skip(c, 4);
	if (flags & L2TP_OFFSET)
		cur_skip(c, cur_be16(c));
	return c->overrun || cur_reported(c) == 0 ? NEXT_END : next_proto(PROTO_PPP);
}

#define GUE_CONTROL 0x20
#define GUE_WORDS   0x1f
#define GRE_KEY     0x2000
#define GUE_HEADER  4

/* True for GRE in UDP: a usual ethertype, and no flags but the key. */
static bool
fou_looks_like_gre(const uint8_t *h)
{
	uint16_t type = be16(h + 2);

	return (be16(h) & ~GRE_KEY) == 0 && (type == 0x0800 || type == 0x86dd || type == 0x6558);
}

/*
 * Linux's fou puts IP or GRE directly in UDP; draft-ietf-intarea-gue adds a header: version (2
 * bits), control (1), words of options (5), IP protocol (1), flags (2), options.
 */
struct next
fou_dissect(struct cursor *c, struct pkt *p)
{
	static const struct heuristic readings[] = { { PROTO_IP, 0 }, { PROTO_IPV6, 0 } };
	struct next n = next_heuristic(c, readings, NITEMS(readings), HEURISTIC_LIKELY);
	const uint8_t *h = cur_peek(c, GUE_HEADER);

	(void)p;
	if (next_space(n) != SPACE_END || h == NULL)
		return n;
	if (fou_looks_like_gre(h))
		return next_proto(PROTO_GRE);
	if (h[0] >> 6 != 0 || h[0] & GUE_CONTROL)
		return NEXT_END;
	cur_skip(c, GUE_HEADER + (size_t)(h[0] & GUE_WORDS) * 4);
	return c->overrun ? NEXT_END : NEXT(SPACE_IP, h[1]);
}

/* RFC 3948, 2: four zero bytes mark IKE, a lone 0xff keeps a NAT alive, all else is ESP */
struct next
udpencap_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_peek(c, 4);

	(void)p;
	if (cur_reported(c) == 1)
		return NEXT_END;
	if (h == NULL || be32(h) != 0)
		return next_proto(PROTO_ESP);
	cur_skip(c, 4);
	return next_proto(PROTO_ISAKMP);
}
