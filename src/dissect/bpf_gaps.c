/*
 * Reads a frame like filters compiled by libpcap (gencode.c): fields at fixed offsets, shifted by
 * tags.
 */
#include "config.h"

#include "dissect/bpf_gaps.h"

#include <string.h>

#include "dissect/dissect.h"
#include "dissect/private.h"

/* Limits of the filters made by view/bpf.c. */
#define VLANS_MOST  3
#define LABELS_MOST 2

#define TYPE_IP4            0x0800
#define TYPE_IP6            0x86dd
#define TYPE_MPLS           0x8847
#define TYPE_MPLS_MULTICAST 0x8848
#define TYPE_PPPOE          0x8864
#define SAP_LEAST           0x100 /* greater numbers are not SAPs */

#define VLAN_ID        0x0fff
#define LABEL_BOTTOM   0x100
#define LABEL_SHIFT    12
#define LABEL_RESERVED 15

#define IP4_OFFSET      0x1fff
#define IP6_HEADER      40
#define IP6_OPTIONS     0
#define IP6_FRAGMENT    44
#define IP_PROTO_ICMPV6 58

/* The filter's reading of a frame. */
struct bpf_reader {
	const uint8_t *data;
	size_t len, at; /* at: the current offset */
	uint16_t type;  /* ethertype, or a length */
	uint8_t kind;   /* enum addr_kind */
	bool ether, tag_gap, ports;
	unsigned vlans;
	struct context tags;
	struct addr src, dst;
	uint16_t proto, sport, dport;
	uint8_t ends; /* of src and dst that are captured */
};

static const uint8_t *
bpf_gaps_peek(const struct bpf_reader *e, size_t at, size_t n)
{
	return at <= e->len && n <= e->len - at ? e->data + at : NULL;
}

enum link_space { ETHERTYPES, PPP_NUMBERS, FAMILIES, VERSIONS };

/* Link protocol numbers of IP. */
static const struct {
	enum link_space space;
	uint16_t number, type;
} bpf_ip_numbers[] = {
	{ PPP_NUMBERS, 0x0021, TYPE_IP4 },
	{ PPP_NUMBERS, 0x0057, TYPE_IP6 },
	{ FAMILIES, 0x0200, TYPE_IP4 }, /* IPv6 differs by system */
	{ VERSIONS, 4, TYPE_IP4 },
	{ VERSIONS, 6, TYPE_IP6 },
};

/* Offsets of the protocol number and of the payload, by link type. */
static const struct {
	uint16_t linktype; /* DLT_ */
	uint8_t type, payload;
	enum link_space space;
} bpf_links[] = {
	{ 1, 12, 14, ETHERTYPES },
	{ 113, 14, 16, ETHERTYPES }, /* cooked */
	{ 276, 0, 20, ETHERTYPES },
	{ 9, 2, 4, PPP_NUMBERS },
	{ 50, 2, 4, PPP_NUMBERS },
	{ 0, 0, 4, FAMILIES }, /* BSD's loopback */
	{ 12, 0, 0, VERSIONS },
};

static uint16_t
bpf_gaps_ethertype(enum link_space space, uint16_t number)
{
	if (space == ETHERTYPES)
		return number;
	if (space == VERSIONS)
		number >>= 12;
	for (size_t i = 0; i < NITEMS(bpf_ip_numbers); i++)
		if (bpf_ip_numbers[i].space == space && bpf_ip_numbers[i].number == number)
			return bpf_ip_numbers[i].type;
	return 0;
}

static bool
bpf_gaps_read_link(struct bpf_reader *e, uint16_t linktype)
{
	const uint8_t *h;

	for (size_t i = 0; i < NITEMS(bpf_links); i++) {
		if (bpf_links[i].linktype != linktype)
			continue;
		h = bpf_gaps_peek(e, bpf_links[i].type, 2);
		if (h == NULL)
			return false;
		e->type = bpf_gaps_ethertype(bpf_links[i].space, be16(h));
		e->at = bpf_links[i].payload;
		e->kind = ADDR_MAC;
		e->ether = i == 0;
		return e->type != 0 || bpf_links[i].space == ETHERTYPES;
	}
	return false;
}

static bool
bpf_gaps_is_vlan(uint16_t type)
{
	return type == 0x8100 || type == 0x88a8 || type == 0x9100;
}

static void
bpf_gaps_read_vlans(struct bpf_reader *e)
{
	const uint8_t *h;

	while (e->vlans < VLANS_MOST && bpf_gaps_is_vlan(e->type) &&
	    (h = bpf_gaps_peek(e, e->at, 4)) != NULL) {
		uint16_t id = be16(h) & VLAN_ID;

		e->tag_gap |= id == 0;
		context_add_vlan(&e->tags, id);
		e->vlans++;
		e->type = be16(h + 2);
		e->at += 4;
	}
}

