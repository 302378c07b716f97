#include "config.h"

#include "capture/demo/session.h"

#include <assert.h>
#include <string.h>

#define ETHERTYPE_IP    0x0800
#define ETHERTYPE_VLAN  0x8100
#define ETHERTYPE_IPV6  0x86dd
#define ETHER_LEAST     60
#define IP_PROTO_ICMP   1
#define NUMBER_IGMP     2
#define IP_PROTO_TCP    6
#define IP_PROTO_UDP    17
#define IP_PROTO_ICMPV6 58
#define DO_NOT_FRAGMENT 0x4000

void
wire_start(struct wire *w)
{
	w->at = w->end = WIRE_HEADERS;
}

/* Reserves n more bytes of content. */
static uint8_t *
wire_append(struct wire *w, size_t n)
{
	uint8_t *p = w->b + w->end;

	assert(n <= sizeof(w->b) - w->end);
	w->end += n;
	return p;
}

/* Reserves n bytes of header in front of the frame. */
static uint8_t *
wire_prepend(struct wire *w, size_t n)
{
	assert(n <= w->at);
	w->at -= n;
	return w->b + w->at;
}

static void
wire_set16(uint8_t *p, size_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static void
wire_set32(uint8_t *p, uint32_t v)
{
	wire_set16(p, v >> 16);
	wire_set16(p + 2, v & 0xffff);
}

void
wire_u8(struct wire *w, unsigned v)
{
	*wire_append(w, 1) = (uint8_t)v;
}

void
wire_u16(struct wire *w, unsigned v)
{
	wire_set16(wire_append(w, 2), v);
}

void
wire_u32(struct wire *w, uint32_t v)
{
	wire_set32(wire_append(w, 4), v);
}

void
wire_bytes(struct wire *w, const void *bytes, size_t n)
{
	memcpy(wire_append(w, n), bytes, n);
}

void
wire_zeros(struct wire *w, size_t n)
{
	memset(wire_append(w, n), 0, n);
}

void
wire_text(struct wire *w, const char *s)
{
	wire_bytes(w, s, strlen(s));
}

size_t
wire_open(struct wire *w)
{
	size_t opened = w->end;

	wire_u16(w, 0);
	return opened;
}

void
wire_close(struct wire *w, size_t opened)
{
	wire_set16(w->b + opened, w->end - opened - 2);
}

/*
 * The sum of RFC 1071 in the machine's byte order, which the RFC allows: the result, stored as it
 * is, is right on the wire. 32 bits at a time: their carries collect in the upper half. Only the
 * last piece of a sum may have an odd length.
 */
static uint64_t
wire_add_checksum(uint64_t so_far, const uint8_t *p, size_t n)
{
	uint32_t v;

	for (; n >= sizeof(v); n -= sizeof(v), p += sizeof(v)) {
		memcpy(&v, p, sizeof(v));
		so_far += v;
	}
	if (n > 0) {
		v = 0;
		memcpy(&v, p, n);
		so_far += v;
	}
	return so_far;
}

static void
wire_set_checksum(uint8_t *at, uint64_t total)
{
	uint16_t c;

	while (total > 0xffff)
		total = (total >> 16) + (total & 0xffff);
	c = (uint16_t)~total;
	memcpy(at, &c, sizeof(c));
}

/* Sums the pseudo-header of RFC 9293, 3.1 and RFC 8200, 8.1, and everything after it. */
static uint64_t
wire_sum_transport(const struct wire *w, const struct demo_route *r, uint8_t proto)
{
	size_t n = r->six ? 16 : 4;
	uint8_t rest[4] = { 0, proto, 0, 0 };
	uint64_t total;

	wire_set16(rest + 2, wire_length(w));
	total = wire_add_checksum(0, r->src->ip, n);
	total = wire_add_checksum(total, r->dst->ip, n);
	total = wire_add_checksum(total, rest, sizeof(rest));
	return wire_add_checksum(total, w->b + w->at, wire_length(w));
}

void
wire_eth(struct wire *w, const struct demo_route *r, unsigned type)
{
	uint8_t *p;

	if (r->vlan != 0) {
		p = wire_prepend(w, 4);
		wire_set16(p, r->vlan);
		wire_set16(p + 2, type);
		type = ETHERTYPE_VLAN;
	}
	p = wire_prepend(w, 14);
	memcpy(p, r->dst->mac, 6);
	memcpy(p + 6, r->src->mac, 6);
	wire_set16(p + 12, type);
	if (wire_length(w) < ETHER_LEAST)
		wire_zeros(w, ETHER_LEAST - wire_length(w));
}

/* RFC 791, 3.1; IGMP datagrams carry the Router Alert option (RFC 2236, 2). */
static void
wire_put_ip4(struct wire *w, const struct demo_route *r, uint8_t proto)
{
	static const uint8_t router_alert[4] = { 0x94, 4, 0, 0 };
	size_t header = proto == NUMBER_IGMP ? 24 : 20;
	uint8_t *p = wire_prepend(w, header);

	assert(wire_length(w) <= WIRE_MTU);
	p[0] = (uint8_t)(0x40 | header / 4);
	p[1] = 0;
	wire_set16(p + 2, wire_length(w));
	wire_set16(p + 4, w->id++);
	wire_set16(p + 6, DO_NOT_FRAGMENT);
	p[8] = r->src->ttl;
	p[9] = proto;
	wire_set16(p + 10, 0);
	memcpy(p + 12, r->src->ip, 4);
	memcpy(p + 16, r->dst->ip, 4);
	memcpy(p + 20, router_alert, header - 20);
	wire_set_checksum(p + 10, wire_add_checksum(0, p, header));
}

/* RFC 8200, 3 */
static void
wire_put_ip6(struct wire *w, const struct demo_route *r, uint8_t proto)
{
	size_t length = wire_length(w);
	uint8_t *p = wire_prepend(w, 40);

	assert(wire_length(w) <= WIRE_MTU);
	wire_set32(p, UINT32_C(6) << 28);
	wire_set16(p + 4, length);
	p[6] = proto;
	p[7] = r->src->ttl;
	memcpy(p + 8, r->src->ip, 16);
	memcpy(p + 24, r->dst->ip, 16);
}

static void
wire_put_network(struct wire *w, const struct demo_route *r, uint8_t proto)
{
	if (r->six)
		wire_put_ip6(w, r, proto);
	else
		wire_put_ip4(w, r, proto);
	wire_eth(w, r, r->six ? ETHERTYPE_IPV6 : ETHERTYPE_IP);
}

/* RFC 9293, 3.1 */
void
wire_tcp(struct wire *w, const struct demo_route *r, const struct demo_segment *g)
{
	/* maximum segment size, selective ACKs permitted, window scale 7 (RFC 9293, 2018, 7323) */
	uint8_t options[12] = { 2, 4, 0, 0, 1, 1, 4, 2, 1, 3, 3, 7 };
	size_t extra = (g->flags & WIRE_SYN) != 0 ? sizeof(options) : 0;
	uint8_t *p = wire_prepend(w, 20 + extra);

	wire_set16(options + 2, WIRE_MTU - (r->six ? 60 : 40));
	wire_set16(p, r->src->port);
	wire_set16(p + 2, r->dst->port);
	wire_set32(p + 4, g->seq);
	wire_set32(p + 8, g->ack);
	p[12] = (uint8_t)((20 + extra) / 4 << 4);
	p[13] = g->flags;
	wire_set16(p + 14, g->window);
	wire_set32(p + 16, 0);
	memcpy(p + 20, options, extra);
	wire_set_checksum(p + 16, wire_sum_transport(w, r, IP_PROTO_TCP));
	wire_put_network(w, r, IP_PROTO_TCP);
}

/* RFC 768: a zero checksum is sent as all ones. */
void
wire_udp(struct wire *w, const struct demo_route *r)
{
	uint8_t *p = wire_prepend(w, 8);

	wire_set16(p, r->src->port);
	wire_set16(p + 2, r->dst->port);
	wire_set16(p + 4, wire_length(w));
	wire_set16(p + 6, 0);
	wire_set_checksum(p + 6, wire_sum_transport(w, r, IP_PROTO_UDP));
	if (p[6] == 0 && p[7] == 0)
		wire_set16(p + 6, 0xffff);
	wire_put_network(w, r, IP_PROTO_UDP);
}

void
wire_icmp(struct wire *w, const struct demo_route *r)
{
	uint8_t *p = w->b + w->at;

	if (r->six)
		wire_set_checksum(p + 2, wire_sum_transport(w, r, IP_PROTO_ICMPV6));
	else
		wire_set_checksum(p + 2, wire_add_checksum(0, p, wire_length(w)));
	wire_put_network(w, r, r->six ? IP_PROTO_ICMPV6 : IP_PROTO_ICMP);
}

void
wire_igmp(struct wire *w, const struct demo_route *r)
{
	uint8_t *p = w->b + w->at;

	wire_set_checksum(p + 2, wire_add_checksum(0, p, wire_length(w)));
	wire_put_network(w, r, NUMBER_IGMP);
}
