/*
 * Builds packets for tests, header by header from the outside in:
 *
 *	packet_new(&k);
 *	packet_eth(&k, 0x0800);
 *	packet_ip4(&k, 17, "192.0.2.1", "192.0.2.2");
 *	packet_udp(&k, 5000, 53);
 *	packet_zeros(&k, 20);
 *	frame = packet_frame(&k, 1);
 *
 * The length fields are filled in by packet_close(), which packet_frame() calls; bytes added after
 * it are padding. Checksums are zero: pkttop does not check them.
 */
#ifndef TESTS_PACKETS_H
#define TESTS_PACKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dissect/frame.h"

#define PACKET_ROOM 65536

struct packet {
	uint8_t b[PACKET_ROOM];
	size_t n;
	struct {
		size_t at;   /* of a 16-bit length field */
		size_t from; /* start of the counted bytes */
	} open[16];
	unsigned n_open;
};

void packet_new(struct packet *k);

void packet_bytes(struct packet *k, const void *bytes, size_t n);
void packet_zeros(struct packet *k, size_t n);
void packet_be16(struct packet *k, unsigned v);
void packet_be32(struct packet *k, uint32_t v);
/* "45 00 0014": digits, with spaces anywhere. */
void packet_hex(struct packet *k, const char *hex);

/* From 02:00:00:00:00:01 to 02:00:00:00:00:02. */
void packet_eth(struct packet *k, unsigned type);
void packet_vlan(struct packet *k, unsigned id, unsigned type);
void packet_ip4(struct packet *k, unsigned proto, const char *src, const char *dst);
/* offset: in 8 bytes */
void packet_ip4_fragment(struct packet *k, unsigned proto, const char *src, const char *dst,
    unsigned id, unsigned offset, bool more);
void packet_ip6(struct packet *k, unsigned next, const char *src, const char *dst);
/* flags: enum tcp_flag; window 1000; no options */
void packet_tcp(
    struct packet *k, unsigned sport, unsigned dport, unsigned flags, uint32_t seq, uint32_t ack);
void packet_udp(struct packet *k, unsigned sport, unsigned dport);
void packet_icmp(struct packet *k, unsigned type, unsigned code);

void packet_close(struct packet *k);

/* The frame, completely captured, with stamp 0; valid as long as k. */
struct frame packet_frame(struct packet *k, uint16_t linktype);

#endif
