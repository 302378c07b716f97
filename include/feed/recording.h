/*
 * What leaves while packets come in: the packet log, the flow log, and the
 * capture file.  feed.c hands over frames and packets, the loop looks after the rest.
 */
#ifndef FEED_RECORDING_H
#define FEED_RECORDING_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "app/options.h"
#include "core/ledger.h"
#include "dissect/frame.h"
#include "export/async_writer.h"
#include "export/flow_log.h"
#include "export/packet_line.h"
#include "feed/capture_record.h"
#include "util/buf.h"
#include "view/filter.h"

enum record_kind { RECORD_PACKETS, RECORD_FLOWS, RECORD_CAPTURE, RECORD_KINDS };

#define RECORDING_FDS (2 * RECORD_KINDS)

struct feed;

struct recording {
	struct async_writer *writer;   /* NULL: it is off */
	bool ending;                   /* stopped, but its disk is still busy */
	struct filter *filter;         /* NULL: takes all */
	struct buf head;               /* what its files begin with */
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
	struct buf status; /* of one that has ended well, for who is there to read it */
	char status_text[ROTATING_FILE_PATH + 256];
	bool closed;     /* nobody reads standard output any more */
	bool incomplete; /* something is missing of a record that has ended */
};

/* Starts what the options ask for.  Dies where a file cannot be made. */
void recording_init(struct recorder *r, const struct options *o, struct feed *f);

/* Ends all of them, and says on standard error where something is missing. */
void recording_fini(struct recorder *r);

/*
 * Starts one into path, with the display filter show where only what passes is wanted; "" takes
 * all.  False with one sentence in said.
 */
bool recording_start(struct recorder *r, enum record_kind kind, const char *path, const char *show,
    struct buf *said);

/* Stops it, which ends in r->news, or starts it under a name of its own below dir. */
bool recording_toggle(struct recorder *r, enum record_kind kind, const char *dir, const char *show,
    uint64_t now, struct buf *said);

bool recording_is_on(const struct recorder *r, enum record_kind kind);

/* True while frames are wanted. */
static inline bool
recording_wants_frames(const struct recorder *r)
{
	const struct recording *rec = &r->kind[RECORD_CAPTURE];

	return rec->writer != NULL && !rec->ending;
}

/* The frame that is dissected next, and then the whole batch, once it is counted. */
void recording_frame(struct recorder *r, const struct frame *f);
void recording_batch(struct recorder *r, const struct pkt *pkts, unsigned n);

/* An interval has ended: what has become quiet is to be written. */
void recording_tick(struct recorder *r);

/* Writes in steps what the flow log is to, as long as the disk follows.  True while there is more
 * that need not wait for it. */
bool recording_step(struct recorder *r, uint32_t steps);

/* What is counted is soon forgotten: recording_step() writes all that the flow log has of it.  True
 * until that is done, or all is written of one that was stopped. */
void recording_flush_flows(struct recorder *r);
bool recording_is_flushing(const struct recorder *r);

/* Records that are still to be written then. */
uint32_t recording_flows_left(const struct recorder *r);

/* Fills in descriptors to be polled; returns how many, at most RECORDING_FDS. */
unsigned recording_poll_fds(const struct recorder *r, struct pollfd *fds);

/* Hands on what waits, and says in said what has changed. */
void recording_poll_writers(struct recorder *r, struct buf *said);

/* True when standard output belongs to one of them. */
bool recording_uses_stdout(const struct options *o);

#endif
