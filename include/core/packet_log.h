/*
 * The log of the newest packets: what is known of each, in a ring whose size is
 * fixed at the start.  Written only while somebody looks.
 */
#ifndef CORE_PACKET_LOG_H
#define CORE_PACKET_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dissect/pkt.h"

/* The facts of struct pkt that people want to read, in 80 bytes. */
struct logged_packet {
	uint64_t ts; /* ns since the epoch */
	struct addr src, dst;
	uint32_t number; /* of all that were logged, from 0 on, modulo 2^32 */
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
	uint64_t n_logged; /* packets that were logged */
	bool enabled;
};

/* A ring of max packets, max rounded down to a power of two.  Dies when there is no memory. */
void packet_log_init(struct packet_log *ps, uint32_t max);
void packet_log_fini(struct packet_log *ps);
void packet_log_clear(struct packet_log *ps);
size_t packet_log_memory(uint32_t max);

/* Packets that are in the ring. */
uint32_t packet_log_used(const struct packet_log *ps);

/* Logs n packets. */
void packet_log_add(struct packet_log *ps, const struct pkt *p, unsigned n);

#endif
