/*
 * Logical link control (IEEE 802.2) and its extension SNAP (RFC 1042).
 */
#include "config.h"

#include "dissect/private.h"

#define BRIDGE_PAD 2 /* before a bridged Ethernet frame (RFC 2684, 5.2) */

#define NLPID_IPV6 0x8e /* higher ones are IPv4 and PPP */

#define OUI_ETHER  0x000000
#define OUI_8021H  0x0000f8 /* bridge tunnel encapsulation, IEEE 802.1H */
#define OUI_APPLE  0x080007
#define OUI_CISCO  0x00000c
#define OUI_8021   0x0080c2
#define OUI_NORTEL 0x000081

/* OUIs whose protocol ID is not an ethertype. */
static const struct {
	uint32_t oui;
	uint16_t pid;
	uint8_t proto;
} snap[] = {
	{ OUI_CISCO, 0x010b, PROTO_STP },
	{ OUI_CISCO, 0x0111, PROTO_UDLD },
	{ OUI_CISCO, 0x2000, PROTO_CDP },
	{ OUI_CISCO, 0x2003, PROTO_VTP },
	{ OUI_CISCO, 0x2004, PROTO_DTP },
	{ OUI_8021, 0x0001, PROTO_ETH },
	{ OUI_8021, 0x0007, PROTO_ETH },
	{ OUI_8021, 0x000e, PROTO_STP },
	{ OUI_NORTEL, 0x01a1, PROTO_NDP },
	{ OUI_NORTEL, 0x01a2, PROTO_NDP },
	{ 0x00e02b, 0x00bb, PROTO_EDP },
	{ 0x004096, 0x0000, PROTO_WLCCP },
};

struct next
next_snap(struct cursor *c, struct pkt *p, size_t pad)
{
	const uint8_t *h = cur_take(c, 5);
	uint32_t oui;
	uint16_t pid;

	if (h == NULL)
		return NEXT_END;
	oui = be32(h) >> 8;
	pid = be16(h + 3);
	if (oui == OUI_ETHER || oui == OUI_8021H || oui == OUI_APPLE)
		return NEXT(SPACE_ETHER, pid);
	pkt_set_link_proto(p, pid);
	for (size_t i = 0; i < NITEMS(snap); i++) {
		if (snap[i].oui != oui || snap[i].pid != pid)
			continue;
		if (snap[i].proto == PROTO_ETH)
			cur_skip(c, pad);
		return next_proto(snap[i].proto);
	}
	return NEXT_END;
}

/* DSAP (1), SSAP (1), control: 1 byte in unnumbered frames, else 2 */
struct next
llc_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 3);
	bool unnumbered;

	if (h == NULL)
		return NEXT_END;
	pkt_set_link_proto(p, h[0]);
	unnumbered = (h[2] & 3) == 3;
	if (!unnumbered)
		cur_skip(c, 1);
	if (h[0] == SNAP_SAP && h[1] == SNAP_SAP && unnumbered)
		return next_snap(c, p, BRIDGE_PAD);
	return NEXT(SPACE_LLC, h[0]);
}

/* ISO protocols include the NLPID in their header; before other protocols it is a separate byte. */
struct next
osi_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_peek(c, 1);
	uint8_t nlpid = h != NULL ? h[0] : 0;

	(void)p;
	if (nlpid >= NLPID_IPV6)
		cur_skip(c, 1);
	return next_nlpid(nlpid);
}
