#include "config.h"

#include "dissect/heuristic.h"

#include "util/attr.h"

#define IP4_HEADER 20
#define IP6_HEADER 40
#define ETH_HEADER 14
#define TRAILER    4  /* a frame's checksum may follow */
#define SHORT      60 /* a frame of fewer bytes has padding */
#define LABELS     16 /* of a stack of MPLS that are looked at */
#define BOTTOM     0x100

#define TYPE_VLAN    0x8100
#define TYPE_SERVICE 0x88a8
#define TYPE_IP4     0x0800
#define TYPE_IP6     0x86dd

/* The points of what begins at c, which is a copy. */
typedef unsigned points_fn(struct cursor c);

static unsigned
most(unsigned points)
{
	return points < READING_SURE ? points : READING_SURE;
}

static bool
advance(struct cursor *c, size_t n)
{
	if (cur_left(c) < n)
		return false;
	c->p += n;
	return true;
}

/* A length that is the rest exactly is no chance; a little less may be padding or a trailer. */
static unsigned
fit(const struct cursor *c, size_t length)
{
	size_t rest = cur_rest(c);

	if (length == rest)
		return 2;
	if (length > rest)
		return c->more;
	return rest - length <= TRAILER || rest <= SHORT;
}

static bool
checksum_is_right(const uint8_t *h, size_t length)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < length; i += 2)
		sum += be16(h + i);
	sum = (sum & UINT16_MAX) + (sum >> 16);
	return sum + (sum >> 16) == UINT16_MAX;
}

/* The snap length left so little that nothing else can be asked. */
static bool
is_cut(const struct cursor *c, size_t header)
{
	return c->cut > 0 && cur_left(c) < header;
}

static unsigned
points_ip4(struct cursor c)
{
	const uint8_t *h = cur_peek(&c, 1);
	size_t length = h != NULL ? (size_t)(h[0] & 15) * 4 : 0, total;

	if (h == NULL || h[0] >> 4 != 4 || length < IP4_HEADER)
		return READING_WRONG;
	if (cur_left(&c) < length)
		return is_cut(&c, length) ? READING_POSSIBLE : READING_WRONG;
	total = be16(h + 2);
	if (total != 0 && total < length)
		return READING_WRONG;
	return READING_POSSIBLE + fit(&c, total) + (checksum_is_right(h, length) ? 2 : 0);
}

static bool
is_known_number(uint8_t number)
{
	static const uint8_t known[] = { 0, 4, 6, 17, 41, 43, 44, 47, 50, 51, 58, 59, 60, 88, 89,
		103, 112, 115, 132, 135 };

	for (size_t i = 0; i < NITEMS(known); i++)
		if (known[i] == number)
			return true;
	return false;
}

/* Version 6 has no checksum, but few protocols. */
static unsigned
points_ip6(struct cursor c)
{
	const uint8_t *h = cur_peek(&c, 1);
	if (h == NULL || h[0] >> 4 != 6)
		return READING_WRONG;
	if (cur_left(&c) < IP6_HEADER)
		return is_cut(&c, IP6_HEADER) ? READING_POSSIBLE : READING_WRONG;
	if (!cur_may_hold(&c, IP6_HEADER + (size_t)be16(h + 4)))
		return READING_POSSIBLE;
	return READING_POSSIBLE + fit(&c, IP6_HEADER + (size_t)be16(h + 4)) + is_known_number(h[6]);
}

/* RFC 826: hardware (2), protocol (2), lengths of their addresses (1, 1) */
static unsigned
points_arp(struct cursor c)
{
	const uint8_t *h = cur_peek(&c, 6);

	if (h == NULL || be16(h + 2) != TYPE_IP4 || h[4] != 6 || h[5] != 4)
		return READING_WRONG;
	return READING_SURE;
}

static unsigned
points_mpls(struct cursor c)
{
	const uint8_t *h;

	for (int i = 0; i < LABELS && (h = cur_peek(&c, 4)) != NULL; i++) {
		if (be32(h) & BOTTOM)
			return READING_POSSIBLE;
		c.p += 4;
	}
	return READING_WRONG;
}

static unsigned
points_pppoe(struct cursor c)
{
	const uint8_t *h = cur_peek(&c, 6);

	if (h == NULL || h[0] != 0x11 || !advance(&c, 6))
		return READING_WRONG;
	return READING_POSSIBLE + fit(&c, be16(h + 4));
}

/* IEEE 802.1AB, 8.5.2: the first TLV names the chassis. */
static unsigned
points_lldp(struct cursor c)
{
	const uint8_t *h = cur_peek(&c, 1);

	return h != NULL && h[0] == 0x02 ? READING_POSSIBLE : READING_WRONG;
}

