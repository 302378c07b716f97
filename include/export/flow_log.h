/*
 * The flow log: one record per flow, written when the flow has ended or was idle for long.
 *
 * Fields that the ledger does not keep are stored in a second table with the same row numbers,
 * which exists only while the log is on. Each record is counted separately: a flow that continues
 * after its record was written starts another one, so that the sum of all records is all packets.
 */
#ifndef EXPORT_FLOW_LOG_H
#define EXPORT_FLOW_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "core/flow.h"
#include "core/ledger.h"
#include "export/spread.h"
#include "export/zeek_conn.h"
#include "util/buf.h"

#define FLOW_RECORD_LINE 4096 /* maximum bytes of a record */

enum flow_end {
	FLOW_END_CLOSED,  /* by both ends */
	FLOW_END_RESET,   /* by one */
	FLOW_END_IDLE,    /* no packet for long */
	FLOW_END_REUSED,  /* another connection started between the same ends */
	FLOW_END_EVICTED, /* the table was full */
	FLOW_END_EXIT,    /* it was open when the log ended */
};

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

struct flow_log {
	struct ledger *ledger;
	struct flow_record *record; /* one per row of the flow table */
	struct flow_watch watch;
	uint32_t open; /* records */
	uint64_t now;
	uint32_t at; /* the next row to check */
	bool ticking, flushing,
	    ending; /* searching idle flows; writing all; writing all for the last time */
	bool json;
	void (*write)(void *arg, const struct flow *f, const char *line, size_t n);
	void *arg;
};

/* Starts to observe the ledger; exits if there is no memory. */
void flow_log_init(struct flow_log *fl, struct ledger *l, bool json,
    void (*write)(void *arg, const struct flow *f, const char *line, size_t n), void *arg);

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

/* True if the path's suffix selects JSON. */
bool flow_log_is_json(const char *path);

/* The line of column names of CSV. */
void flow_record_columns(struct buf *b);

/* Appends a line of CSV or JSON. The record's sums must be complete. */
void flow_record_line(struct buf *b, bool json, const struct ledger *l, const struct flow *f,
    const struct flow_record *r, enum flow_end end);

#endif
