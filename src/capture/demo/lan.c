/*
 * Synthetic frames of a LAN's housekeeping: addresses, groups, pings.
 */
#include "config.h"

#include <string.h>

#include "capture/demo/session.h"

#define CLIENT        0
#define SERVER        1
#define ETHERTYPE_ARP 0x0806
#define DHCP_LEAST    300 /* bytes: the size of BOOTP (RFC 951, 3) */

/* RFC 826: the request is broadcast, the reply is unicast. */
void
demo_arp(struct demo *d, struct demo_session *s)
{
	const struct demo_end *from = &s->end[s->from], *to = &s->end[!s->from];
	struct demo_end everybody = { .mac = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } };
	struct demo_route r = { from, s->from == CLIENT ? &everybody : to, false, 0 };
	struct wire *w = &d->wire;

	wire_u16(w, 1);
	wire_u16(w, 0x0800);
	wire_u16(w, 6 << 8 | 4);
	wire_u16(w, s->from == CLIENT ? 1 : 2);
	wire_bytes(w, from->mac, 6);
	wire_bytes(w, from->ip, 4);
	if (s->from == CLIENT)
		wire_zeros(w, 6);
	else
		wire_bytes(w, to->mac, 6);
	wire_bytes(w, to->ip, 4);
	wire_eth(w, &r, ETHERTYPE_ARP);
}

/* The solicited-node group of an address (RFC 4291, 2.7.1). */
static void
demo_solicited_group(struct demo_end *group, const struct demo_end *of)
{
	uint8_t ip[16] = { 0xff, 0x02, [11] = 0x01, [12] = 0xff };

	memcpy(ip + 13, of->ip + 13, 3);
	demo_group(group, ip, true);
}

/* RFC 4861, 4.3 and 4.4: type, code, checksum, flags, target, link-layer address */
void
demo_neighbour(struct demo *d, struct demo_session *s)
{
	struct demo_end group = { 0 }, *from = &s->end[s->from];
	struct demo_route r = demo_route(s, s->from);
	struct wire *w = &d->wire;
	bool asks = s->from == CLIENT;

	from->ttl = 255;
	if (asks) {
		demo_solicited_group(&group, &s->end[SERVER]);
		r.dst = &group;
	}
	wire_u16(w, (asks ? 135u : 136u) << 8);
	wire_u16(w, 0);
	wire_u32(w, asks ? 0 : UINT32_C(0x60000000));
	wire_bytes(w, s->end[SERVER].ip, 16);
	wire_u16(w, (asks ? 1u : 2u) << 8 | 1);
	wire_bytes(w, from->mac, 6);
	wire_icmp(w, &r);
}

/* RFC 792 and RFC 4443, 4: type, code, checksum, identifier, sequence, 56 bytes as ping sends them
 */
void
demo_echo(struct demo *d, struct demo_session *s)
{
	static const uint8_t type[2][2] = { { 8, 0 }, { 128, 129 } };
	struct demo_route r = demo_route(s, s->from);
	struct wire *w = &d->wire;

	wire_u16(w, (unsigned)type[s->six][s->from] << 8);
	wire_u16(w, 0);
	wire_u16(w, s->seq[0] & 0xffff);
	wire_u16(w, s->turn + 1);
	for (unsigned i = 0; i < 56; i++)
		wire_u8(w, i);
	wire_icmp(w, &r);
}

/* RFC 2236, 2: a membership report, sent to the group itself with a TTL of 1 */
void
demo_igmp(struct demo *d, struct demo_session *s)
{
	struct demo_route r = demo_route(s, CLIENT);
	struct wire *w = &d->wire;

	s->end[CLIENT].ttl = 1;
	wire_u16(w, 0x1600);
	wire_u16(w, 0);
	wire_bytes(w, s->end[SERVER].ip, 4);
	wire_igmp(w, &r);
}

/* RFC 2131, 4.3.2: a client renews its lease, and gets an hour. */
void
demo_dhcp(struct demo *d, struct demo_session *s)
{
	static const uint8_t request[] = { 53, 1, 3, 255 };
	static const uint8_t ack[] = { 53, 1, 5, 54, 4, 192, 0, 2, 1, 51, 4, 0, 0, 14, 16, 1, 4,
		255, 255, 255, 0, 255 };
	struct demo_route r = demo_route(s, s->from);
	struct wire *w = &d->wire;

	s->end[CLIENT].port = 68;
	wire_u8(w, s->from == CLIENT ? 1 : 2);
	wire_u8(w, 1);
	wire_u16(w, 6 << 8);
	wire_u32(w, s->seq[0]);
	wire_u32(w, 0);
	wire_bytes(w, s->end[CLIENT].ip, 4);
	if (s->from == CLIENT)
		wire_zeros(w, 4);
	else
		wire_bytes(w, s->end[CLIENT].ip, 4);
	wire_zeros(w, 8);
	wire_bytes(w, s->end[CLIENT].mac, 6);
	wire_zeros(w, 10 + 64 + 128);
	wire_u32(w, 0x63825363);
	if (s->from == CLIENT)
		wire_bytes(w, request, sizeof(request));
	else
		wire_bytes(w, ack, sizeof(ack));
	wire_zeros(w, DHCP_LEAST - wire_length(w));
	wire_udp(w, &r);
}
