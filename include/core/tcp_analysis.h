/*
 * TCP analysis from the observer's point of view: retransmissions, out-of-order segments, duplicate
 * ACKs, and round-trip times.
 *
 * The rules are those of Wireshark's TCP analysis (User's Guide, 7.5, "TCP Analysis"), so that the
 * numbers agree with tshark's.  A segment below the highest sequence number is the first of these
 * that applies:
 *
 *	a keep-alive		zero or one byte, just below the next expected number
 *	a retransmission	of what the other end has acknowledged
 *	a retransmission	of data requested by two duplicate ACKs, the newest less than
 *				20 ms ago
 *	out of order		closer to the newest segment than the handshake's RTT (3 ms
 *				if it is unknown), unless it ends where the newest one ends
 *	a retransmission	else
 *
 * RTTs are smoothed as in RFC 6298, without samples of retransmitted data (Karn).
 */
#ifndef CORE_TCP_ANALYSIS_H
#define CORE_TCP_ANALYSIS_H

#include <stdbool.h>
#include <stdint.h>

struct pkt;

enum tcp_event {
	TCP_RETRANSMITTED = 1 << 0,
	TCP_OUT_OF_ORDER = 1 << 1,
	TCP_DUPLICATE_ACK = 1 << 2,
	TCP_ZERO_WINDOW = 1 << 3,
	TCP_KEEP_ALIVE = 1 << 4,
	TCP_WAS_RESET = 1 << 5,
	TCP_HANDSHAKE_DONE = 1 << 6, /* the handshake's RTT is now known */
};

struct tcp_end {                /* state needed for every segment; times in us, modulo 2^32 */
	uint32_t next_seq;      /* one past the highest sequence number */
	uint32_t next_seq_time; /* when next_seq advanced */
	uint32_t last_ack;      /* the last ACK number it sent */
	uint32_t ack_time;
	uint32_t sample_seq; /* an ACK of this ends the RTT sample */
	uint32_t sample_time;
	uint32_t srtt : 30;    /* us, smoothed RTT from data of this end to its ACK */
	uint32_t dup_acks : 2; /* consecutive duplicate ACKs, up to 2 */
	uint16_t window;
	uint8_t bits;  /* enum tcp_end_bit */
	uint8_t flags; /* all TCP flags seen */
};

struct tcp_counts { /* of the segments of one end */
	uint32_t retransmissions, out_of_order, duplicate_acks, zero_windows;
};

/* The handshake: the time of the newest SYN, or once the RTT is known (see
 * tcp_has_handshake_rtt()), the time from that SYN to the last ACK or to the refusal. */
struct tcp_rtt {
	union {
		uint32_t syn_time, handshake; /* us */
	};
};

/*
 * Analyses a packet from end `way` at time `us`, in a time base common to all packets.  Returns
 * enum tcp_event.
 */
unsigned tcp_analyse(
    struct tcp_end end[2], struct tcp_rtt *rtt, const struct pkt *p, int way, uint32_t us);

/* True if duplicate ACKs of the other end have requested p. */
bool tcp_is_requested(const struct tcp_end end[2], const struct pkt *p, int way);

/* Counts the events (enum tcp_event). */
void tcp_counts_add(struct tcp_counts *c, unsigned events);

/* True if the handshake's RTT is known, in rtt->handshake. */
bool tcp_has_handshake_rtt(const struct tcp_end end[2]);

/*
 * Sets *us to the RTT between the ends: the sum of both smoothed halves, else the handshake's.
 * Returns false if it is not known; one half alone is not enough.
 */
bool tcp_get_rtt(const struct tcp_end end[2], const struct tcp_rtt *r, uint32_t *us);

#endif
