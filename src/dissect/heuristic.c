#include "config.h"

#include "dissect/private.h"

#include "util/attr.h"

#define IP4_HEADER 20
#define IP6_HEADER 40
#define ETH_HEADER 14
#define TRAILER    4  /* a frame checksum may follow */
#define SHORT      60 /* shorter frames are padded */
#define LABELS     16 /* MPLS labels checked at most */
#define BOTTOM     0x100

#define TYPE_VLAN    0x8100
#define TYPE_SERVICE 0x88a8
#define TYPE_IP4     0x0800
#define TYPE_IP6     0x86dd

/* Scores the candidate at c, which is a copy. */
typedef unsigned heuristic_fn(struct cursor c);

static unsigned
heuristic_cap(unsigned points)
{
	return points < HEURISTIC_CERTAIN ? points : HEURISTIC_CERTAIN;
}

static bool
heuristic_skip(struct cursor *c, size_t n)
{
	if (cur_captured(c) < n)
		return false;
	c->p += n;
	return true;
}

/* Scores a length field: 2 if it is exactly the rest, 1 if slightly less, because padding or a
 * trailer may follow. */
static unsigned
heuristic_length_fit(const struct cursor *c, size_t length)
{
	size_t rest = cur_reported(c);

	if (length == rest)
		return 2;
	if (length > rest)
		return c->more_fragments;
	return rest - length <= TRAILER || rest <= SHORT;
}

static bool
heuristic_checksum_ok(const uint8_t *h, size_t length)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < length; i += 2)
		sum += be16(h + i);
	sum = (sum & UINT16_MAX) + (sum >> 16);
	return sum + (sum >> 16) == UINT16_MAX;
}

/* True if the snap length cut the header. */
static bool
heuristic_is_truncated(const struct cursor *c, size_t header)
{
	return c->uncaptured > 0 && cur_captured(c) < header;
}

static unsigned
heuristic_ip4(struct cursor c)
{
	const uint8_t *h = cur_peek(&c, 1);
	size_t length = h != NULL ? (size_t)(h[0] & 15) * 4 : 0, total;

	if (h == NULL || h[0] >> 4 != 4 || length < IP4_HEADER)
		return HEURISTIC_WRONG;
	if (cur_captured(&c) < length)
		return heuristic_is_truncated(&c, length) ? HEURISTIC_POSSIBLE : HEURISTIC_WRONG;
	total = be16(h + 2);
	if (total != 0 && total < length)
		return HEURISTIC_WRONG;
	return HEURISTIC_POSSIBLE + heuristic_length_fit(&c, total) +
	    (heuristic_checksum_ok(h, length) ? 2 : 0);
}

static bool
heuristic_is_known_proto(uint8_t number)
{
	static const uint8_t known[] = { 0, 4, 6, 17, 41, 43, 44, 47, 50, 51, 58, 59, 60, 88, 89,
		103, 112, 115, 132, 135 };

	for (size_t i = 0; i < NITEMS(known); i++)
		if (known[i] == number)
			return true;
	return false;
}

/* IPv6 has no checksum, but few next-header values. */
static unsigned
heuristic_ip6(struct cursor c)
{
	const uint8_t *h = cur_peek(&c, 1);
	if (h == NULL || h[0] >> 4 != 6)
		return HEURISTIC_WRONG;
	if (cur_captured(&c) < IP6_HEADER)
		return heuristic_is_truncated(&c, IP6_HEADER) ? HEURISTIC_POSSIBLE
							      : HEURISTIC_WRONG;
	if (!cur_may_hold(&c, IP6_HEADER + (size_t)be16(h + 4)))
		return HEURISTIC_POSSIBLE;
	return HEURISTIC_POSSIBLE + heuristic_length_fit(&c, IP6_HEADER + (size_t)be16(h + 4)) +
	    heuristic_is_known_proto(h[6]);
}

/* RFC 826: hardware (2), protocol (2), lengths of their addresses (1, 1) */
static unsigned
heuristic_arp(struct cursor c)
{
	const uint8_t *h = cur_peek(&c, 6);

	if (h == NULL || be16(h + 2) != TYPE_IP4 || h[4] != 6 || h[5] != 4)
		return HEURISTIC_WRONG;
	return HEURISTIC_CERTAIN;
}

static unsigned
heuristic_mpls(struct cursor c)
{
	const uint8_t *h;

	for (int i = 0; i < LABELS && (h = cur_peek(&c, 4)) != NULL; i++) {
		if (be32(h) & BOTTOM)
			return HEURISTIC_POSSIBLE;
		c.p += 4;
	}
	return HEURISTIC_WRONG;
}

static unsigned
heuristic_pppoe(struct cursor c)
{
	const uint8_t *h = cur_peek(&c, 6);

	if (h == NULL || h[0] != 0x11 || !heuristic_skip(&c, 6))
		return HEURISTIC_WRONG;
	return HEURISTIC_POSSIBLE + heuristic_length_fit(&c, be16(h + 4));
}

/* IEEE 802.1AB, 8.5.2: the first TLV names the chassis. */
static unsigned
heuristic_lldp(struct cursor c)
{
	const uint8_t *h = cur_peek(&c, 1);

	return h != NULL && h[0] == 0x02 ? HEURISTIC_POSSIBLE : HEURISTIC_WRONG;
}

