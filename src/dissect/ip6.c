/*
 * IPv6 (RFC 8200) with its extension headers:
 *
 *	version (4 bits)  traffic class (8)  flow label (20)
 *	payload length (2)  next header (1)  hop limit (1)
 *	source (16)  destination (16)
 */
#include "config.h"

#include "dissect/private.h"

#define HEADER      40
#define EXT_MAX     128 /* extension headers read at most; each has at least 8 bytes */
#define NO_NEXT     59
#define OFFSET      0xfff8
#define MORE_FOLLOW 1

enum ip6_ext_form {
	IP6_EXT_NONE,    /* not an extension header */
	IP6_EXT_OPTIONS, /* next header (1), length in 8-byte units after the first (1) */
	IP6_EXT_FRAGMENT,
	IP6_EXT_SIGNAL, /* like options; a protocol of its own if nothing follows */
};

static const uint8_t ip6_ext_form[256] = {
	[0] = IP6_EXT_OPTIONS,   /* hop-by-hop */
	[43] = IP6_EXT_OPTIONS,  /* routing */
	[44] = IP6_EXT_FRAGMENT, /* fragment */
	[60] = IP6_EXT_OPTIONS,  /* destination */
	[135] = IP6_EXT_SIGNAL,  /* mobility (RFC 6275) */
	[139] = IP6_EXT_SIGNAL,  /* HIP (RFC 7401) */
	[140] = IP6_EXT_SIGNAL,  /* shim6 (RFC 5533) */
};

/* The result of reading the extension headers. */
struct ip6_ext_walk {
	uint8_t proto;
	bool fragment, later, more;
	uint16_t offset;
	uint32_t id;
};

/* next header (1), reserved (1), offset (13 bits), reserved (2), more (1), identification (4) */
static bool
ip6_read_fragment(struct cursor *c, struct ip6_ext_walk *w)
{
	const uint8_t *h = cur_take(c, 8);

	if (h == NULL)
		return false;
	w->proto = h[0];
	w->fragment = true;
	w->offset = be16(h + 2) & OFFSET;
	w->later = w->offset != 0;
	w->more = (be16(h + 2) & MORE_FOLLOW) != 0;
	w->id = be32(h + 4);
	return !w->later;
}

/* Skips one header.  Returns false if it was the last or is truncated. */
static bool
ip6_skip_header(struct cursor *c, struct ip6_ext_walk *w)
{
	const uint8_t *h;

	if (LIKELY(ip6_ext_form[w->proto] == IP6_EXT_NONE))
		return false;
	if (ip6_ext_form[w->proto] == IP6_EXT_FRAGMENT)
		return ip6_read_fragment(c, w);
	h = cur_peek(c, 2);
	if (ip6_ext_form[w->proto] == IP6_EXT_SIGNAL && h != NULL && h[0] == NO_NEXT)
		return false;
	h = cur_take(c, 2);
	if (h == NULL)
		return false;
	w->proto = h[0];
	cur_skip(c, (size_t)h[1] * 8 + 6);
	return !c->overrun;
}

static void
ip6_note_header(struct pkt *p, const uint8_t *h, uint32_t total, const struct ip6_ext_walk *w)
{
	memcpy(p->src.b, h + 8, 16);
	memcpy(p->dst.b, h + 24, 16);
	p->kind = ADDR_IP6;
	p->proto = w->proto;
	p->ttl = h[7];
	p->net_len = total;
	if (UNLIKELY(w->fragment)) {
		p->flags |= w->later ? PKT_FRAGMENT | PKT_LATER_FRAGMENT : PKT_FRAGMENT;
		p->frag_id = w->id;
		p->ip_id = (uint16_t)w->id;
		p->checksum = w->offset;
	}
}

struct next
ip6_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, HEADER);
	struct ip6_ext_walk w = { 0 };
	size_t length;
	unsigned n = 0;

	if (h == NULL)
		return NEXT_END;
	if (h[0] >> 4 != 6)
		return next_malformed(p);
	/* 0 with a next header: a jumbogram (RFC 2675), or merged by segmentation offload */
	length = be16(h + 4);
	if (length == 0 && h[6] != NO_NEXT)
		length = cur_reported(c);
	if (!cur_may_hold(c, length))
		p->flags |= PKT_MALFORMED;
	cur_limit(c, length);
	w.proto = h[6];
	while (n < EXT_MAX && ip6_skip_header(c, &w))
		n++;
	if (n == EXT_MAX && ip6_ext_form[w.proto] != IP6_EXT_NONE)
		p->flags |= PKT_MALFORMED;
	if (pkt_enter_ip(p))
		ip6_note_header(p, h, (uint32_t)(HEADER + length), &w);
	if (w.later || c->overrun)
		return NEXT_END;
	if (w.more)
		c->more_fragments = true;
	return NEXT(SPACE_IP, w.proto);
}
