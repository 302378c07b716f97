/*
 * A connection as Zeek's conn.log tells of it: what state its ends are in, how many bytes of
 * payload their sequence numbers speak of, and when it is over.
 *
 *	conn_begin(c, p, way)		its first packet
 *	conn_is_reused(c, p)		p is the first packet of another one; not counted
 *	conn_add(c, p, way)		each packet, the first too
 *
 * The rules are Zeek's (base/protocols/conn, and its TCP analyser with the values that it has by
 * itself), but for what it leaves out: segments with wrong checksums count here, and fragments
 * are packets each.  Nor does a sequence number far off count for payload unless something confirms
 * it: a second SYN/ACK with a number of its own, a gap of 1 GB that nobody has acknowledged.  The
 *ways are the flow's, from a to b and back: who is the originator is found as Zeek finds it where
 *no SYN was seen, by the ports.
 */
#ifndef EXPORT_ZEEK_CONN_H
#define EXPORT_ZEEK_CONN_H

#include <stdbool.h>
#include <stdint.h>

#include "dissect/pkt.h"

#define CONN_HISTORY 32 /* letters of it at most, and its end */

enum conn_end_state {
	CONN_INACTIVE,
	CONN_SYN_SENT,
	CONN_SYN_ACK_SENT,
	CONN_PARTIAL, /* it sends, and nobody saw it begin */
	CONN_ESTABLISHED,
	CONN_CLOSED,
	CONN_RESET,
};

struct conn_end {
	uint64_t packets, ip_bytes;
	uint64_t payload;      /* of all that is not TCP */
	int64_t last, ack;     /* TCP: one past the highest byte sent, and acknowledged, */
	int64_t leaps, landed; /* bytes that it leapt far ahead, and where to, the last time */
	uint32_t start;        /* as seen from this sequence number, that of its SYN */
	uint32_t doubted;      /* the last ACK far beyond what was seen */
	uint32_t again, zero_windows; /* segments that came again, or closed the window */
	int64_t at[3];                /* where the last SYN, FIN and RST were */
	uint8_t seen;                 /* letters that its history has, see zeek_conn.c */
	uint8_t state, before;        /* enum conn_end_state */
	bool fin, closed;             /* a FIN was seen; no more is awaited */
};

struct conn {
	struct conn_end end[2]; /* 0: a's */
	uint64_t last;          /* ns: its newest packet that counts for its length */
	uint64_t attempt_until; /* ns: with no answer till then it is over; 0: no such time */
	uint64_t linger_until;  /* ns: closed, it is over then; 0: not closed */
	char history[CONN_HISTORY];
	uint8_t n_history;
	uint8_t orig;  /* the end that Zeek calls the originator */
	uint8_t proto; /* IP protocol, 0: it is no IP */
	bool turned;   /* that is not who sent the first packet */
};

void conn_begin(struct conn *c, const struct pkt *p, int way);
bool conn_is_reused(const struct conn *c, const struct pkt *p);
void conn_add(struct conn *c, const struct pkt *p, int way);

/* What was a is b. */
void conn_turn(struct conn *c);

/* When it is over unless something comes, ns. */
uint64_t conn_deadline(const struct conn *c);

/* True when both ends of a TCP connection have closed it, and when one has reset it. */
bool conn_is_closed(const struct conn *c);
bool conn_is_reset(const struct conn *c);

/* Zeek's orig_bytes and resp_bytes: payload. */
uint64_t conn_bytes(const struct conn *c, int end);

/* "S0", "SF" ... */
const char *conn_state(const struct conn *c);

#endif
