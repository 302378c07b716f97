/*
 * PPP (RFC 1661, 1662), Cisco HDLC, and PPP over Ethernet (RFC 2516).
 */
#include "config.h"

#include "dissect/private.h"

#define CHDLC_UNICAST   0x0f
#define CHDLC_MULTICAST 0x8f
#define CHDLC_SLARP     0x8035 /* RARP's ethertype */
#define CHDLC_OSI       0xfefe

#define LINK_SLIP            8
#define LINK_PPPD            166
#define LINK_FRELAY_WITH_DIR 206

/* LINKTYPE_PPP_PPPD: direction instead of the address: 0 for received, else sent */
static void
ppp_take_pppd_direction(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 2);

	if (h != NULL)
		p->dir = h[0] == 0 ? DIR_IN : DIR_OUT;
}

/*
 * Address 0xff and control 0x03 may be left out, and a protocol number below 256 may be one odd
 * byte (RFC 1661, 6.5, 6.6).  On serial lines it may be Cisco HDLC instead.
 */
struct next
ppp_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_peek(c, 2);
	uint16_t protocol;

	if (h != NULL && c->id == LINK_PPPD && h[1] == 0x03)
		ppp_take_pppd_direction(c, p);
	else if (h != NULL && (h[0] == CHDLC_UNICAST || h[0] == CHDLC_MULTICAST) && h[1] == 0)
		return next_proto(PROTO_CHDLC);
	else if (h != NULL && h[0] == 0xff && h[1] == 0x03)
		cur_skip(c, 2);
	protocol = cur_u8(c);
	if ((protocol & 1) == 0)
		protocol = (uint16_t)(protocol << 8 | cur_u8(c));
	return c->overrun ? NEXT_END : NEXT(SPACE_PPP, protocol);
}

#define SLIP_MORE 15 /* the uncompressed header, or zeros */

/*
 * LINKTYPE_PPP_WITH_DIR, _C_HDLC_WITH_DIR, _FRELAY_WITH_DIR and _SLIP: 0 for received, else sent
 * (1)
 */
struct next
serial_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 1);

	if (h == NULL)
		return NEXT_END;
	p->dir = h[0] == 0 ? DIR_IN : DIR_OUT;
	if (c->id == LINK_FRELAY_WITH_DIR)
		return next_proto(PROTO_FR);
	if (c->id != LINK_SLIP)
		return next_proto(PROTO_PPP);
	cur_skip(c, SLIP_MORE);
	return next_ip(c);
}

/* Most routers put a padding byte before the NLPID (0x81 to 0x83 for ISO protocols). */
static struct next
chdlc_osi(struct cursor *c)
{
	const uint8_t *h = cur_peek(c, 2);

	if (h != NULL && h[1] >= 0x81 && h[1] <= 0x83)
		cur_skip(c, 1);
	return next_proto(PROTO_OSI);
}

/* address (1), control (1), ethertype (2) */
struct next
chdlc_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 4);
	uint16_t type;

	if (h == NULL)
		return NEXT_END;
	type = be16(h + 2);
	if (type == CHDLC_OSI)
		return chdlc_osi(c);
	if (type != CHDLC_SLARP)
		return NEXT(SPACE_ETHER, type);
	pkt_set_link_proto(p, type);
	return next_proto(PROTO_SLARP);
}

/* version and type (1), code (1), session (2), length (2) */
struct next
pppoes_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 6);
	size_t length;

	if (h == NULL)
		return NEXT_END;
	p->pending_context.session = be16(h + 2);
	length = be16(h + 4);
	if (h[0] != 0x11 || !cur_may_hold(c, length))
		p->flags |= PKT_MALFORMED;
	cur_limit(c, length);
	return next_proto(PROTO_PPP);
}
