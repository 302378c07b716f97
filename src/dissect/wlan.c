/*
 * IEEE 802.11 and its capture pseudo-headers, which are little-endian.
 */
#include "config.h"

#include "dissect/private.h"

/* Skips the rest of a header of length bytes, of which `taken` were read. */
static bool
wlan_skip_rest(struct cursor *c, struct pkt *p, size_t length, size_t taken)
{
	if (length < taken) {
		p->flags |= PKT_MALFORMED;
		return false;
	}
	cur_skip(c, length - taken);
	return !c->overrun;
}

/* radiotap.org: version (1), padding (1), length (2), fields */
struct next
radiotap_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 8);

	if (h == NULL || !wlan_skip_rest(c, p, le16(h + 2), 8))
		return NEXT_END;
	return next_proto(PROTO_WLAN);
}

#define AVS_COOKIE 0x80211000 /* with the version in the last byte */

/* Prism: code (4), length (4), name (16), fields, in the order of the capturing machine; AVS:
 * cookie (4), length (4), fields. */
struct next
prism_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 8);
	uint32_t length;

	if (h == NULL)
		return NEXT_END;
	length = be32(h + 4);
	if ((be32(h) & ~UINT32_C(0xff)) != AVS_COOKIE && length > UINT16_MAX)
		length = le32(h + 4);
	if (!wlan_skip_rest(c, p, length, 8))
		return NEXT_END;
	return next_proto(PROTO_WLAN);
}

/* CACE per-packet information: version (1), flags (1), length (2), DLT (4), fields */
struct next
ppi_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 8);

	if (h == NULL || !wlan_skip_rest(c, p, le16(h + 2), 8))
		return NEXT_END;
	return le32(h + 4) <= UINT16_MAX ? NEXT(SPACE_LINK, le32(h + 4)) : NEXT_END;
}

#define LINK_USER2 149 /* used by Apple before PKTAP had a number */
#define PKTAP_MOST 512 /* greatest header length */

/* Apple's bsd/net/pktap.h: length (4), kind (4), DLT (4), interface (24), flags (4), more */
struct next
pktap_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 40);
	uint32_t dlt;

	if (h == NULL || (c->id == LINK_USER2 && le32(h) > PKTAP_MOST))
		return NEXT_END;
	if (!wlan_skip_rest(c, p, le32(h), 40))
		return NEXT_END;
	if ((h[36] & 3) != 0)
		p->dir = h[36] & 1 ? DIR_IN : DIR_OUT;
	dlt = le32(h + 8);
	return dlt <= UINT16_MAX ? NEXT(SPACE_LINK, dlt) : NEXT_END;
}

/* IEEE 802.11-2020, 9.2.4.1: type, subtype and flags of the frame control field */
#define FC_TYPE(fc)   ((fc) >> 2 & 3)
#define TYPE_CONTROL  1
#define TYPE_DATA     2
#define SUBTYPE_QOS   0x80
#define SUBTYPE_EMPTY 0x40
#define VERSION       0x03 /* of the first byte: 0 */
#define FRAGMENT      0x0f /* fragment number in the sequence field: skip later fragments */
#define TO_DS         0x01
#define FROM_DS       0x02
#define PROTECTED     0x40
#define ORDER         0x80 /* with QoS: an HT control field */
#define QOS_AMSDU     0x80

/* Stores source and destination; the DS bits select them among the addresses. */
static void
wlan_note_ends(struct pkt *p, uint8_t flags, const uint8_t *h, const uint8_t *fourth)
{
	const uint8_t *a1 = h + 4, *a2 = h + 10, *a3 = h + 16;

	switch (flags & (TO_DS | FROM_DS)) {
	case 0:
		pkt_set_macs(p, a2, a1);
		break;
	case TO_DS:
		pkt_set_macs(p, a2, a3);
		break;
	case FROM_DS:
		pkt_set_macs(p, a3, a1);
		break;
	default:
		pkt_set_macs(p, fourth, a3);
		break;
	}
}

/* Some drivers pad the header to 4 bytes.  An LLC header never begins with 0, 0, SNAP, SNAP. */
static void
wlan_skip_padding(struct cursor *c)
{
	const uint8_t *h = cur_peek(c, 4);

	if (h != NULL && h[0] == 0 && h[1] == 0 && h[2] == SNAP_SAP && h[3] == SNAP_SAP)
		cur_skip(c, 2);
}

/* 9.3.2.2: destination (6), source (6), length (2) of the first subframe of an A-MSDU.  With its
 * LLC header it may be longer than an Ethernet frame. */
static struct next
wlan_amsdu_next(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 14);
	size_t length;

	if (h == NULL)
		return NEXT_END;
	length = be16(h + 12);
	if (!cur_may_hold(c, length))
		p->flags |= PKT_MALFORMED;
	cur_limit(c, length);
	return next_proto(PROTO_LLC);
}

/* Reads a data frame after the addresses. */
static struct next
wlan_data_next(struct cursor *c, struct pkt *p, uint8_t control, uint8_t flags)
{
	bool aggregate = false;
	const uint8_t *h;

	if (control & SUBTYPE_QOS) {
		h = cur_take(c, 2);
		aggregate = h != NULL && h[0] & QOS_AMSDU;
		if (flags & ORDER)
			cur_skip(c, 4);
	}
	if (c->overrun || control & SUBTYPE_EMPTY || flags & PROTECTED)
		return NEXT_END;
	wlan_skip_padding(c);
	if (!aggregate)
		return next_proto(PROTO_LLC);
	return wlan_amsdu_next(c, p);
}

/* Frame control (2), duration (2), receiver (6); except in the shortest: two more addresses (12),
 * sequence and fragment (2).  In CAPWAP some access points swap the bytes of the first and last
 * fields; the version bits show it. */
struct next
wlan_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_peek(c, 10), *fourth = NULL;
	bool swapped = h != NULL && (h[0] & VERSION) != 0 && (h[1] & VERSION) == 0;
	uint8_t control, flags;

	if (h != NULL && FC_TYPE(h[swapped]) == TYPE_CONTROL) {
		pkt_set_macs(p, NULL, h + 4);
		return NEXT_END;
	}
	h = cur_take(c, 24);
	if (h == NULL)
		return NEXT_END;
	control = h[swapped];
	flags = h[!swapped];
	if ((flags & (TO_DS | FROM_DS)) == (TO_DS | FROM_DS))
		fourth = cur_take(c, 6);
	wlan_note_ends(p, flags, h, fourth);
	if (FC_TYPE(control) != TYPE_DATA || (h[22 + swapped] & FRAGMENT) != 0)
		return NEXT_END;
	return wlan_data_next(c, p, control, flags);
}
