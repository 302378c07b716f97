/*
 * Encapsulations directly over IP: AH, ESP, PIM.
 */
#include "config.h"

#include "dissect/private.h"

/* RFC 4302, 2: next header (1), words less 2 (1), reserved (2), index (4), sequence (4), value */
struct next
ah_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 12);
	size_t length;

	if (h == NULL)
		return NEXT_END;
	length = ((size_t)h[1] + 2) * 4;
	if (length < 12)
		return next_malformed(p);
	cur_skip(c, length - 12);
	return c->overrun ? NEXT_END : NEXT(SPACE_IP, h[0]);
}

#define ESP_HEADER 8

/* RFC 4303, 2: index (4), sequence (4), payload.  With NULL encryption (RFC 2410), an inner IPv4
 * packet is recognised by its checksum. */
struct next
esp_dissect(struct cursor *c, struct pkt *p)
{
	static const struct heuristic readings[] = { { PROTO_IP, ESP_HEADER } };

	(void)p;
	return next_heuristic(c, readings, NITEMS(readings), HEURISTIC_LIKELY);
}

/* RFC 7761, 4.9: version and type (1), reserved (1), checksum (2); a register message (type 1)
 * has flags (4) and a packet on its way to the group, or a lone header that names the group. */
struct next
pim_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h;

	(void)p;
	if (cur_reported(c) == 0)
		return NEXT_END; /* nothing follows a null-register's header */
	h = cur_take(c, 4);
	if (h == NULL || h[0] != 0x21)
		return NEXT_END;
	cur_skip(c, 4);
	return next_ip(c);
}
