/*
 * Logs of flows and packets.
 */
#ifndef EXPORT_FLOW_LOG_H
#define EXPORT_FLOW_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "core/flow.h"
#include "core/ledger.h"
#include "dissect/pkt.h"
#include "util/attr.h"
#include "util/buf.h"

/*
 * The spread of numbers, by Welford's method: none of them is kept.
 */

struct spread { /* of a series of numbers: how many, smallest, largest, deviation */
	uint64_t n, min, max;
	double mean, squares; /* the sum of squared distances from the mean (Welford) */
};

void spread_add(struct spread *s, uint64_t x);

/* The standard deviation of all numbers; 0 if there are none. */
double spread_deviation(const struct spread *s);

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

/*
 * The flow log: one record per flow, written when the flow has ended or was idle for long.
 *
 * Fields that the ledger does not keep are stored in a second table with the same row numbers,
 * which exists only while the log is on. Each record is counted separately: a flow that continues
 * after its record was written starts another one, so that the sum of all records is all packets.
 */

#define FLOW_RECORD_LINE 4096 /* maximum bytes of a record */

enum flow_end {
	FLOW_END_CLOSED,  /* by both ends */
	FLOW_END_RESET,   /* by one */
	FLOW_END_IDLE,    /* no packet for long */
	FLOW_END_REUSED,  /* another connection started between the same ends */
	FLOW_END_EVICTED, /* the table was full */
	FLOW_END_EXIT,    /* it was open when the log ended */
	/* The flow goes on: only its portion ends. */
	FLOW_END_ACTIVE,   /* after a fixed time */
	FLOW_END_INACTIVE, /* no packet for some time */
};

struct flow_record;

/* Called for each record that ends, with the flow it belongs to. */
typedef void flow_log_fn(
    void *arg, const struct flow *f, const struct flow_record *r, enum flow_end end);

struct flow_record {
	struct tally t[2];        /* 0: a to b; both empty: there is no record */
	uint64_t first, last;     /* ns since the epoch */
	uint64_t last_way[2];     /* likewise, per direction */
	uint64_t active_since;    /* when its last pause ended */
	struct spread size[2];    /* bytes of a packet */
	struct spread gap[2];     /* ns between packets of one direction */
	struct spread active;     /* ns from one pause to the next */
	struct spread idle;       /* ns of pauses */
	struct tcp_counts tcp[2]; /* of this record's packets, like all fields below */
	uint32_t resets;
	uint8_t flags[2];    /* all TCP flags seen */
	bool handshake_done; /* the handshake is complete */
	struct zeek_conn conn;
};

/* A walk over the flow table, in steps. */
struct flow_walk {
	uint64_t now; /* ns */
	uint32_t at;  /* the next row to visit */
	bool is_under_way;
	bool flushing, ending; /* ends all records; ends all for the last time */
};

/* True if a record of that row has ended. */
typedef bool flow_walk_row_fn(void *arg, uint32_t row);

/* Goes on with a walk that is under way; flow_walk_flush() and flow_walk_end() begin at the first
 * row. */
void flow_walk_start(struct flow_walk *w, uint64_t now);
void flow_walk_flush(struct flow_walk *w, uint64_t now);
void flow_walk_end(struct flow_walk *w, uint64_t now);

/* Visits rows.  True if the walk is not at its end. */
bool flow_walk_step(
    struct flow_walk *w, const struct ledger *l, uint32_t steps, flow_walk_row_fn *fn, void *arg);

struct flow_log {
	struct ledger *ledger;
	struct flow_record *record; /* one per row of the flow table */
	struct flow_watch watch;
	uint32_t open; /* records */
	struct flow_walk walk;
	flow_log_fn *fn;
	void *arg;
};

/* Starts to observe the ledger; exits if there is no memory. */
void flow_log_init(struct flow_log *fl, struct ledger *l, flow_log_fn *fn, void *arg);

