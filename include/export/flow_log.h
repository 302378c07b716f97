/*
 * The flow log: a record for each flow that has ended, or was quiet for long.
 *
 * What the ledger does not keep of a flow stands in a table beside its own, row
 * by row, which is there only while the log is on.  A record counts for itself: a flow that goes on
 * after its record was written begins another one, so that all records together are all packets.
 */
#ifndef EXPORT_FLOW_LOG_H
#define EXPORT_FLOW_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "core/flow_watch.h"
#include "core/ledger.h"
#include "export/zeek_conn.h"
#include "util/buf.h"

#define FLOW_RECORD_LINE 4096 /* bytes that any record has room in */

enum flow_end {
	FLOW_END_CLOSED,  /* by both ends */
	FLOW_END_RESET,   /* by one */
	FLOW_END_IDLE,    /* nothing came for long */
	FLOW_END_REUSED,  /* another connection began between the same ends */
	FLOW_END_EVICTED, /* the table was full */
	FLOW_END_EXIT,    /* it was alive when the log ended */
};

struct spread { /* of some numbers: how many, how small, how large, and how far apart */
	uint64_t n, min, max;
	double mean, squares; /* the sum of the squares of distances from the mean (Welford) */
};

struct flow_record {
	struct tally t[2];        /* 0: a to b; none in both: there is no record */
	uint64_t first, last;     /* ns since the epoch */
	uint64_t last_way[2];     /* likewise, of each way */
	uint64_t active_since;    /* when its last pause ended */
	struct spread size[2];    /* bytes of a packet */
	struct spread gap[2];     /* ns between packets of one way */
	struct spread active;     /* ns from one pause to the next */
	struct spread idle;       /* ns that pauses took */
	struct tcp_counts tcp[2]; /* of the packets of this record, as all that follows */
	uint32_t resets;
	uint8_t flags[2];    /* of TCP, all that were seen */
	bool handshake_done; /* the handshake ended */
	struct zeek_conn conn;
};

struct flow_log {
	struct ledger *ledger;
	struct flow_record *record; /* one for each row that the flow table has room for */
	struct flow_watch watch;
	uint32_t open; /* records */
	uint64_t now;
	uint32_t at;                    /* the row that is looked at next */
	bool ticking, flushing, ending; /* what is quiet is looked for; all is; for the last time */
	bool json;
	void (*write)(void *arg, const struct flow *f, const char *line, size_t n);
	void *arg;
};

/* Begins to watch the ledger; dies when there is no memory. */
void flow_log_init(struct flow_log *fl, struct ledger *l, bool json,
    void (*write)(void *arg, const struct flow *f, const char *line, size_t n), void *arg);

/* No further packet belongs to a record; flow_log_step() writes those that there are, as of now (ns
 * since the epoch). */
void flow_log_end(struct flow_log *fl, uint64_t now);

/* The records that there are end, but others begin; flow_log_step() writes them. */
void flow_log_flush(struct flow_log *fl, uint64_t now);

/* Watches no longer.  Writes nothing: what was not written by then is lost. */
void flow_log_fini(struct flow_log *fl);

/* Begins to write the records of flows that have ended, or were quiet for long. */
void flow_log_tick(struct flow_log *fl, uint64_t now);

/* Looks at some more flows, at as many as `steps` at most; one whose record is written is worth
 * several.  True while there are more. */
bool flow_log_step(struct flow_log *fl, uint32_t steps);

/* True for a path that asks for JSON by its end. */
bool flow_log_is_json(const char *path);

/* The line of column names of CSV. */
void flow_record_columns(struct buf *b);

/* Adds a line of CSV or JSON.  The record is summed. */
void flow_record_line(struct buf *b, bool json, const struct ledger *l, const struct flow *f,
    const struct flow_record *r, enum flow_end end);

void spread_add(struct spread *s, uint64_t x);
double spread_deviation(const struct spread *s); /* of the numbers as a whole */

#endif
