/*
 * GRE (RFC 2784, 2890; PPTP's version 1: RFC 2637), and protocols only used in it.
 */
#include "config.h"

#include "dissect/private.h"

#define CHECKSUM    0x8000
#define ROUTING     0x4000
#define KEY         0x2000
#define SEQUENCE    0x1000
#define ACKNOWLEDGE 0x0080 /* version 1 */
#define VERSION     0x0007

#define TYPE_ERSPAN     0x88be
#define TYPE_WCCP       0x883e
#define TYPE_ARUBA      0x8200
#define TYPE_ARUBA_LAST 0x8370
#define TYPE_OSI        0x00fe
#define TYPE_FR         0x6559
#define TYPE_EOIP       0x6400 /* MikroTik EoIP: an Ethernet frame behind version 1's key */

/* RFC 1701: routes of family (2), offset (1), length (1) and that many bytes; the last is empty */
static void
gre_skip_routes(struct cursor *c)
{
	const uint8_t *h;

	while ((h = cur_take(c, 4)) != NULL && (be16(h) != 0 || h[3] != 0))
		cur_skip(c, h[3]);
}

/* WCCP version 2 puts 4 bytes in front of IPv4; version 1 nothing. */
static struct next
gre_next_wccp(struct cursor *c)
{
	static const struct heuristic readings[] = { { PROTO_IP, 4 }, { PROTO_IP, 0 } };

	return next_heuristic(c, readings, NITEMS(readings), HEURISTIC_POSSIBLE);
}

/* Types with another meaning than on Ethernet.  Aruba's access points put a queue number in the
 * type. */
static struct next
gre_next_type(struct cursor *c, uint16_t type)
{
	if (type >= TYPE_ARUBA && type <= TYPE_ARUBA_LAST && (type & 0x0f) == 0)
		return next_proto(PROTO_WLAN);
	switch (type) {
	case TYPE_WCCP:
		return gre_next_wccp(c);
	case TYPE_FR:
		return next_proto(PROTO_FR);
	case TYPE_OSI:
		return next_proto(PROTO_OSI);
	default:
		return NEXT(SPACE_ETHER, type);
	}
}

static struct next
gre_next(struct cursor *c, uint16_t flags, uint16_t type)
{
	if ((flags & VERSION) == 1 && type == TYPE_EOIP)
		return next_proto(PROTO_ETH);
	/* A pure acknowledgement has no payload. */
	if ((flags & VERSION) == 1 && !(flags & SEQUENCE))
		return NEXT_END;
	/* ERSPAN type I has no header and no sequence number. */
	if (type == TYPE_ERSPAN && !(flags & SEQUENCE))
		return next_proto(PROTO_ETH);
	return gre_next_type(c, type);
}

/* The key of version 1 is payload length (upper half) and call ID (lower half); MikroTik's tunnel
 * ID there is little-endian. */
static void
gre_note_key(struct pkt *p, uint16_t flags, uint16_t type, uint32_t key)
{
	if ((flags & VERSION) == 1)
		key &= UINT16_MAX;
	if ((flags & VERSION) == 1 && type == TYPE_EOIP)
		key = key >> 8 | (key & 0xff) << 8;
	context_enter_tunnel(&p->pending_context, TUNNEL_GRE_KEY, key);
}

/* flags and version (2), type (2), then a field of 4 bytes for each flag */
struct next
gre_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 4);
	uint16_t flags;

	if (h == NULL)
		return NEXT_END;
	flags = be16(h);
	if ((flags & VERSION) > 1)
		return next_malformed(p);
	if (flags & (CHECKSUM | ROUTING))
		cur_skip(c, 4);
	if (flags & KEY)
		gre_note_key(p, flags, be16(h + 2), cur_be32(c));
	if (flags & SEQUENCE)
		cur_skip(c, 4);
	if ((flags & VERSION) == 1 && flags & ACKNOWLEDGE)
		cur_skip(c, 4);
	if ((flags & VERSION) == 0 && flags & ROUTING)
		gre_skip_routes(c);
	return c->overrun ? NEXT_END : gre_next(c, flags, be16(h + 2));
}

/* Version 1 (type II) has 8 bytes; version 2 (type III) 12, and 8 more if the last bit is set. */
struct next
erspan_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 8);

	if (h == NULL)
		return NEXT_END;
	if (h[0] >> 4 == 1)
		return next_proto(PROTO_ETH);
	if (h[0] >> 4 != 2)
		return next_malformed(p);
	h = cur_take(c, 4);
	if (h != NULL && h[3] & 1)
		cur_skip(c, 8);
	return next_proto(PROTO_ETH);
}

/* RFC 3378: version (4 bits, 3), reserved (12) */
struct next
etherip_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 2);

	if (h == NULL)
		return NEXT_END;
	return h[0] >> 4 == 3 ? next_proto(PROTO_ETH) : next_malformed(p);
}
