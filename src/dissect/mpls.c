/*
 * MPLS (RFC 3032).  Nothing says what a label stack carries: the first bits
 * behind it do, and for Ethernet pseudowires (RFC 4448) a likely type.
 */
#include "config.h"

#include "dissect/layers.h"

#define BOTTOM 0x100 /* of stack, in the label's 32 bits */

/* True when a packet of the length that it would state has room, so that its version is no chance.
 */
static bool
looks_like_ip(const struct cursor *c)
{
	const uint8_t *h = cur_peek(c, 6);

	if (h == NULL)
		return true;
	if (h[0] >> 4 == 4)
		return (h[0] & 15) >= 5 && cur_may_hold(c, be16(h + 2));
	return cur_may_hold(c, 40 + (size_t)be16(h + 4));
}

struct next
mpls_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h;
	struct next n;

	(void)p;
	do {
		h = cur_take(c, 4);
		if (h == NULL)
			return NEXT_END;
	} while ((be32(h) & BOTTOM) == 0);

	n = next_ip(c);
	if (next_space(n) != SPACE_END && looks_like_ip(c))
		return n;
	h = cur_peek(c, 4);
	if (h != NULL && h[0] >> 4 == 0 && looks_like_eth(c, 4))
		return next_proto(PROTO_PWETHCW);
	if (looks_like_eth(c, 0))
		return next_proto(PROTO_ETH);
	if (h != NULL && h[0] >> 4 == 1)
		return next_proto(PROTO_PWACH);
	return n;
}

/* RFC 4448, 4.6: zero (4 bits), reserved (12), sequence (16) */
struct next
pwethcw_dissect(struct cursor *c, struct pkt *p)
{
	(void)p;
	cur_skip(c, 4);
	return next_proto(PROTO_ETH);
}
