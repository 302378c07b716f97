/*
 * IPv4 (RFC 791):
 *
 *	version, header words (1)  TOS (1)  total length (2)
 *	identification (2)         flags (3 bits) and fragment offset (13)
 *	TTL (1)  protocol (1)      checksum (2)
 *	source (4)  destination (4)  options
 */
#include "config.h"

#include "dissect/private.h"

#define HEADER         20
#define HEADER_6       40 /* of version 6 */
#define OPTION_END     0
#define OPTION_NOTHING 1
#define OPTION_LOOSE   131
#define OPTION_STRICT  137
#define ROUTE_LEAST    7 /* length of a source route option with one address */
#define MORE_FRAGMENTS 0x2000
#define OFFSET         0x1fff

static void
ip4_note_fragment(struct pkt *p, const uint8_t *h)
{
	p->flags |= PKT_FRAGMENT;
	if (be16(h + 6) & OFFSET)
		p->flags |= PKT_LATER_FRAGMENT;
	p->frag_id = p->ip_id;
	p->checksum = be16(h + 6) & OFFSET;
}

static void
ip4_note_header(struct pkt *p, const uint8_t *h, uint32_t total)
{
	p->src = p->dst = (struct addr){ 0 };
	memcpy(p->src.b, h + 12, 4);
	memcpy(p->dst.b, h + 16, 4);
	p->kind = ADDR_IP4;
	p->proto = h[9];
	p->ttl = h[8];
	p->net_len = total;
	p->ip_id = be16(h + 4);
	if (be16(h + 6) & (MORE_FRAGMENTS | OFFSET))
		ip4_note_fragment(p, h);
}

/* Some capture programs label all packets as IPv4, so check the version.  If the length does not
 * fit version 6, it is a malformed IPv4 packet. */
static struct next
ip4_wrong_version(struct cursor *c, struct pkt *p, const uint8_t *h)
{
	if (h[0] >> 4 != 6 || !cur_may_hold(c, HEADER_6 - HEADER + be16(h + 4)))
		return next_malformed(p);
	c->p = h;
	return next_proto(PROTO_IPV6);
}

/*
 * RFC 791, 3.1: type (1), length (1), pointer (1), addresses.  The header has the next hop; the
 * final destination is the last address until the pointer is past it.
 */
static void
ip4_note_source_route(struct pkt *p, const uint8_t *options, size_t n)
{
	size_t at = 0, length;

	while (at + ROUTE_LEAST <= n && options[at] != OPTION_END) {
		const uint8_t *o = options + at;

		length = o[0] == OPTION_NOTHING ? 1 : o[1];
		if (length == 0 || length > n - at)
			return;
		if ((o[0] == OPTION_LOOSE || o[0] == OPTION_STRICT) && length >= ROUTE_LEAST) {
			if (o[2] <= length)
				memcpy(p->dst.b, o + length - 4, 4);
			return;
		}
		at += length;
	}
}

struct next
ip4_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, HEADER), *options;
	size_t length, total;

	if (h == NULL)
		return NEXT_END;
	length = (size_t)(h[0] & 15) * 4;
	total = be16(h + 2);
	/* Segmentation offload produces packets too long for the field, which is then 0. */
	if (total == 0)
		total = HEADER + cur_reported(c);
	if (h[0] >> 4 != 4)
		return ip4_wrong_version(c, p, h);
	if (length < HEADER || total < length)
		return next_malformed(p);
	if (!cur_may_hold(c, total - HEADER))
		p->flags |= PKT_MALFORMED;
	cur_limit(c, total - HEADER);
	options = cur_peek(c, length - HEADER);
	cur_skip(c, length - HEADER);
	if (pkt_enter_ip(p)) {
		ip4_note_header(p, h, (uint32_t)total);
		if (UNLIKELY(length > HEADER) && options != NULL)
			ip4_note_source_route(p, options, length - HEADER);
	}
	if (be16(h + 6) & OFFSET)
		return NEXT_END;
	if (be16(h + 6) & MORE_FRAGMENTS)
		c->more_fragments = true;
	return NEXT(SPACE_IP, h[9]);
}
