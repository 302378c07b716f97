/*
 * How filters that libpcap compiles read a frame (its gencode.c): numbers at fixed places, which
 * tags move.
 */
#include "config.h"

#include "dissect/bpf_gaps.h"

#include <string.h>

#include "dissect/dissect.h"
#include "dissect/private.h"

/* That filters are written for, see view/bpf.c. */
#define VLANS_MOST  3
#define LABELS_MOST 2

#define TYPE_IP4            0x0800
#define TYPE_IP6            0x86dd
#define TYPE_MPLS           0x8847
#define TYPE_MPLS_MULTICAST 0x8848
#define TYPE_PPPOE          0x8864
#define SAP_LEAST           0x100 /* from here on a number is no SAP */

#define VLAN_ID        0x0fff
#define LABEL_BOTTOM   0x100
#define LABEL_SHIFT    12
#define LABEL_RESERVED 15

#define IP4_HEADER    20
#define IP4_OFFSET    0x1fff
#define IP6_HEADER    40
#define IP6_OPTIONS   0
#define IP6_FRAGMENT  44
#define NUMBER_ICMPV6 58

/* What was read so far. */
struct eye {
	const uint8_t *data;
	size_t len, at; /* at: of what is to be read next */
	uint16_t type;  /* ethertype, or a length */
	uint8_t kind;   /* enum addr_kind */
	bool ether, hidden_tag, ports;
	unsigned vlans;
	struct context tags;
	struct addr src, dst;
	uint16_t proto, sport, dport;
};

static const uint8_t *
look(const struct eye *e, size_t at, size_t n)
{
	return at <= e->len && n <= e->len - at ? e->data + at : NULL;
}

enum numbers { ETHERTYPES, PPP_NUMBERS, FAMILIES, VERSIONS };

/* Numbers of links for IP. */
static const struct {
	enum numbers space;
	uint16_t number, type;
} ip_numbers[] = {
	{ PPP_NUMBERS, 0x0021, TYPE_IP4 },
	{ PPP_NUMBERS, 0x0057, TYPE_IP6 },
	{ FAMILIES, 0x0200, TYPE_IP4 }, /* of version 6 each system has its own */
	{ VERSIONS, 4, TYPE_IP4 },
	{ VERSIONS, 6, TYPE_IP6 },
};

/* Where links say what they carry, and where that begins. */
static const struct {
	uint16_t linktype; /* DLT_ */
	uint8_t type, payload;
	enum numbers space;
} links[] = {
	{ 1, 12, 14, ETHERTYPES },
	{ 113, 14, 16, ETHERTYPES }, /* cooked */
	{ 276, 0, 20, ETHERTYPES },
	{ 9, 2, 4, PPP_NUMBERS },
	{ 50, 2, 4, PPP_NUMBERS },
	{ 0, 0, 4, FAMILIES }, /* BSD's loopback */
	{ 12, 0, 0, VERSIONS },
};

static uint16_t
type_of(enum numbers space, uint16_t number)
{
	if (space == ETHERTYPES)
		return number;
	if (space == VERSIONS)
		number >>= 12;
	for (size_t i = 0; i < NITEMS(ip_numbers); i++)
		if (ip_numbers[i].space == space && ip_numbers[i].number == number)
			return ip_numbers[i].type;
	return 0;
}

static bool
see_link(struct eye *e, uint16_t linktype)
{
	const uint8_t *h;

	for (size_t i = 0; i < NITEMS(links); i++) {
		if (links[i].linktype != linktype)
			continue;
		h = look(e, links[i].type, 2);
		if (h == NULL)
			return false;
		e->type = type_of(links[i].space, be16(h));
		e->at = links[i].payload;
		e->kind = ADDR_MAC;
		e->ether = i == 0;
		return e->type != 0 || links[i].space == ETHERTYPES;
	}
	return false;
}

static bool
is_vlan(uint16_t type)
{
	return type == 0x8100 || type == 0x88a8 || type == 0x9100;
}

