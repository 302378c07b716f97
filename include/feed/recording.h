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

#define RECORDS_FDS (2 * RECORD_KINDS)

struct feed;

struct record {
	struct async_writer *writer;   /* NULL: it is off */
	bool ending;                   /* stopped, but its disk is still busy */
	struct filter *filter;         /* NULL: takes all */
	struct buf head;               /* what its files begin with */
	bool json;                     /* RECORD_FLOWS */
	struct record_capture capture; /* RECORD_CAPTURE */
};

struct records {
	const struct opts *o;
	struct feed *feed;
	struct record of[RECORD_KINDS];
	struct packet_lines lines;
	struct flow_log flows;
	/* frames of the batch that is not counted yet, as records of the capture file */
	struct buf staged;
	size_t staged_end[LEDGER_BATCH];
	unsigned n_staged;
	struct buf news; /* of one that has ended well, for who is there to read it */
	char news_text[ROTATING_FILE_PATH + 256];
	bool closed; /* nobody reads standard output any more */
	bool lossy;  /* something is missing of a record that has ended */
};

/* Starts what the options ask for.  Dies where a file cannot be made. */
void records_init(struct records *r, const struct opts *o, struct feed *f);

/* Ends all of them, and says on standard error where something is missing. */
void records_fini(struct records *r);

/*
 * Starts one into path, with the display filter show where only what passes is wanted; "" takes
 * all.  False with one sentence in said.
 */
bool records_start(
    struct records *r, enum record_kind kind, const char *path, const char *show, struct buf *said);

/* Stops it, which ends in r->news, or starts it under a name of its own below dir. */
bool records_toggle(struct records *r, enum record_kind kind, const char *dir, const char *show,
    uint64_t now, struct buf *said);

bool records_on(const struct records *r, enum record_kind kind);

/* True while frames are wanted. */
static inline bool
records_want_frames(const struct records *r)
{
	const struct record *rec = &r->of[RECORD_CAPTURE];

	return rec->writer != NULL && !rec->ending;
}

/* The frame that is dissected next, and then the whole batch, once it is counted. */
void records_frame(struct records *r, const struct frame *f);
void records_batch(struct records *r, const struct pkt *pkts, unsigned n);

/* An interval has ended: what has become quiet is to be written. */
void records_tick(struct records *r);

/* Writes in steps what the flow log is to, as long as the disk follows.  True while there is more
 * that need not wait for it. */
bool records_step(struct records *r, uint32_t steps);

/* What is counted is soon forgotten: records_step() writes all that the flow log has of it.  True
 * until that is done, or all is written of one that was stopped. */
void records_part(struct records *r);
bool records_parting(const struct records *r);

/* Records that are still to be written then. */
uint32_t records_left(const struct records *r);

/* Fills in descriptors to be polled; returns how many, at most RECORDS_FDS. */
unsigned records_poll(const struct records *r, struct pollfd *fds);

/* Hands on what waits, and says in said what has changed. */
void records_tend(struct records *r, struct buf *said);

/* True when standard output belongs to one of them. */
bool records_own_stdout(const struct opts *o);

#endif
