/*
 * Turns frames into the bytes of a capture file that is being written.  A pcapng file has an
 * interface for each source and link type, described before its first frame, and its counters at
 * the end; a pcap file has one link type, and frames of another are left out.
 */
#ifndef FEED_CAPTURE_RECORD_H
#define FEED_CAPTURE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/ledger.h"
#include "dissect/frame.h"
#include "util/buf.h"

#define RECORD_LINKS (4 * LEDGER_SOURCES)

struct feed;
struct async_writer;

struct capture_record {
	bool ng;
	uint16_t linktype; /* of pcap, DLT_ */
	struct capture_link {
		uint16_t source, linktype;
	} link[RECORD_LINKS]; /* the interfaces of pcapng */
	unsigned n_links;
	size_t unreported;         /* bytes since the counters were last written */
	uint16_t refused_linktype; /* a link type that pcap has no place for ... */
	bool error_pending;        /* ... is still to be reported */
	bool refused_any;          /* one was: later ones are not reported */
};

/*
 * Writes the head of a file with that name; pcap cannot store the comment. False with one sentence
 * in err if it is pcap and the sources have several link types.
 */
bool capture_record_begin(struct capture_record *c, const struct feed *f, const char *path,
    const char *comment, struct buf *head, struct buf *err);

/* Adds the frame's record to b.  False if the file has no place for it. */
bool capture_record_frame(struct capture_record *c, const struct feed *f, struct async_writer *w,
    const struct frame *frame, struct buf *b);

/* Notes that so many bytes were written, and from time to time updates the counters at the end
 * of the file. SIZE_MAX: updates them at once. */
void capture_record_written(
    struct capture_record *c, const struct feed *f, struct async_writer *w, size_t bytes);

/* True, once, if frames were left out: then said has the sentence. */
bool capture_record_take_error(struct capture_record *c, struct buf *said);

#endif