static void
see_vlans(struct eye *e)
{
	const uint8_t *h;

	while (e->vlans < VLANS_MOST && is_vlan(e->type) && (h = look(e, e->at, 4)) != NULL) {
		uint16_t id = be16(h) & VLAN_ID;

		e->hidden_tag |= id == 0;
		context_add_vlan(&e->tags, id);
		e->vlans++;
		e->type = be16(h + 2);
		e->at += 4;
	}
}

/* version and type (1), code (1), session (2), length (2), PPP number (2) */
static void
see_session(struct eye *e)
{
	const uint8_t *h = e->type == TYPE_PPPOE ? look(e, e->at, 8) : NULL;
	uint16_t type = h != NULL ? type_of(PPP_NUMBERS, be16(h + 6)) : 0;

	if (type == 0)
		return;
	e->tags.session = be16(h + 2);
	e->hidden_tag |= e->tags.session == 0;
	e->type = type;
	e->at += 8;
}

/* Behind the bottom of a stack the version tells; what is no IP is not looked at. */
static void
see_labels(struct eye *e)
{
	const uint8_t *h;
	unsigned n = 0;

	if (e->type != TYPE_MPLS)
		return;
	while ((h = look(e, e->at + (size_t)4 * n, 6)) != NULL && (be32(h) & LABEL_BOTTOM) == 0)
		n++;
	if (h == NULL || n >= LABELS_MOST || type_of(VERSIONS, be16(h + 4)) == 0)
		return;
	e->type = type_of(VERSIONS, be16(h + 4));
	e->tags.label = be32(h) >> LABEL_SHIFT;
	e->hidden_tag |= e->tags.label <= LABEL_RESERVED;
	e->at += (size_t)4 * (n + 1);
}

static void
see_ports(struct eye *e, size_t at)
{
	const uint8_t *h = look(e, at, 4);

	e->ports = h != NULL;
	if (h == NULL)
		return;
	e->sport = be16(h);
	e->dport = be16(h + 2);
}

static bool
see_ip4(struct eye *e)
{
	const uint8_t *h = look(e, e->at, IP4_HEADER);

	if (h == NULL)
		return false;
	e->kind = ADDR_IP4;
	memcpy(e->src.b, h + 12, 4);
	memcpy(e->dst.b, h + 16, 4);
	e->proto = h[9];
	if ((be16(h + 6) & IP4_OFFSET) == 0)
		see_ports(e, e->at + (size_t)(h[0] & 15) * 4);
	return true;
}

/* Past the header a filter looks for a protocol behind a fragment's, and for ICMPv6 behind
 * options. */
static bool
see_ip6(struct eye *e)
{
	const uint8_t *h = look(e, e->at, IP6_HEADER), *ext = look(e, e->at + IP6_HEADER, 1);

	if (h == NULL)
		return false;
	e->kind = ADDR_IP6;
	memcpy(e->src.b, h + 8, 16);
	memcpy(e->dst.b, h + 24, 16);
	e->proto = h[6];
	if (ext != NULL &&
	    (h[6] == IP6_FRAGMENT || (h[6] == IP6_OPTIONS && ext[0] == NUMBER_ICMPV6)))
		e->proto = ext[0];
	else
		see_ports(e, e->at + IP6_HEADER);
	return true;
}

/* False where the frame ends before what a filter looks at: it never takes that. */
static bool
see(struct eye *e, uint16_t linktype)
{
	if (!see_link(e, linktype))
		return false;
	if (e->ether) {
		see_vlans(e);
		see_session(e);
		see_labels(e);
	}
	if (e->type == TYPE_IP4)
		return see_ip4(e);
	return e->type != TYPE_IP6 || see_ip6(e);
}

/* Ethertypes that there may be IP behind: a filter takes that as well. */
static bool
leads_to_ip(uint16_t type)
{
	return type == TYPE_IP4 || type == TYPE_IP6 || type == TYPE_MPLS ||
	    type == TYPE_MPLS_MULTICAST || type == TYPE_PPPOE || is_vlan(type);
}