/* What nothing more is known of. */
static unsigned
points_type_alone(struct cursor c ATTR_UNUSED)
{
	return READING_WRONG;
}

/* An LLC frame of that length, with addresses that are in use. */
static unsigned
points_llc(const struct cursor *c, size_t length)
{
	static const uint8_t saps[] = { SNAP_SAP, 0x42, 0xe0, 0xf0, 0xfe, 0xff };
	const uint8_t *h = cur_peek(c, 2);
	unsigned points = fit(c, length);

	if (h == NULL || !cur_may_hold(c, length))
		return READING_WRONG;
	for (size_t i = 0; i < NITEMS(saps); i++)
		if (h[0] == saps[i] && h[1] == saps[i])
			points += 2;
	return points;
}

static unsigned
points_of_type(struct cursor c, uint16_t type)
{
	static const struct {
		uint16_t type;
		points_fn *content;
	} usual[] = {
		{ TYPE_IP4, points_ip4 },
		{ TYPE_IP6, points_ip6 },
		{ 0x0806, points_arp },
		{ 0x8035, points_arp },
		{ 0x8847, points_mpls },
		{ 0x8848, points_mpls },
		{ 0x8863, points_pppoe },
		{ 0x8864, points_pppoe },
		{ 0x8809, points_type_alone },
		{ 0x888e, points_type_alone },
		{ 0x88cc, points_lldp },
		{ 0x88e5, points_type_alone },
		{ 0x88f7, points_type_alone },
		{ 0x8902, points_type_alone },
		{ 0x9000, points_type_alone },
	};

	while ((type == TYPE_VLAN || type == TYPE_SERVICE) && advance(&c, 4))
		type = be16(c.p - 2);
	if (type <= ETHER_LENGTH_MOST)
		return points_llc(&c, type);
	for (size_t i = 0; i < NITEMS(usual); i++)
		if (usual[i].type == type)
			return most(READING_POSSIBLE + usual[i].content(c));
	return READING_WRONG;
}

static unsigned
points_eth(struct cursor c)
{
	return advance(&c, ETH_HEADER) ? points_of_type(c, be16(c.p - 2)) : READING_WRONG;
}

/* RFC 4448, 4.6: a control word begins with four zero bits. */
static unsigned
points_pwethcw(struct cursor c)
{
	const uint8_t *h = cur_peek(&c, 4);

	return h != NULL && h[0] >> 4 == 0 && advance(&c, 4) ? points_eth(c) : READING_WRONG;
}

/* RFC 5586, 2.1: one (4 bits), version (4), reserved (8), both zero */
static unsigned
points_pwach(struct cursor c)
{
	const uint8_t *h = cur_peek(&c, 4);

	return h != NULL && be16(h) == 0x1000 ? READING_POSSIBLE : READING_WRONG;
}

/* PPP with its address and control, or Cisco HDLC in its place. */
static unsigned
points_ppp(struct cursor c)
{
	const uint8_t *h = cur_peek(&c, 4);
	uint16_t type;

	if (h == NULL || !advance(&c, 4))
		return READING_WRONG;
	type = be16(h + 2);
	if (h[1] == 0 && (h[0] & 0x7f) == 0x0f)
		return most(READING_POSSIBLE + points_of_type(c, type));
	if (h[0] != 0xff || h[1] != 0x03)
		return READING_WRONG;
	if (type == 0x0021)
		return most(READING_POSSIBLE + points_ip4(c));
	if (type == 0x0057)
		return most(READING_POSSIBLE + points_ip6(c));
	return (type & 0x8001) == 0x8001 ? READING_LIKELY : READING_POSSIBLE;
}

unsigned
reading_points(const struct cursor *c, const struct reading *r)
{
	static const struct {
		uint8_t proto;
		points_fn *fn;
	} table[] = {
		{ PROTO_IP, points_ip4 },
		{ PROTO_IPV6, points_ip6 },
		{ PROTO_ETH, points_eth },
		{ PROTO_PPP, points_ppp },
		{ PROTO_PWETHCW, points_pwethcw },
		{ PROTO_PWACH, points_pwach },
	};
	struct cursor at = *c;

	if (!advance(&at, r->at))
		return READING_WRONG;
	for (size_t i = 0; i < NITEMS(table); i++)
		if (table[i].proto == r->proto)
			return table[i].fn(at);
	return READING_WRONG;
}

struct next
next_surest(struct cursor *c, const struct reading *r, size_t n, unsigned least)
{
	const struct reading *best = NULL;

	for (size_t i = 0; i < n; i++) {
		unsigned points = reading_points(c, &r[i]);

		if (points >= least) {
			best = &r[i];
			least = points + 1;
		}
	}
	if (best == NULL)
		return NEXT_END;
	cur_skip(c, best->at);
	return next_proto(best->proto);
}