/* version and type (1), code (1), session (2), length (2), PPP number (2) */
static void
bpf_gaps_read_pppoe(struct bpf_reader *e)
{
	const uint8_t *h = e->type == TYPE_PPPOE ? bpf_gaps_peek(e, e->at, 8) : NULL;
	uint16_t type = h != NULL ? bpf_gaps_ethertype(PPP_NUMBERS, be16(h + 6)) : 0;

	if (type == 0)
		return;
	e->tags.session = be16(h + 2);
	e->tag_gap |= e->tags.session == 0;
	e->type = type;
	e->at += 8;
}

/* After the bottom label the IP version decides; non-IP is ignored. */
static void
bpf_gaps_read_mpls(struct bpf_reader *e)
{
	const uint8_t *h;
	unsigned n = 0;

	if (e->type != TYPE_MPLS)
		return;
	while ((h = bpf_gaps_peek(e, e->at + (size_t)4 * n, 6)) != NULL &&
	    (be32(h) & LABEL_BOTTOM) == 0)
		n++;
	if (h == NULL || n >= LABELS_MOST || bpf_gaps_ethertype(VERSIONS, be16(h + 4)) == 0)
		return;
	e->type = bpf_gaps_ethertype(VERSIONS, be16(h + 4));
	e->tags.label = be32(h) >> LABEL_SHIFT;
	e->tag_gap |= e->tags.label <= LABEL_RESERVED;
	e->at += (size_t)4 * (n + 1);
}

static void
bpf_gaps_read_ports(struct bpf_reader *e, size_t at)
{
	const uint8_t *h = bpf_gaps_peek(e, at, 4);

	e->ports = h != NULL;
	if (h == NULL)
		return;
	e->sport = be16(h);
	e->dport = be16(h + 2);
}

/* Reads two addresses of n bytes, with which the header ends.  Returns false if one is cut off. */
static bool
bpf_gaps_read_ends(struct bpf_reader *e, size_t at, size_t n)
{
	struct addr *ends[] = { &e->src, &e->dst };
	const uint8_t *h;

	while (e->ends < NITEMS(ends) && (h = bpf_gaps_peek(e, at + e->ends * n, n)) != NULL)
		memcpy(ends[e->ends++]->b, h, n);
	return e->ends == NITEMS(ends);
}

static bool
bpf_gaps_read_ip4(struct bpf_reader *e)
{
	const uint8_t *h;

	e->kind = ADDR_IP4;
	if (!bpf_gaps_read_ends(e, e->at + 12, 4))
		return false;
	h = e->data + e->at;
	e->proto = h[9];
	if ((be16(h + 6) & IP4_OFFSET) == 0)
		bpf_gaps_read_ports(e, e->at + (size_t)(h[0] & 15) * 4);
	return true;
}

/* A filter looks past the header only for the protocol in a fragment header, and for ICMPv6 after
 * options. */
static bool
bpf_gaps_read_ip6(struct bpf_reader *e)
{
	const uint8_t *h, *ext = bpf_gaps_peek(e, e->at + IP6_HEADER, 1);

	e->kind = ADDR_IP6;
	if (!bpf_gaps_read_ends(e, e->at + 8, 16))
		return false;
	h = e->data + e->at;
	e->proto = h[6];
	if (ext != NULL &&
	    (h[6] == IP6_FRAGMENT || (h[6] == IP6_OPTIONS && ext[0] == IP_PROTO_ICMPV6)))
		e->proto = ext[0];
	else
		bpf_gaps_read_ports(e, e->at + IP6_HEADER);
	return true;
}

/* Returns false if the frame ends before the fields that a filter reads: it never matches. */
static bool
bpf_gaps_read(struct bpf_reader *e, uint16_t linktype)
{
	if (!bpf_gaps_read_link(e, linktype))
		return false;
	if (e->ether) {
		bpf_gaps_read_vlans(e);
		bpf_gaps_read_pppoe(e);
		bpf_gaps_read_mpls(e);
	}
	if (e->type == TYPE_IP4)
		return bpf_gaps_read_ip4(e);
	return e->type != TYPE_IP6 || bpf_gaps_read_ip6(e);
}

/* Ethertypes that may precede IP: a filter matches these too. */
static bool
bpf_gaps_may_carry_ip(uint16_t type)
{
	return type == TYPE_IP4 || type == TYPE_IP6 || type == TYPE_MPLS ||
	    type == TYPE_MPLS_MULTICAST || type == TYPE_PPPOE || bpf_gaps_is_vlan(type);
}

