/*
 * MPLS (RFC 3032).  A label stack has no next-protocol field: IP follows, or an Ethernet pseudowire
 * with or without a control word (RFC 4448).
 */
#include "config.h"

#include "dissect/private.h"

#define BOTTOM         0x100 /* of stack, in the label's 32 bits */
#define LABEL_SHIFT    12
#define LABEL_RESERVED 15
#define LABEL_ENTROPY  7 /* entropy label indicator: the next one is an entropy label */

/*
 * The bottom label identifies the customer; labels above it are for forwarding.  Reserved labels
 * (RFC 3032, 2.1) and entropy labels (RFC 6790) are ignored.
 */
static void
mpls_note_label(struct pkt *p, uint32_t label, bool entropy)
{
	if (label > LABEL_RESERVED && !entropy)
		p->pending_context.label = label;
}

struct next
mpls_dissect(struct cursor *c, struct pkt *p)
{
	static const struct heuristic readings[] = {
		{ PROTO_IP, 0 },
		{ PROTO_IPV6, 0 },
		{ PROTO_PWETHCW, 0 },
		{ PROTO_ETH, 0 },
		{ PROTO_PWACH, 0 },
	};
	const uint8_t *h;
	uint32_t label = 0, above;

	do {
		h = cur_take(c, 4);
		if (h == NULL)
			return NEXT_END;
		above = label;
		label = be32(h) >> LABEL_SHIFT;
		mpls_note_label(p, label, above == LABEL_ENTROPY);
	} while ((be32(h) & BOTTOM) == 0);
	return next_heuristic(c, readings, NITEMS(readings), HEURISTIC_POSSIBLE);
}

/* RFC 4448, 4.6: zero (4 bits), reserved (12), sequence (16) */
struct next
pwethcw_dissect(struct cursor *c, struct pkt *p)
{
	(void)p;
	cur_skip(c, 4);
	return next_proto(PROTO_ETH);
}
