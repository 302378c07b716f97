/*
 * Encapsulations of bridges (TRILL, batman-adv, NSH) and tags that switch chips add to frames for
 * their CPU.
 */
#include "config.h"

#include "dissect/private.h"

/* RFC 6325, 3: version (2 bits), reserved (2), multicast (1), words of options (5), hops (6);
 * egress (2), ingress (2); options */
struct next
trill_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 6);

	(void)p;
	if (h == NULL)
		return NEXT_END;
	cur_skip(c, (size_t)(be16(h) >> 6 & 0x1f) * 4);
	return next_proto(PROTO_ETH);
}

/* Linux's batadv_packet.h: type (1), version (1), then a header whose length depends on the type.
 */
struct next
batadv_dissect(struct cursor *c, struct pkt *p)
{
	static const struct {
		uint8_t version, type, length;
	} table[] = {
		{ 14, 0x03, 10 }, /* unicast */
		{ 14, 0x04, 14 }, /* broadcast */
		{ 15, 0x01, 14 }, /* broadcast */
		{ 15, 0x40, 10 }, /* unicast */
		{ 15, 0x42, 18 }, /* unicast with the sender's address */
	};
	const uint8_t *h = cur_peek(c, 2);

	(void)p;
	for (size_t i = 0; i < NITEMS(table) && h != NULL; i++) {
		if (table[i].type != h[0] || table[i].version != h[1])
			continue;
		cur_skip(c, table[i].length);
		return next_proto(PROTO_ETH);
	}
	return NEXT_END;
}

#define EDSA         0xdada /* Marvell's tag with its own ethertype and two zero bytes */
#define LINK_PREPEND 282    /* Broadcom's tag comes before the addresses */

/* Broadcom and Marvell: [tag (4)], destination (6), source (6), [0xdada (2), zero (2)], tag (4),
 * type (2).  Behind Ethernet, EDSA is the type. */
struct next
dsa_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h;

	if (c->id == LINK_PREPEND) {
		cur_skip(c, 4);
		return next_proto(PROTO_ETH);
	}
	if (c->id == EDSA) {
		cur_skip(c, 2);
	} else {
		h = cur_take(c, 12);
		if (h == NULL)
			return NEXT_END;
		pkt_set_macs(p, h + 6, h);
		h = cur_peek(c, 2);
		if (h != NULL && be16(h) == EDSA)
			cur_skip(c, 4);
	}
	h = cur_take(c, 6);
	return h != NULL ? next_ethertype(c, p, be16(h + 4)) : NEXT_END;
}

#define RTL4_A 0xa0 /* in the first 4 bits */
#define RTL8_4 0x04

/* Linux's net/dsa/tag_rtl4_a.c and tag_rtl8_4.c: protocol and port (2 or 6), type (2); all other
 * protocols are the switch's own */
struct next
realtek_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_peek(c, 1);
	size_t length = 0;

	if (h != NULL && (h[0] & 0xf0) == RTL4_A)
		length = 2;
	else if (h != NULL && h[0] == RTL8_4)
		length = 6;
	h = length != 0 ? cur_take(c, length + 2) : NULL;
	return h != NULL ? next_ethertype(c, p, be16(h + length)) : NEXT_END;
}

/* RFC 8300, 2.2 and 2.3: version (2 bits), flags (2), hops (6), words (6); type (1), what follows
 * (1); path (4); context */
struct next
nsh_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 8);
	size_t length;

	if (h == NULL)
		return NEXT_END;
	length = (size_t)(h[1] & 0x3f) * 4;
	if (h[0] >> 6 != 0 || length < 8)
		return next_malformed(p);
	cur_skip(c, length - 8);
	return c->overrun ? NEXT_END : next_nsh_proto(h[3]);
}
