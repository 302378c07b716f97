/*
 * Headers that capture cards and probes put in front of frames; and DOCSIS.
 */
#include "config.h"

#include "dissect/private.h"

#define LINK_DOCSIS      143
#define LINK_ERF         197
#define LINK_NETANALYZER 240
#define LINK_TRANSPARENT 241
#define LINK_EPON        259
#define LINK_MPACKET     274

#define ERF_KIND      0x7f
#define ERF_MORE      0x80 /* an extension header follows */
#define ERF_EXTENSION 8

/* By record type: bytes before the frame, and its protocol. */
static const struct {
	uint8_t kind, before, proto;
} erf_kinds[] = {
	{ 1, 0, PROTO_PPP }, /* HDLC */
	{ 2, 2, PROTO_ETH }, /* offset and padding before it */
	{ 4, 4, PROTO_LLC }, /* AAL5, behind a cell's header */
	{ 5, 4, PROTO_PPP }, /* of several channels */
	{ 9, 8, PROTO_LLC },
	{ 10, 0, PROTO_PPP }, /* coloured */
	{ 11, 2, PROTO_ETH },
	{ 15, 0, PROTO_PPP },
	{ 16, 2, PROTO_ETH },
	{ 17, 4, PROTO_PPP },
	{ 19, 0, PROTO_PPP },
	{ 20, 2, PROTO_ETH },
	{ 22, 0, PROTO_IP },
	{ 23, 0, PROTO_IPV6 },
};

/* Endace's record: stamp (8), kind (1), flags (1), length (2), lost (2), length on the link (2) */
static struct next
erf_dissect(struct cursor *c)
{
	const uint8_t *h = cur_take(c, 16), *more;
	uint8_t kind = h != NULL ? h[8] & ERF_KIND : 0;
	bool extended = h != NULL && h[8] & ERF_MORE;

	while (extended && (more = cur_take(c, ERF_EXTENSION)) != NULL)
		extended = more[0] & ERF_MORE;
	for (size_t i = 0; i < NITEMS(erf_kinds); i++) {
		if (erf_kinds[i].kind != kind)
			continue;
		cur_skip(c, erf_kinds[i].before);
		return next_proto(erf_kinds[i].proto);
	}
	return NEXT_END;
}

/* IEEE 802.3br, 99.3: the last byte of the preamble tells whether this is a later fragment of a
 * frame. */
static bool
mpacket_is_later_part(const uint8_t *preamble)
{
	static const uint8_t later[] = { 0x61, 0x52, 0x9e, 0x2a };

	return memchr(later, preamble[7], sizeof(later)) != NULL;
}

#define DOCSIS_EXTENDED 0x01

/* DOCSIS 3.1, 6.2: kind (1), bytes of the extended header (1), length (2), that header, checksum
 * (2).  An Ethernet frame follows, or a cable management message. */
static struct next
docsis_dissect(struct cursor *c)
{
	static const struct heuristic readings[] = { { PROTO_ETH, 0 } };
	const uint8_t *h = cur_take(c, 4);

	if (h != NULL && h[0] & DOCSIS_EXTENDED)
		cur_skip(c, h[1]);
	cur_skip(c, 2);
	return next_heuristic(c, readings, NITEMS(readings), HEURISTIC_LIKELY);
}

struct next
card_dissect(struct cursor *c, struct pkt *p)
{
	static const struct {
		uint16_t link;
		uint8_t before;
	} table[] = {
		{ LINK_NETANALYZER, 4 },
		{ LINK_TRANSPARENT, 12 }, /* with the preamble */
		{ LINK_EPON, 8 },
		{ LINK_MPACKET, 8 },
	};
	const uint8_t *h;

	(void)p;
	if (c->id == LINK_ERF)
		return erf_dissect(c);
	if (c->id == LINK_DOCSIS)
		return docsis_dissect(c);
	for (size_t i = 0; i < NITEMS(table); i++) {
		if (table[i].link != c->id)
			continue;
		h = cur_take(c, table[i].before);
		if (h == NULL || (table[i].link == LINK_MPACKET && mpacket_is_later_part(h)))
			return NEXT_END;
		return next_proto(PROTO_ETH);
	}
	return NEXT_END;
}
