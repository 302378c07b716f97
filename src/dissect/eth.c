/*
 * Ethernet (IEEE 802.3) and the tags between it and the network layer.
 */
#include "config.h"

#include "dissect/private.h"

#define VLAN_ID    0x0fff
#define AVSP_STAMP 1
#define AVSP_SHORT 0x20

/*
 * Below 1536 the type is the length of an LLC frame.  Novell's raw 802.3 has no LLC: IPX follows
 * directly, with a checksum of all ones.
 */
struct next
next_ethertype(struct cursor *c, struct pkt *p, uint16_t type)
{
	const uint8_t *h;

	if (LIKELY(type >= ETHERTYPE_MIN))
		return NEXT(SPACE_ETHER, type);
	if (type > ETHER_LENGTH_MAX)
		return next_malformed(p);
	if (!cur_may_hold(c, type))
		p->flags |= PKT_MALFORMED;
	cur_limit(c, type);
	h = cur_peek(c, 2);
	if (h != NULL && h[0] == 0xff && h[1] == 0xff)
		return next_proto(PROTO_IPX);
	return next_proto(PROTO_LLC);
}

/* Cisco ISL encapsulates the frame; its destination address distinguishes it from LLC. */
static bool
eth_is_isl(const uint8_t *h)
{
	return (h[0] == 0x01 || h[0] == 0x03) && h[1] == 0 && be16(h + 2) == 0x0c00 && h[4] == 0 &&
	    be16(h + 12) <= ETHER_LENGTH_MAX;
}

/* Behind the length: aaaa03 (3), sender (3), VLAN (15 bits) and whether a bridge's (1), index (2),
 * reserved (2); then the frame, with its checksum */
struct next
isl_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 12);

	if (h == NULL)
		return NEXT_END;
	context_add_vlan(&p->pending_context, be16(h + 6) >> 1 & VLAN_ID);
	return next_proto(PROTO_ETH);
}

/* destination (6), source (6), type or length (2) */
struct next
eth_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 14);

	if (h == NULL)
		return NEXT_END;
	pkt_set_macs(p, h + 6, h);
	if (UNLIKELY(eth_is_isl(h)))
		return next_proto(PROTO_ISL);
	return next_ethertype(c, p, be16(h + 12));
}

/* IEEE 802.1Q, 9.6: priority (3 bits), drop (1), VLAN (12), type (16) */
struct next
vlan_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 4);

	if (h == NULL)
		return NEXT_END;
	context_add_vlan(&p->pending_context, be16(h) & VLAN_ID);
	return next_ethertype(c, p, be16(h + 2));
}

/* A tag of four bytes (4), followed by a type (2). */
static struct next
eth_skip_tag4(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 6);

	return h != NULL ? next_ethertype(c, p, be16(h + 4)) : NEXT_END;
}

/* IEEE 802.1BR, 6.2: priority, port and extensions (6), type (2) */
struct next
etag_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 8);

	return h != NULL ? next_ethertype(c, p, be16(h + 6)) : NEXT_END;
}

/* Cisco VN-Tag: direction, pointer and two interfaces (4) */
struct next
vntag_dissect(struct cursor *c, struct pkt *p)
{
	return eth_skip_tag4(c, p);
}

/*
 * Arista: kind (2), version (2), a stamp, type (2).  The version's second byte says how long the
 * stamp is: seconds (4) or the low half of them (2), and nanoseconds (4).
 */
struct next
avsp_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 4);

	if (h == NULL || be16(h) != AVSP_STAMP)
		return NEXT_END;
	cur_skip(c, h[3] == AVSP_SHORT ? 6 : 8);
	h = cur_take(c, 2);
	return h != NULL ? next_ethertype(c, p, be16(h)) : NEXT_END;
}

/* Cisco's stamp in copies of frames (6), type (2) */
struct next
ttag_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 8);

	return h != NULL ? next_ethertype(c, p, be16(h + 6)) : NEXT_END;
}

/* IEC 62439-3, 5.7: path and size (2), sequence (2) */
struct next
hsr_dissect(struct cursor *c, struct pkt *p)
{
	return eth_skip_tag4(c, p);
}

/* IEEE 802.1CB, 7.8: reserved (2), sequence (2) */
struct next
rtag_dissect(struct cursor *c, struct pkt *p)
{
	return eth_skip_tag4(c, p);
}

#define MACSEC_CHANNEL 0x20 /* the channel identifier (8) is present */
#define MACSEC_HIDDEN  0x0c /* encrypted or otherwise modified */

/* IEEE 802.1AE, 9.3: flags (1), short length (1), packet number (4), channel (8), type (2) */
struct next
macsec_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 6);

	if (h == NULL || (h[0] & MACSEC_HIDDEN) != 0)
		return NEXT_END;
	if (h[0] & MACSEC_CHANNEL)
		cur_skip(c, 8);
	h = cur_take(c, 2);
	return h != NULL ? next_ethertype(c, p, be16(h)) : NEXT_END;
}

/* IEEE 802.1Q, 9.7: the service tag of provider backbone bridging, priority and flags (1), service
 * (3), then the customer's frame */
struct next
pbb_dissect(struct cursor *c, struct pkt *p)
{
	uint32_t tag = cur_be32(c);

	context_enter_tunnel(&p->pending_context, TUNNEL_ISID, tag & 0xffffff);
	return next_proto(PROTO_ETH);
}

/* Cisco FabricPath: tag (10 bits) and hop limit (6), then the host's frame */
struct next
cfp_dissect(struct cursor *c, struct pkt *p)
{
	(void)p;
	cur_skip(c, 2);
	return next_proto(PROTO_ETH);
}

/*
 * Cisco MetaData with its one option: version (1), length (1), option (2), group (2).  The
 * type (2) of what follows is behind them on Ethernet and before them in GRE.
 */
struct next
cmd_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 8);

	if (h == NULL)
		return NEXT_END;
	return next_ethertype(c, p, be16(h) >= ETHERTYPE_MIN ? be16(h) : be16(h + 6));
}
