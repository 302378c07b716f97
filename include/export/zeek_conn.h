/*
 * A connection as in Zeek's conn.log: the states of its ends, the bytes of payload by sequence
 * numbers, and when it ends.
 *
 *	zeek_conn_init(c, p, way)		its first packet
 *	zeek_conn_is_reused(c, p)		p is the first packet of another one; not counted
 *	zeek_conn_add(c, p, way)		each packet, the first too
 *
 * The rules are Zeek's (base/protocols/conn, and its TCP analyser with default values), with these
 * differences: segments with wrong checksums count, each fragment is a packet, and an implausible
 * sequence number (a second SYN/ACK with another number, an unacknowledged gap of 1 GB) counts as
 * payload only if something confirms it. Directions are those of the flow, from a to b and back.
 * Without a SYN the originator is found by the ports, as in Zeek.
 */
#ifndef EXPORT_ZEEK_CONN_H
#define EXPORT_ZEEK_CONN_H

#include <stdbool.h>
#include <stdint.h>

#include "dissect/pkt.h"

#define CONN_HISTORY 32 /* maximum letters, and the NUL */

enum conn_end_state {
	CONN_INACTIVE,
	CONN_SYN_SENT,
	CONN_SYN_ACK_SENT,
	CONN_PARTIAL, /* it sends, and its SYN was not seen */
	CONN_ESTABLISHED,
	CONN_CLOSED,
	CONN_RESET,
};

struct zeek_conn_end {
	uint64_t packets, ip_bytes;
	uint64_t payload;             /* of protocols other than TCP */
	int64_t last, ack;            /* TCP: one past the highest byte sent, and acknowledged, */
	int64_t leaps, landed;        /* bytes of the last large gap, and the number after it */
	uint32_t start;               /* sequence numbers are relative to this one, its SYN's */
	uint32_t doubted;             /* the last ACK far beyond the data seen */
	uint32_t again, zero_windows; /* retransmissions, segments with a zero window */
	int64_t at[3];                /* sequence numbers of the last SYN, FIN and RST */
	uint8_t seen;                 /* letters already in its history, see zeek_conn.c */
	uint8_t state, before;        /* enum conn_end_state */
	bool fin, closed;             /* a FIN was seen; the end has closed */
};

struct zeek_conn {
	struct zeek_conn_end end[2]; /* 0: a's */
	uint64_t last;               /* ns: the newest packet that counts for the duration */
	uint64_t attempt_until;      /* ns: without an answer it ends then; 0: no limit */
	uint64_t linger_until;       /* ns: closed, it ends then; 0: not closed */
	char history[CONN_HISTORY];
	uint8_t n_history;
	uint8_t orig;  /* Zeek's originator */
	uint8_t proto; /* IP protocol; 0: not IP */
	bool swapped;  /* the originator did not send the first packet */
};

void zeek_conn_init(struct zeek_conn *c, const struct pkt *p, int way);
bool zeek_conn_is_reused(const struct zeek_conn *c, const struct pkt *p);
void zeek_conn_add(struct zeek_conn *c, const struct pkt *p, int way);

/* Swaps the ends a and b. */
void zeek_conn_swap_ends(struct zeek_conn *c);

/* When it ends if no packet comes, ns. */
uint64_t zeek_conn_deadline(const struct zeek_conn *c);

/* True if both ends of a TCP connection have closed it, or one has reset it. */
bool zeek_conn_is_closed(const struct zeek_conn *c);
bool zeek_conn_is_reset(const struct zeek_conn *c);

/* Zeek's orig_bytes and resp_bytes: payload. */
uint64_t zeek_conn_bytes(const struct zeek_conn *c, int end);

/* "S0", "SF" ... */
const char *zeek_conn_state(const struct zeek_conn *c);

#endif