/* Adds no more packets to records; flow_log_step() writes the open ones, as of now (ns since the
 * epoch). */
void flow_log_end(struct flow_log *fl, uint64_t now);

/* Ends the open records, and starts new ones for later packets; flow_log_step() writes them. */
void flow_log_flush(struct flow_log *fl, uint64_t now);

/* Stops observing. Writes nothing: records that are still open are lost. */
void flow_log_fini(struct flow_log *fl);

/* Starts to write the records of flows that have ended or were idle for long. */
void flow_log_tick(struct flow_log *fl, uint64_t now);

/* Checks at most `steps` more flows; a written record counts as several steps. True while there
 * are more. */
bool flow_log_step(struct flow_log *fl, uint32_t steps);

/*
 * Portions of flows, for collectors: what each flow has carried since it was last reported. One
 * ends with its flow, after a time, and with a pause. The sum of all portions is all packets.
 *
 * Its calls are like those of the log, but it keeps no more than a cache line for each direction.
 */

struct flow_portion { /* per direction */
	struct tally t[2];
	uint64_t ip_bytes[2];
	uint64_t first[2], last[2]; /* ns since the epoch, if there are packets */
	uint8_t flags[2];           /* all TCP flags seen */
};

/* Called for each portion that ends. */
typedef void flow_portions_fn(
    void *arg, const struct flow *f, const struct flow_portion *p, enum flow_end end);

struct portion_way { /* of one direction; all zeros: there are no packets */
	struct tally t;
	uint64_t ip_bytes;
	uint64_t first, last;
	uint64_t start; /* of the portion, whichever direction it began with; 0: there is none */
	uint8_t flags;
} ATTR_ALIGNED(64);

struct flow_portions {
	struct ledger *ledger;
	struct portion_way (*row)[2]; /* by row of the flow table */
	struct flow_watch watch;
	uint64_t active_ns, inactive_ns; /* timeouts */
	struct flow_walk walk;
	flow_portions_fn *fn;
	void *arg;
};

void flow_portions_init(
    struct flow_portions *fp, struct ledger *l, flow_portions_fn *fn, void *arg);
void flow_portions_tick(struct flow_portions *fp, uint64_t now);
bool flow_portions_step(struct flow_portions *fp, uint32_t steps);
void flow_portions_flush(struct flow_portions *fp, uint64_t now);
void flow_portions_end(struct flow_portions *fp, uint64_t now);
void flow_portions_fini(struct flow_portions *fp);

/* True if the path's suffix selects JSON. */
bool flow_log_is_json(const char *path);

/* The line of column names of CSV. */
void flow_record_columns(struct buf *b);

/* Appends a line of CSV or JSON. The record's sums must be complete. */
void flow_record_line(struct buf *b, bool json, const struct ledger *l, const struct flow *f,
    const struct flow_record *r, enum flow_end end);

/*
 * A packet as a line: CSV for programs, and text for people.
 *
 *	[2024-07-28 18:58:41] TCP 172.16.211.96:65042 → 162.255.45.55:443 flags PA ttl 128 ...
 */

enum packet_format { PACKET_CSV, PACKET_TEXT };

#define PACKET_LINE 1024 /* maximum bytes of a line */

struct packet_lines {
	const struct ledger *ledger; /* for the names of sources and hosts */
	enum packet_format format;
	const char *arrow; /* between the ends */
	bool names;        /* of hosts, behind their addresses; in text only */
	uint64_t second;   /* of the cached stamp */
	char stamp[40];    /* cached, because most packets share the second of the previous one */
	const char *name[256]; /* of IP protocols; NULL: not looked up yet */
};

/* The line of column names of CSV. */
extern const char packet_columns[];

void packet_lines_init(
    struct packet_lines *pl, const struct ledger *l, enum packet_format format, bool ascii);

/* Appends the line of p, with a newline. */
void packet_line(struct packet_lines *pl, struct buf *b, const struct pkt *p);

#endif