/* The ethertype; in a frame without tags also an LLC frame's SAP, or what SNAP says. */
static bool
sees_type(const struct eye *e, uint16_t proto)
{
	const uint8_t *h = look(e, e->at, 8);

	if (e->type >= ETHERTYPE_LEAST)
		return e->type == proto && !leads_to_ip(proto);
	if (h == NULL || e->vlans != 0 || e->type > ETHER_LENGTH_MOST || proto == 0)
		return false;
	if (proto < SAP_LEAST)
		return h[0] == proto;
	return proto >= ETHERTYPE_LEAST && h[0] == SNAP_SAP && h[1] == SNAP_SAP &&
	    be16(h + 6) == proto;
}

static uint8_t
sight_of_link(const struct eye *e, const struct pkt *p)
{
	const uint8_t *h = e->data;
	uint8_t bits = sees_type(e, p->proto) ? 0 : BLIND_PROTO;

	if (!e->ether || p->kind != ADDR_MAC || memcmp(h + 6, p->src.b, 6) != 0 ||
	    memcmp(h, p->dst.b, 6) != 0)
		bits |= BLIND_ENDS;
	return bits;
}

/* The language knows the ports of these alone. */
static uint8_t
sight_of_ports(const struct eye *e, const struct pkt *p)
{
	if (p->proto != NUMBER_TCP && p->proto != NUMBER_UDP && p->proto != NUMBER_SCTP)
		return 0;
	if (!e->ports)
		return BLIND_PORTS;
	if (!(p->flags & PKT_PORTS) || p->sport != e->sport || p->dport != e->dport)
		return BLIND_PORTS | SEEN_OTHER;
	return 0;
}

/* Headers before others, which a filter takes for the protocol that packets have. */
static bool
is_extension(uint16_t proto)
{
	static const uint8_t numbers[] = { 0, 43, 44, 51, 60, 135, 139, 140 };

	return proto <= UINT8_MAX && memchr(numbers, proto, sizeof(numbers)) != NULL;
}

static uint8_t
sight_of_ip(const struct eye *e, const struct pkt *p)
{
	if (p->kind != e->kind || !addr_equal(&p->src, &e->src) || !addr_equal(&p->dst, &e->dst))
		return BLIND_ENDS | SEEN_OTHER;
	if (p->proto != e->proto || is_extension(p->proto))
		return BLIND_PROTO | BLIND_PORTS;
	if (p->flags & PKT_LATER)
		return BLIND_PORTS;
	return sight_of_ports(e, p);
}

uint8_t
sight_of(const struct frame *f, const struct pkt *p)
{
	struct eye e = { .data = f->data, .len = f->caplen };
	uint8_t bits = 0;

	if (!see(&e, f->linktype))
		return (uint8_t)(BLIND_ALL | BLIND_ENDS | BLIND_TAGS | BLIND_PROTO | BLIND_PORTS |
		    (e.type == TYPE_IP4 || e.type == TYPE_IP6 ? SEEN_OTHER : 0));
	if (e.hidden_tag || memcmp(&e.tags, &p->context, sizeof(e.tags)) != 0)
		bits = BLIND_TAGS;
	if (e.kind != ADDR_MAC)
		return bits | sight_of_ip(&e, p);
	return bits | (pkt_has_ip(p) ? BLIND_ENDS | SEEN_NO_IP : sight_of_link(&e, p));
}

void
sight_seen(const struct frame *f, struct seen *s)
{
	struct eye e = { .data = f->data, .len = f->caplen };

	memset(s, 0, sizeof(*s));
	s->ends = see(&e, f->linktype) && e.kind != ADDR_MAC;
	s->kind = e.kind;
	if (e.type == TYPE_IP4 || e.type == TYPE_IP6)
		s->kind = e.type == TYPE_IP4 ? ADDR_IP4 : ADDR_IP6;
	if (!s->ends)
		return;
	s->src = e.src;
	s->dst = e.dst;
	s->proto = e.proto;
	s->ports = e.ports;
	s->sport = e.sport;
	s->dport = e.dport;
}
