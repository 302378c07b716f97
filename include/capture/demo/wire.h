/*
 * Builds a frame. The content is written first, then each header in front of it, so that nothing is
 * moved:
 *
 *	wire_start(&w);
 *	wire_u16(&w, 7); ...		the content
 *	wire_udp(&w, &route);		UDP, IP and Ethernet, with lengths and checksums
 *	w.b + w.at, w.end - w.at	the frame
 *
 * Private to the synthetic network.
 */
#ifndef CAPTURE_DEMO_WIRE_H
#define CAPTURE_DEMO_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WIRE_HEADERS 96 /* room for Ethernet, VLAN, IPv6, TCP with options */
#define WIRE_CONTENT 1480
#define WIRE_MTU     1500

struct wire {
	uint8_t b[WIRE_HEADERS + WIRE_CONTENT];
	size_t at, end; /* the frame so far */
	uint16_t id;    /* of the next IPv4 datagram */
};

struct demo_end {
	uint8_t mac[6];
	uint8_t ip[16]; /* the first 4 of IPv4 */
	uint16_t port;
	uint8_t ttl; /* of its packets, as captured */
};

struct demo_route {
	const struct demo_end *src, *dst;
	bool six;
	uint8_t vlan; /* 0: untagged */
};

struct demo_segment {
	uint32_t seq, ack;
	uint8_t flags; /* bits of RFC 9293, 3.1 */
	uint16_t window;
};

enum wire_tcp_flag { WIRE_FIN = 1, WIRE_SYN = 2, WIRE_RST = 4, WIRE_PSH = 8, WIRE_ACK = 16 };

void wire_start(struct wire *w);

void wire_u8(struct wire *w, unsigned v);
void wire_u16(struct wire *w, unsigned v);
void wire_u32(struct wire *w, uint32_t v);
void wire_bytes(struct wire *w, const void *bytes, size_t n);
void wire_zeros(struct wire *w, size_t n);
void wire_text(struct wire *w, const char *s); /* without its NUL */

/* Reserves a 16-bit length, which wire_close() sets to the number of bytes after it. */
size_t wire_open(struct wire *w);
void wire_close(struct wire *w, size_t opened);

static inline size_t
wire_length(const struct wire *w)
{
	return w->end - w->at;
}

/* Adds headers down to Ethernet; a SYN gets the usual options. */
void wire_tcp(struct wire *w, const struct demo_route *r, const struct demo_segment *g);
void wire_udp(struct wire *w, const struct demo_route *r);

/* The content is an ICMP, ICMPv6 or IGMP message with a zero checksum at byte 2. */
void wire_icmp(struct wire *w, const struct demo_route *r);
void wire_igmp(struct wire *w, const struct demo_route *r);

/* Ethernet (with the VLAN's tag), padded to the minimum of 60 bytes. */
void wire_eth(struct wire *w, const struct demo_route *r, unsigned type);

#endif
