/*
 * The log of the newest packets, in a ring whose size is fixed at the start.  Written only while
 * enabled.
 */
#ifndef CORE_PACKET_LOG_H
#define CORE_PACKET_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dissect/pkt.h"

/* The displayed fields of struct pkt, in 80 bytes. */
struct logged_packet {
	uint64_t ts; /* ns since the epoch */
	struct addr src, dst;
	uint32_t number; /* consecutive number of logged packets, from 0, modulo 2^32 */
	uint32_t len, payload, seq, ack;
	uint32_t context_id; /* see core/context_table.h */
	uint16_t sport, dport, window, proto;
	uint8_t kind, tcp_flags, ttl, app, icmp_type, icmp_code;
	uint8_t flags;  /* enum pkt_flag */
	uint8_t source; /* number of the source */
};

struct packet_log {
	struct logged_packet *row; /* packet number n is at n & mask */
	uint32_t mask;
	uint64_t n_logged; /* packets logged so far */
	bool enabled;
};

/* A ring of max packets, rounded down to a power of two.  Exits if out of memory. */
void packet_log_init(struct packet_log *ps, uint32_t max);
void packet_log_fini(struct packet_log *ps);
void packet_log_clear(struct packet_log *ps);
size_t packet_log_memory(uint32_t max);

/* The number of packets in the ring. */
uint32_t packet_log_used(const struct packet_log *ps);

/* Logs n packets. */
void packet_log_add(struct packet_log *ps, const struct pkt *p, unsigned n);

#endif
