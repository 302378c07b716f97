/*
 * What hosts of a link claim: their address (ARP, RFC 826), the addresses that a DHCP server gives
 * and the names of the clients that ask for them (RFC 2131, 2132), and the prefixes that a router
 * announces (RFC 4861, 4.2).
 */
#include "config.h"

#include "dissect/private.h"

#define ARP_IP4       8 /* hardware (2), protocol (2), lengths (2), operation (2) */
#define ARP_LENGTHS   0x0604
#define ARP_TYPE_IP4  0x0800
#define ARP_ADDRESSES 20

#define BOOTP_REQUEST 1
#define BOOTP_REPLY   2
#define BOOTP_HEADER  236
#define DHCP_COOKIE   0x63825363
#define DHCP_ROUTER   3
#define DHCP_DNS      6
#define DHCP_NAME     12
#define DHCP_ADDRESS  50
#define DHCP_TYPE     53
#define DHCP_SERVER   54
#define DHCP_END      255
#define DHCP_OFFER    2
#define DHCP_REQUEST  3
#define DHCP_ACK      5

#define RA_HEADER      12 /* after type, code, checksum */
#define RA_PREFIX      3
#define RA_PREFIX_UNIT 4 /* length in units of 8 bytes */

/* hardware (2), protocol (2), lengths (2), operation (2), then for Ethernet and IPv4: sender's MAC
 * (6) and address (4), target's MAC (6) and address (4) */
struct next
arp_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, ARP_IP4), *a;
	struct pkt_meta *s = pkt_get_meta(p);
	struct pkt_claim *claim;

	if (h == NULL || be16(h + 2) != ARP_TYPE_IP4 || be16(h + 4) != ARP_LENGTHS)
		return NEXT_END;
	a = cur_take(c, ARP_ADDRESSES);
	if (a == NULL || s == NULL)
		return NEXT_END;
	claim = pkt_meta_set_claim(s, META_ARP);
	claim->op = (uint8_t)be16(h + 6);
	memcpy(claim->mac, a, sizeof(claim->mac));
	memcpy(claim->addr.b, a + 6, 4);
	memcpy(claim->target.b, a + 16, 4);
	return NEXT_END;
}

/* What a message has in its options. */
struct dhcp_message {
	struct pkt_claim claim;
	struct addr address; /* of the client */
	const uint8_t *name; /* of the client */
	uint8_t name_length;
};

static void
dhcp_read_option(struct dhcp_message *m, uint8_t code, const uint8_t *value, uint8_t length)
{
	if (code == DHCP_TYPE && length >= 1)
		m->claim.op = value[0];
	else if (code == DHCP_SERVER && length >= 4)
		memcpy(m->claim.addr.b, value, 4);
	else if (code == DHCP_ROUTER && length >= 4)
		memcpy(m->claim.target.b, value, 4);
	else if (code == DHCP_DNS && length >= 4)
		memcpy(m->claim.target.b + 8, value, 4);
	else if (code == DHCP_ADDRESS && length >= 4)
		memcpy(m->address.b, value, 4);
	else if (code == DHCP_NAME) {
		m->name = value;
		m->name_length = length;
	}
}

static void
dhcp_read_options(struct dhcp_message *m, struct cursor at)
{
	while (!at.overrun) {
		uint8_t code = cur_u8(&at),
			length = code != 0 && code != DHCP_END ? cur_u8(&at) : 0;
		const uint8_t *value = cur_take(&at, length);

		if (code == DHCP_END || value == NULL)
			return;
		dhcp_read_option(m, code, value, length);
	}
}

/* A client asks for an address, or keeps the one it has, and says its name. */
static void
dhcp_note_client(const struct dhcp_message *m, struct pkt_meta *s)
{
	if (m->claim.op != DHCP_REQUEST || m->name_length == 0 || m->address.w[0] == 0)
		return;
	s->n_addrs = 1;
	s->kind[0] = ADDR_IP4;
	s->addr[0] = m->address;
	s->origin = NAME_DHCP;
	pkt_meta_set_name(s, META_HOST_NAME, m->name, m->name_length);
}

/* operation (1) ... client's address at 12, its MAC at 28, cookie at 236, options: code (1),
 * length (1), value */
struct next
dhcp_dissect(struct cursor *c, struct pkt *p)
{
	struct dhcp_message m = { .name = NULL };
	struct pkt_meta *s = pkt_get_meta(p);
	const uint8_t *h = cur_peek(c, BOOTP_HEADER + 4);

	if (s == NULL || h == NULL || be32(h + BOOTP_HEADER) != DHCP_COOKIE)
		return NEXT_END;
	memcpy(m.claim.mac, h + 28, sizeof(m.claim.mac));
	memcpy(m.address.b, h + 12, 4);
	dhcp_read_options(&m, (struct cursor){ .p = h + BOOTP_HEADER + 4, .end = c->end });
	if (h[0] == BOOTP_REQUEST)
		dhcp_note_client(&m, s);
	else if (h[0] == BOOTP_REPLY && (m.claim.op == DHCP_OFFER || m.claim.op == DHCP_ACK) &&
	    addr_is_present(ADDR_IP4, &m.claim.addr))
		*pkt_meta_set_claim(s, META_DHCP) = m.claim;
	return NEXT_END;
}

/* hop limit (1), flags (1), lifetime (2), timers (8); options: type (1), length (1; in 8 bytes) */
void
router_advertisement_read(const struct cursor *c, struct pkt *p)
{
	struct cursor at = *c;
	const uint8_t *h = cur_take(&at, RA_HEADER);
	struct pkt_meta *s = pkt_get_meta(p);

	if (h == NULL || s == NULL || be16(h + 2) == 0)
		return;
	while (cur_captured(&at) >= 8 && at.p[1] != 0) {
		const uint8_t *option = cur_take(&at, (size_t)at.p[1] * 8);

		if (option == NULL)
			return;
		if (option[0] == RA_PREFIX && option[1] == RA_PREFIX_UNIT) {
			memcpy(pkt_meta_set_claim(s, META_ROUTER)->target.b, option + 16, 16);
			return;
		}
	}
}
