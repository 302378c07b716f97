/*
 * The files that are written during a capture: the packet log, the flow log and the capture file.
 * feed.c passes frames and packets; the loop calls the rest.
 */
#ifndef FEED_RECORDING_H
#define FEED_RECORDING_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "app/options.h"
#include "core/ledger.h"
#include "dissect/frame.h"
#include "export/flow_log.h"
#include "export/writer.h"
#include "feed/capture_record.h"
#include "util/buf.h"
#include "view/filter.h"

enum record_kind { RECORD_PACKETS, RECORD_FLOWS, RECORD_CAPTURE, RECORD_KINDS };

#define RECORDING_FDS (2 * RECORD_KINDS)

struct feed;

struct recording {
	struct async_writer *writer;   /* NULL: it is off */
	bool ending;                   /* stopped, but its last records are still being written */
	struct filter *filter;         /* NULL: record all */
	struct buf head;               /* the head of its files */
	bool json;                     /* RECORD_FLOWS */
	struct capture_record capture; /* RECORD_CAPTURE */
};

struct recorder {
	const struct options *o;
	struct feed *feed;
	struct recording kind[RECORD_KINDS];
	struct packet_lines lines;
	struct flow_log flows;
	/* frames of the batch that is not counted yet, as records of the capture file */
	struct buf staged;
	size_t staged_end[LEDGER_BATCH];
	unsigned n_staged;
	struct buf status; /* reports of records that ended well, for a reader on a terminal */
	char status_text[ROTATING_FILE_PATH + 256];
	bool closed;     /* the reader of standard output has closed */
	bool incomplete; /* an ended record misses something */
};

/* Starts the records of the options. Exits if a file cannot be created. */
void recording_init(struct recorder *r, const struct options *o, struct feed *f);

/* Ends all records, and reports missing packets on standard error. */
void recording_fini(struct recorder *r);

/*
 * Starts a record into path, limited to packets that match the display filter show ("": all). False
 * with one sentence in said.
 */
bool recording_start(struct recorder *r, enum record_kind kind, const char *path, const char *show,
    struct buf *said);

/* Stops the record and reports in r->news, or starts it under a generated name in dir. */
bool recording_toggle(struct recorder *r, enum record_kind kind, const char *dir, const char *show,
    uint64_t now, struct buf *said);

bool recording_is_on(const struct recorder *r, enum record_kind kind);

/* True if frames are recorded. */
static inline bool
recording_wants_frames(const struct recorder *r)
{
	const struct recording *rec = &r->kind[RECORD_CAPTURE];

	return rec->writer != NULL && !rec->ending;
}

/* Call the first for each frame before it is dissected, the second for the batch after it was
 * counted. */
void recording_frame(struct recorder *r, const struct frame *f);
void recording_batch(struct recorder *r, const struct pkt *pkts, unsigned n);

/* An interval has ended: starts to write the records of quiet flows. */
void recording_tick(struct recorder *r);

/* Writes pending flow records, as fast as the disk allows. True if there are more that can be
 * written now. */
bool recording_step(struct recorder *r, uint32_t steps);

/* Before counters are cleared: recording_step() then writes the records of all flows. True until
 * that is done, or until a stopped log has written all of its records. */
void recording_flush_flows(struct recorder *r);
bool recording_is_flushing(const struct recorder *r);

/* Flow records that are still to be written. */
uint32_t recording_flows_left(const struct recorder *r);

/* Fills in descriptors to be polled; returns how many, at most RECORDING_FDS. */
unsigned recording_poll_fds(const struct recorder *r, struct pollfd *fds);

/* Passes on buffered records, and appends changes of state to said. */
void recording_poll_writers(struct recorder *r, struct buf *said);

/* True if one of the records goes to standard output. */
bool recording_uses_stdout(const struct options *o);

#endif
