/*
 * Pseudo-headers of Linux captures: LINKTYPE_LINUX_SLL, LINKTYPE_LINUX_SLL2 and LINKTYPE_NFLOG.
 */
#include "config.h"

#include "dissect/private.h"

#define ARPHRD_80211    801
#define ARPHRD_RADIOTAP 803

#define SLL_NOVELL 0x0001 /* instead of an ethertype */
#define SLL_ALL    0x0003 /* unknown protocol */
#define SLL_LLC    0x0004
#define SLL_PPP    0x0007

#define SLL_OTHERHOST 3
#define SLL_OUTGOING  4

/* Packets to us, broadcast and multicast are incoming; those to other hosts have no direction. */
static void
sll_note_direction(struct pkt *p, unsigned type)
{
	if (type == SLL_OUTGOING)
		p->dir = DIR_OUT;
	else if (type < SLL_OTHERHOST)
		p->dir = DIR_IN;
}

/* Stores the sender's address of n bytes.  There is no receiver address. */
static void
sll_note_sender(struct pkt *p, const uint8_t *addr, unsigned n)
{
	if (n != 6 && n != 8)
		return;
	pkt_set_macs(p, addr, NULL);
	if (n == 8) {
		memcpy(p->src.b, addr, 8);
		p->src.b[8] = 8;
	}
}

static struct next
sll_next(struct cursor *c, struct pkt *p, uint16_t kind, uint16_t protocol)
{
	static const struct heuristic readings[] = {
		{ PROTO_IP, 0 },
		{ PROTO_IPV6, 0 },
		{ PROTO_ETH, 0 },
	};

	pkt_set_link_proto(p, protocol);
	if (kind == ARPHRD_RADIOTAP)
		return next_proto(PROTO_RADIOTAP);
	if (kind == ARPHRD_80211)
		return next_proto(PROTO_WLAN);
	switch (protocol) {
	case SLL_NOVELL:
		return next_proto(PROTO_IPX);
	case SLL_ALL:
		return next_heuristic(c, readings, NITEMS(readings), HEURISTIC_POSSIBLE);
	case SLL_LLC:
		return next_proto(PROTO_LLC);
	case SLL_PPP:
		return next_proto(PROTO_PPP);
	default:
		return NEXT(SPACE_ETHER, protocol);
	}
}

/* Returns the next protocol, and adds the length of the omitted link header to the packet. */
static struct next
sll_next_with_header(struct cursor *c, struct pkt *p, uint16_t kind, uint16_t protocol)
{
	struct next n = sll_next(c, p, kind, protocol);

	if (next_space(n) != SPACE_PROTO || next_id(n) != PROTO_ETH)
		p->len += arphrd_header_len(kind);
	return n;
}

/* packet type (2), ARPHRD_ (2), address length (2), sender's address (8), protocol (2) */
struct next
sll_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 16);

	if (h == NULL)
		return NEXT_END;
	sll_note_direction(p, be16(h));
	sll_note_sender(p, h + 6, be16(h + 4));
	return sll_next_with_header(c, p, be16(h + 2), be16(h + 14));
}

/* protocol (2), reserved (2), interface (4), ARPHRD_ (2), packet type (1), address length (1),
 * sender's address (8) */
struct next
sll2_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 20);

	if (h == NULL)
		return NEXT_END;
	sll_note_direction(p, h[10]);
	sll_note_sender(p, h + 12, h[11]);
	return sll_next_with_header(c, p, be16(h + 8), be16(h));
}

/* NFLOG attributes: length (2), type (2), both in host byte order (libpcap swaps them if needed);
 * value, padded to 4 bytes. */
#define NFULA_PACKET_HDR 1
#define NFULA_PAYLOAD    9

static uint16_t
nflog_host16(const uint8_t *p)
{
	uint16_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

/* enum nf_inet_hooks: before routing, to us, forwarded, from us, after routing */
static uint8_t
nflog_hook_direction(uint8_t hook)
{
	static const uint8_t dir[] = { DIR_IN, DIR_IN, DIR_UNKNOWN, DIR_OUT, DIR_OUT };

	return hook < NITEMS(dir) ? dir[hook] : DIR_UNKNOWN;
}

/* family (1), version (1), resource (2), attributes; the packet is the last of them */
struct next
nflog_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 4), *value;
	uint8_t family = h != NULL ? h[0] : 0;
	uint16_t protocol = 0;

	while ((h = cur_take(c, 4)) != NULL) {
		size_t length = nflog_host16(h);
		uint16_t type = nflog_host16(h + 2) & 0x7fff;

		if (length < 4)
			return next_malformed(p);
		length -= 4;
		if (type == NFULA_PAYLOAD) {
			cur_limit(c, length);
			return family == 2 || family == 10 ? next_ip(c)
							   : NEXT(SPACE_ETHER, protocol);
		}
		value = cur_peek(c, 3);
		if (type == NFULA_PACKET_HDR && length >= 3 && value != NULL) {
			protocol = be16(value);
			p->dir = nflog_hook_direction(value[2]);
		}
		cur_skip(c, (length + 3) & ~(size_t)3);
	}
	return NEXT_END;
}
