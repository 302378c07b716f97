/*
 * Pseudo-headers of routers and firewalls: pflog, enc, Juniper.
 */
#include "config.h"

#include "dissect/private.h"

#define PFLOG_DIRECTION 60 /* offset in the header */

/* OpenBSD's if_pflog.h: length (1), family (1), action, reason, interface, rule ...; padded to 4.
 */
struct next
pflog_dissect(struct cursor *c, struct pkt *p)
{
	static const uint8_t dir[] = { DIR_UNKNOWN, DIR_IN, DIR_OUT };
	const uint8_t *h = cur_peek(c, 1);
	size_t length = h != NULL ? (h[0] + 3u) & ~3u : 1;

	h = cur_take(c, length);
	if (h == NULL)
		return NEXT_END;
	if (length > PFLOG_DIRECTION && h[PFLOG_DIRECTION] < NITEMS(dir))
		p->dir = dir[h[PFLOG_DIRECTION]];
	return next_ip(c);
}

/* OpenBSD's if_enc.h: family (4), security parameters (4), flags (4) */
struct next
enc_dissect(struct cursor *c, struct pkt *p)
{
	(void)p;
	cur_skip(c, 12);
	return next_ip(c);
}

#define JUNIPER_MAGIC  0x4d4743
#define JUNIPER_IN     0x01
#define JUNIPER_NO_L2  0x02
#define JUNIPER_EXTRAS 0x80

/* Magic (3), flags (1), [length (2), extras], and without a link's header the family (4).  The link
 * type that follows is not given. */
struct next
juniper_dissect(struct cursor *c, struct pkt *p)
{
	static const struct heuristic readings[] = {
		{ PROTO_PPP, 0 },
		{ PROTO_ETH, 0 },
		{ PROTO_IP, 0 },
		{ PROTO_IPV6, 0 },
	};
	const uint8_t *h = cur_take(c, 4);

	if (h == NULL || be32(h) >> 8 != JUNIPER_MAGIC)
		return NEXT_END;
	p->dir = h[3] & JUNIPER_IN ? DIR_IN : DIR_OUT;
	if (h[3] & JUNIPER_EXTRAS)
		cur_skip(c, cur_be16(c));
	if ((h[3] & JUNIPER_NO_L2) == 0)
		return next_heuristic(c, readings, NITEMS(readings), HEURISTIC_POSSIBLE);
	cur_skip(c, 4);
	return next_ip(c);
}
