/*
 * Small link-layer headers directly followed by the network layer.
 */
#include "config.h"

#include "dissect/private.h"

/* LINKTYPE_RAW: no header at all */
struct next
raw_dissect(struct cursor *c, struct pkt *p)
{
	struct next n = next_ip(c);

	if (cur_need(c, 1) && next_space(n) == SPACE_END)
		return next_malformed(p);
	return n;
}

/*
 * LINKTYPE_NULL and LINKTYPE_LOOP: an address family in 4 bytes, in the byte order of the capturing
 * machine.  IPv6 is 10 on Linux, 23 on Windows, 24 on NetBSD and OpenBSD, 28 on FreeBSD, 30 on
 * macOS.  Some captures have an ethertype there, in all or in the last 2 bytes.
 */
struct next
null_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 4);
	uint32_t family;

	(void)p;
	if (h == NULL)
		return NEXT_END;
	family = be32(h);
	if (family > UINT16_MAX)
		family = le32(h);
	if (family > UINT16_MAX)
		family = be16(h + 2);
	switch (family) {
	case 2:
		return next_proto(PROTO_IP);
	case 10:
	case 23:
	case 24:
	case 28:
	case 30:
		return next_proto(PROTO_IPV6);
	default:
		return family >= ETHERTYPE_MIN ? NEXT(SPACE_ETHER, family) : NEXT_END;
	}
}

/* ISO 9314-2: frame control (1), destination (6), source (6); LLC where control is 01x1xxxx */
struct next
fddi_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 13);

	if (h == NULL)
		return NEXT_END;
	pkt_set_macs(p, h + 7, h + 1);
	return (h[0] & 0xf0) == 0x50 ? next_proto(PROTO_LLC) : NEXT_END;
}

/*
 * IEEE 802.5: access (1), frame control (1), destination (6), source (6).  If the first bit of the
 * source is set, a route follows, with its length in the low 5 bits of its first byte.
 */
struct next
tr_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 14), *route;
	size_t length;

	if (h == NULL)
		return NEXT_END;
	pkt_set_macs(p, h + 8, h + 2);
	if (h[8] & 0x80) {
		route = cur_peek(c, 1);
		length = route != NULL ? route[0] & 0x1f : 1;
		cur_skip(c, length);
	}
	return (h[1] & 0xc0) == 0x40 ? next_proto(PROTO_LLC) : NEXT_END;
}

/*
 * The protocols of RFC 1201 have split flag (1) and sequence (2) first, and repeat them after a
 * flag of all ones.
 */
static struct next
arcnet_next(struct cursor *c, struct pkt *p, uint8_t protocol)
{
	static const struct {
		uint8_t protocol;
		bool split;
		uint8_t proto;
	} table[] = {
		{ 212, true, PROTO_IP },
		{ 213, true, PROTO_ARP },
		{ 214, true, PROTO_ARP },
		{ 196, true, PROTO_IPV6 },
		{ 240, false, PROTO_IP },
		{ 241, false, PROTO_ARP },
	};
	const uint8_t *split;

	pkt_set_link_proto(p, protocol);
	for (size_t i = 0; i < NITEMS(table); i++) {
		if (table[i].protocol != protocol)
			continue;
		split = table[i].split ? cur_take(c, 3) : NULL;
		if (split != NULL && split[0] == 0xff)
			cur_skip(c, 4);
		return next_proto(table[i].proto);
	}
	return NEXT_END;
}

#define LINK_ARCNET_BSD 7

/* Source (1), destination (1), on Linux offset (2), protocol (1) */
struct next
arcnet_dissect(struct cursor *c, struct pkt *p)
{
	size_t length = c->id == LINK_ARCNET_BSD ? 3 : 5;
	const uint8_t *h = cur_take(c, length);

	return h != NULL ? arcnet_next(c, p, h[length - 1]) : NEXT_END;
}

/* Solaris: version (1), family (1), hook (2), length (4), interface (4), group (4), zones (8) */
struct next
ipnet_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 24);

	(void)p;
	return h != NULL ? next_ip(c) : NEXT_END;
}

/* LINKTYPE_IPOIB: InfiniBand's global routing header (40), type (2), reserved (2): RFC 4391, 6 */
struct next
ipoib_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 44);

	(void)p;
	return h != NULL ? NEXT(SPACE_ETHER, be16(h + 40)) : NEXT_END;
}

/* RFC 2625, 3: two addresses (8 each), then LLC with SNAP */
struct next
ipfc_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 16);

	if (h == NULL)
		return NEXT_END;
	pkt_set_macs(p, h + 10, h + 2);
	return next_proto(PROTO_LLC);
}

/* LINKTYPE_APPLE_IP_OVER_IEEE1394: destination (8), source (8), type (2) */
struct next
ap1394_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 18);

	(void)p;
	return h != NULL ? NEXT(SPACE_ETHER, be16(h + 16)) : NEXT_END;
}

#define SUNATM_KIND 0x0f
#define SUNATM_LLC  2

/* LINKTYPE_SUNATM: flags (1), VPI (1), VCI (2) */
struct next
sunatm_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 4);

	(void)p;
	if (h == NULL || (h[0] & SUNATM_KIND) != SUNATM_LLC)
		return NEXT_END;
	return next_proto(PROTO_LLC);
}

/* The Q.922 address ends with the byte whose lowest bit is set. */
static bool
fr_skip_address(struct cursor *c)
{
	for (int i = 0; i < 4; i++)
		if (cur_u8(c) & 1)
			return true;
	return false;
}

/*
 * RFC 2427: address (2 to 4), control (1, 0x03), padding (0 or 1), NLPID (1).  Cisco uses an
 * ethertype after the address.
 */
struct next
fr_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h;
	uint8_t nlpid;

	if (!fr_skip_address(c))
		return c->overrun ? NEXT_END : next_malformed(p);
	h = cur_peek(c, 1);
	if (h == NULL || h[0] != 0x03)
		return NEXT(SPACE_ETHER, cur_be16(c));
	cur_skip(c, 1);
	nlpid = cur_u8(c);
	if (nlpid == 0)
		nlpid = cur_u8(c);
	pkt_set_link_proto(p, nlpid);
	return nlpid == 0x80 ? next_snap(c, p, 0) : next_nlpid(nlpid);
}