/* True if a filter by `proto` matches: by ethertype, or in an untagged LLC frame by SAP or SNAP
 * type. */
static bool
bpf_gaps_matches_type(const struct bpf_reader *e, uint16_t proto)
{
	const uint8_t *h = bpf_gaps_peek(e, e->at, 8);

	if (e->type >= ETHERTYPE_MIN)
		return e->type == proto && !bpf_gaps_may_carry_ip(proto);
	if (h == NULL || e->vlans != 0 || e->type > ETHER_LENGTH_MAX || proto == 0)
		return false;
	if (proto < SAP_LEAST)
		return h[0] == proto;
	return proto >= ETHERTYPE_MIN && h[0] == SNAP_SAP && h[1] == SNAP_SAP &&
	    be16(h + 6) == proto;
}

static uint8_t
bpf_gaps_of_link(const struct bpf_reader *e, const struct pkt *p)
{
	const uint8_t *h = e->data;
	uint8_t bits = bpf_gaps_matches_type(e, p->proto) ? 0 : BPF_GAP_PROTO;

	if (!e->ether || p->kind != ADDR_MAC || memcmp(h + 6, p->src.b, 6) != 0 ||
	    memcmp(h, p->dst.b, 6) != 0)
		bits |= BPF_GAP_ADDRS;
	return bits;
}

/* The filter language has ports for these protocols only. */
static uint8_t
bpf_gaps_of_ports(const struct bpf_reader *e, const struct pkt *p)
{
	if (p->proto != IP_PROTO_TCP && p->proto != IP_PROTO_UDP && p->proto != IP_PROTO_SCTP)
		return 0;
	if (!e->ports)
		return BPF_GAP_PORTS;
	if (!(p->flags & PKT_PORTS) || p->sport != e->sport || p->dport != e->dport)
		return BPF_GAP_PORTS | BPF_WRONG_ADDRS;
	return 0;
}

/* Extension headers, which a filter takes for the protocol. */
static bool
bpf_gaps_is_extension(uint16_t proto)
{
	static const uint8_t numbers[] = { 0, 43, 44, 51, 60, 135, 139, 140 };

	return proto <= UINT8_MAX && memchr(numbers, proto, sizeof(numbers)) != NULL;
}

static uint8_t
bpf_gaps_of_ip(const struct bpf_reader *e, const struct pkt *p)
{
	if (p->kind != e->kind || !addr_equal(&p->src, &e->src) || !addr_equal(&p->dst, &e->dst))
		return BPF_GAP_ADDRS | BPF_WRONG_ADDRS;
	if (p->proto != e->proto && !bpf_gaps_is_extension(e->proto))
		return BPF_GAP_PROTO | BPF_GAP_PORTS | BPF_WRONG_ADDRS;
	if (p->proto != e->proto || bpf_gaps_is_extension(p->proto))
		return BPF_GAP_PROTO | BPF_GAP_PORTS;
	if (p->flags & PKT_LATER_FRAGMENT)
		return BPF_GAP_PORTS;
	return bpf_gaps_of_ports(e, p);
}

uint8_t
bpf_gaps_find(const struct frame *f, const struct pkt *p)
{
	struct bpf_reader e = { .data = f->data, .len = f->caplen };
	uint8_t bits = 0;

	if (!bpf_gaps_read(&e, f->linktype))
		return (uint8_t)(BPF_GAP_ALL | BPF_GAP_ADDRS | BPF_GAP_TAGS | BPF_GAP_PROTO |
		    BPF_GAP_PORTS |
		    (e.type == TYPE_IP4 || e.type == TYPE_IP6 ? BPF_WRONG_ADDRS : 0));
	if (e.tag_gap)
		bits = BPF_GAP_TAGS;
	if (memcmp(&e.tags, &p->context, sizeof(e.tags)) != 0)
		bits = BPF_GAP_TAGS | (e.kind != ADDR_MAC ? BPF_WRONG_ADDRS : 0);
	if (e.kind != ADDR_MAC)
		return bits | bpf_gaps_of_ip(&e, p);
	return bits | (pkt_has_ip(p) ? BPF_GAP_ADDRS | BPF_WRONG_PROTO : bpf_gaps_of_link(&e, p));
}

void
bpf_gaps_seen(const struct frame *f, struct seen *s)
{
	struct bpf_reader e = { .data = f->data, .len = f->caplen };

	memset(s, 0, sizeof(*s));
	bpf_gaps_read(&e, f->linktype);
	s->kind = e.kind;
	s->ends = e.ends;
	s->src = e.src;
	s->dst = e.dst;
	s->proto = e.proto;
	s->ports = e.ports;
	s->sport = e.sport;
	s->dport = e.dport;
}
