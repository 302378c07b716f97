/*
 * What packets are written to: a capture file in the making.  pcapng has an interface for each
 * source and link type, described before its first frame, and what it counted at the end; pcap has
 * one link type, and no place for frames of another.
 */
#ifndef RECORD_CAPTURE_H
#define RECORD_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/ledger.h"
#include "dissect/frame.h"
#include "util/buf.h"

#define RECORD_LINKS (4 * LEDGER_SOURCES)

struct feed;
struct writer;

struct record_capture {
	bool ng;
	uint16_t linktype; /* of pcap, DLT_ */
	struct record_link {
		uint16_t source, linktype;
	} link[RECORD_LINKS]; /* the interfaces of pcapng */
	unsigned n_links;
	size_t untold;    /* bytes since what was counted was told last */
	uint16_t refused; /* a link type that has no place ... */
	bool refusing;    /* ... which is still to be said */
	bool refused_any; /* and is said once */
};

/*
 * Makes what a file of that name begins with; the comment is pcapng's alone.  False with one
 * sentence in err: pcap has one link type for all.
 */
bool record_capture_begin(struct record_capture *c, const struct feed *f, const char *path,
    const char *comment, struct buf *head, struct buf *err);

/* Adds the frame's record to b; false where it has no place. */
bool record_capture_frame(struct record_capture *c, const struct feed *f, struct writer *w,
    const struct frame *frame, struct buf *b);

/* So many bytes were written: tells now and then what was counted, as the end of the file.
 * SIZE_MAX: at once. */
void record_capture_wrote(
    struct record_capture *c, const struct feed *f, struct writer *w, size_t bytes);

/* True where said then tells, once, that frames have no place. */
bool record_capture_say(struct record_capture *c, struct buf *said);

#endif
