/*
 * A connection as Zeek's conn.log tells of it: what state its ends are in, how many bytes of
 * payload their sequence numbers speak of, and when it is over.
 *
 *	zeek_conn_init(c, p, way)		its first packet
 *	zeek_conn_is_reused(c, p)		p is the first packet of another one; not counted
 *	zeek_conn_add(c, p, way)		each packet, the first too
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

struct zeek_conn_end {
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

struct zeek_conn {
	struct zeek_conn_end end[2]; /* 0: a's */
	uint64_t last;               /* ns: its newest packet that counts for its length */
	uint64_t attempt_until;      /* ns: with no answer till then it is over; 0: no such time */
	uint64_t linger_until;       /* ns: closed, it is over then; 0: not closed */
	char history[CONN_HISTORY];
	uint8_t n_history;
	uint8_t orig;  /* the end that Zeek calls the originator */
	uint8_t proto; /* IP protocol, 0: it is no IP */
	bool swapped;  /* that is not who sent the first packet */
};

void zeek_conn_init(struct zeek_conn *c, const struct pkt *p, int way);
bool zeek_conn_is_reused(const struct zeek_conn *c, const struct pkt *p);
void zeek_conn_add(struct zeek_conn *c, const struct pkt *p, int way);

/* What was a is b. */
void zeek_conn_swap_ends(struct zeek_conn *c);

/* When it is over unless something comes, ns. */
uint64_t zeek_conn_deadline(const struct zeek_conn *c);

/* True when both ends of a TCP connection have closed it, and when one has reset it. */
bool zeek_conn_is_closed(const struct zeek_conn *c);
bool zeek_conn_is_reset(const struct zeek_conn *c);

/* Zeek's orig_bytes and resp_bytes: payload. */
uint64_t zeek_conn_bytes(const struct zeek_conn *c, int end);

/* "S0", "SF" ... */
const char *zeek_conn_state(const struct zeek_conn *c);

#endif
