/*
 * The health of a TCP connection, as seen from between its ends: what was sent
 * again, came out of order or was acknowledged twice, and how long the round trip takes.
 *
 * The rules are those of Wireshark's TCP analysis (User's Guide, 7.5, "TCP Analysis"), so that
 * the numbers agree with tshark's.  A segment at a sequence number that was passed already is, by
 * the first of these that holds,
 *
 *	a keep-alive		none or one byte, just below the next one expected
 *	a retransmission	of what the other end has acknowledged
 *	a retransmission	of what two duplicate ACKs ask for, the newest less than 20 ms ago
 *	out of order		sooner after the newest segment than the handshake took (3 ms while
 *				that is unknown), unless it ends where the newest one ends
 *	a retransmission	else
 *
 * Round trips are smoothed as RFC 6298 does, and not taken from what was sent twice (Karn).
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
	TCP_HANDSHAKE_DONE = 1 << 6, /* the handshake's round trip is known now */
};

struct tcp_end {                /* what every segment needs; times in us, modulo 2^32 */
	uint32_t next_seq;      /* one past the highest sequence number */
	uint32_t next_seq_time; /* when that was sent */
	uint32_t last_ack;      /* what it has acknowledged */
	uint32_t ack_time;
	uint32_t sample_seq; /* an ACK of this ends a round trip */
	uint32_t sample_time;
	uint32_t srtt : 30;    /* us, from data of this end to its ACK */
	uint32_t dup_acks : 2; /* duplicate ACKs in a row, 2 being many */
	uint16_t window;
	uint8_t bits;  /* enum tcp_end_bit */
	uint8_t flags; /* all that were seen */
};

struct tcp_counts { /* of what one end sent */
	uint32_t retransmissions, out_of_order, duplicate_acks, zero_windows;
};

/* Of the handshake: when its newest SYN was sent until the round trip is known, see
 * tcp_has_handshake_rtt(), and then how long it took, from there to the last ACK or to the refusal.
 */
struct tcp_rtt {
	union {
		uint32_t syn_time, handshake; /* us */
	};
};

/*
 * A packet from end `way` at `us`, by any clock that all packets share.  Returns the events (enum
 * tcp_event) that it is.
 */
unsigned tcp_analyse(
    struct tcp_end end[2], struct tcp_rtt *rtt, const struct pkt *p, int way, uint32_t us);

/* True if duplicate ACKs of the other end have asked for p, which goes that way. */
bool tcp_is_requested(const struct tcp_end end[2], const struct pkt *p, int way);

/* Counts those events. */
void tcp_counts_add(struct tcp_counts *c, unsigned events);

/* True when the handshake's round trip is known, in rtt->handshake. */
bool tcp_has_handshake_rtt(const struct tcp_end end[2]);

/*
 * False when the round trip between both ends is not known; else *us is it: what is smoothed of
 * both halves, else the handshake's.  One half alone is none.
 */
bool tcp_get_rtt(const struct tcp_end end[2], const struct tcp_rtt *r, uint32_t *us);

#endif