/* Ethertypes whose content is not checked. */
static unsigned
heuristic_type_only(struct cursor c ATTR_UNUSED)
{
	return HEURISTIC_WRONG;
}

/* An LLC frame of that length, with common SAPs. */
static unsigned
heuristic_llc(const struct cursor *c, size_t length)
{
	static const uint8_t saps[] = { SNAP_SAP, 0x42, 0xe0, 0xf0, 0xfe, 0xff };
	const uint8_t *h = cur_peek(c, 2);
	unsigned points = heuristic_length_fit(c, length);

	if (h == NULL || !cur_may_hold(c, length))
		return HEURISTIC_WRONG;
	for (size_t i = 0; i < NITEMS(saps); i++)
		if (h[0] == saps[i] && h[1] == saps[i])
			points += 2;
	return points;
}

static unsigned
heuristic_ethertype(struct cursor c, uint16_t type)
{
	static const struct {
		uint16_t type;
		heuristic_fn *content;
	} usual[] = {
		{ TYPE_IP4, heuristic_ip4 },
		{ TYPE_IP6, heuristic_ip6 },
		{ 0x0806, heuristic_arp },
		{ 0x8035, heuristic_arp },
		{ 0x8847, heuristic_mpls },
		{ 0x8848, heuristic_mpls },
		{ 0x8863, heuristic_pppoe },
		{ 0x8864, heuristic_pppoe },
		{ 0x8809, heuristic_type_only },
		{ 0x888e, heuristic_type_only },
		{ 0x88cc, heuristic_lldp },
		{ 0x88e5, heuristic_type_only },
		{ 0x88f7, heuristic_type_only },
		{ 0x8902, heuristic_type_only },
		{ 0x9000, heuristic_type_only },
	};

	while ((type == TYPE_VLAN || type == TYPE_SERVICE) && heuristic_skip(&c, 4))
		type = be16(c.p - 2);
	if (type <= ETHER_LENGTH_MAX)
		return heuristic_llc(&c, type);
	for (size_t i = 0; i < NITEMS(usual); i++)
		if (usual[i].type == type)
			return heuristic_cap(HEURISTIC_POSSIBLE + usual[i].content(c));
	return HEURISTIC_WRONG;
}

static unsigned
heuristic_eth(struct cursor c)
{
	return heuristic_skip(&c, ETH_HEADER) ? heuristic_ethertype(c, be16(c.p - 2))
					      : HEURISTIC_WRONG;
}

/* RFC 4448, 4.6: a control word begins with four zero bits. */
static unsigned
heuristic_pwethcw(struct cursor c)
{
	const uint8_t *h = cur_peek(&c, 4);

	return h != NULL && h[0] >> 4 == 0 && heuristic_skip(&c, 4) ? heuristic_eth(c)
								    : HEURISTIC_WRONG;
}

/* RFC 5586, 2.1: one (4 bits), version (4), reserved (8), both zero */
static unsigned
heuristic_pwach(struct cursor c)
{
	const uint8_t *h = cur_peek(&c, 4);

	return h != NULL && be16(h) == 0x1000 ? HEURISTIC_POSSIBLE : HEURISTIC_WRONG;
}

/* PPP with its address and control, or Cisco HDLC in its place. */
static unsigned
heuristic_ppp(struct cursor c)
{
	const uint8_t *h = cur_peek(&c, 4);
	uint16_t type;

	if (h == NULL || !heuristic_skip(&c, 4))
		return HEURISTIC_WRONG;
	type = be16(h + 2);
	if (h[1] == 0 && (h[0] & 0x7f) == 0x0f)
		return heuristic_cap(HEURISTIC_POSSIBLE + heuristic_ethertype(c, type));
	if (h[0] != 0xff || h[1] != 0x03)
		return HEURISTIC_WRONG;
	if (type == 0x0021)
		return heuristic_cap(HEURISTIC_POSSIBLE + heuristic_ip4(c));
	if (type == 0x0057)
		return heuristic_cap(HEURISTIC_POSSIBLE + heuristic_ip6(c));
	return (type & 0x8001) == 0x8001 ? HEURISTIC_LIKELY : HEURISTIC_POSSIBLE;
}

unsigned
heuristic_score(const struct cursor *c, const struct heuristic *r)
{
	static const struct {
		uint8_t proto;
		heuristic_fn *fn;
	} table[] = {
		{ PROTO_IP, heuristic_ip4 },
		{ PROTO_IPV6, heuristic_ip6 },
		{ PROTO_ETH, heuristic_eth },
		{ PROTO_PPP, heuristic_ppp },
		{ PROTO_PWETHCW, heuristic_pwethcw },
		{ PROTO_PWACH, heuristic_pwach },
	};
	struct cursor at = *c;

	if (!heuristic_skip(&at, r->offset))
		return HEURISTIC_WRONG;
	for (size_t i = 0; i < NITEMS(table); i++)
		if (table[i].proto == r->proto)
			return table[i].fn(at);
	return HEURISTIC_WRONG;
}

struct next
next_heuristic(struct cursor *c, const struct heuristic *r, size_t n, unsigned least)
{
	const struct heuristic *best = NULL;

	for (size_t i = 0; i < n; i++) {
		unsigned points = heuristic_score(c, &r[i]);

		if (points >= least) {
			best = &r[i];
			least = points + 1;
		}
	}
	if (best == NULL)
		return NEXT_END;
	cur_skip(c, best->offset);
	return next_proto(best->proto);
}
