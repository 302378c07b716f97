/*
 * Private to src/feed/.
 */
#ifndef FEED_PRIVATE_H
#define FEED_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/source.h"
#include "dissect/frame.h"
#include "feed/feed.h"

/* One source of the feed: what opening, reading and following interfaces share.  Private to
 * src/feed. */

/* Sets the state of the source and of all its interfaces in the ledger. */
void feed_source_set_state(struct feed *f, const struct feed_source *s, enum source_state state);

/* Sets everything that is needed to open it with c, except for its number. */
void feed_source_init(struct feed *f, struct feed_source *s, const struct source_config *c);

/* Opens it and sets the capture filter. NULL with one sentence in err. */
struct source *feed_source_open(struct feed_source *s, struct buf *err);

/* Makes a source for an interface or a file, without opening it; the second adds it to the ledger
 * once it is open. NULL with one sentence in err. */
struct feed_source *feed_alloc_source(
    struct feed *f, enum source_kind kind, const char *name, struct buf *err);
void feed_register_source(struct feed *f, struct feed_source *s);

/* Call it after the source was opened: it gives packets from now on. */
void feed_source_started(struct feed *f, struct feed_source *s);

/* The state of a source whose reading ended with SOURCE_DONE, SOURCE_SHORT or SOURCE_ERROR. */
enum source_state feed_source_state_after(enum source_outcome end);

/* Closes a source that gives no more packets for now. */
void feed_source_ended(struct feed *f, struct feed_source *s, enum source_state state);

/* Its interface has changed: closes it after all packets in the kernel's buffer were read. */
void feed_source_drain(struct feed *f, struct feed_source *s, uint64_t monotonic);

/* True if all packets were read, or it has given packets for too long; else asks for housekeeping
 * soon. */
bool feed_source_is_drained(struct feed *f, const struct feed_source *s, uint64_t monotonic);

/* Checks the state of an interface: opens or closes the source, and appends a line to said. */
void feed_source_check_link(
    struct feed *f, struct feed_source *s, uint64_t monotonic, struct buf *said);

/*
 * A stream with counts of its own: of a file, of an interface that is captured twice, or of a
 * stream that was restarted. It has a second, small ledger; the feed's one counts its packets too,
 * except for those that an earlier stream captures.
 */
struct feed_stream {
	struct ledger *ledger;
	struct feed_overlap { /* streams that were added before and see the same packets */
		const struct feed_source *with;
		struct link_filters *filters; /* that of the other one, for frames */
	} overlap[OPTIONS_SOURCES];
	unsigned n_overlaps;
};

/* Sets the bit of f->elsewhere for the frame that comes next. */
void feed_stream_note_frame(struct feed *f, const struct frame *frame);

/* Counts the batch for the stream alone, and copies what is to be counted for all. Returns its
 * number. */
unsigned feed_stream_count(struct feed *f, struct pkt *counted);

/* Gives it counts of its own, which begin at zero. */
void feed_stream_begin_counts(struct feed_source *s);

/* Packets that the other one, an earlier stream, captures are counted there. */
void feed_stream_add_overlap(struct feed_source *s, const struct feed_source *with);

/* Its own counts begin at zero, if it has any. */
void feed_stream_clear_counts(struct feed_source *s);

/* The capture filter of all sources has changed. */
void feed_streams_refilter(struct feed *f);

/* Gives the ledger the local addresses if they have changed. */
void feed_update_local(struct feed *f);

/*
 * Several capture files as one source of the feed: merged by their stamps (capture/source.h), as
 * one capture point. In the ledger each file is a source of its own; if there are too many, the
 * last ones share a source.
 */

/* Lists the files of the options, including those in directories. Prints which of several cannot
 * be read. Exits if none can. */
void feed_files_list(struct feed *f);
void feed_files_fini(struct feed *f);

/* Initialises s, the one source for all files; c: how to open it. */
void feed_files_init(struct feed *f, struct feed_source *s, const struct source_config *c);

/* Call it when all are open: names the sources that several files share. */
void feed_files_name_shared(struct feed *f);

/* False if a file is a pipe, which cannot be read twice. */
bool feed_files_can_restart(const struct feed *f);
void feed_files_restart(struct feed *f);

/*
 * The interfaces of "any". Each is a source of its own while there is room. A packet that is seen
 * at several of them is counted at one; see link_topology.h.
 */

/* Call it for a source that was opened; does nothing unless it is "any". */
void any_device_open(struct feed_source *s);
void any_device_close(struct feed_source *s);

/* Stores the number of its interface's source in *as. False: do not count the frame. */
bool any_device_map_frame(
    struct feed *f, struct feed_source *s, const struct frame *frame, struct frame *as);

/* Follows interfaces that come, go and change; marks removed ones as gone. */
void any_device_tick(struct feed *f, struct feed_source *s);

/*
 * Compares the captured packets with the interfaces' own counters; see core/coverage.h.
 *
 * The two are comparable only for one whole interface: no capture filter, promiscuous, and not
 * "any". The ledger then shows the coverage of the feed's sources.
 */

/* Starts the comparison if it is possible. Call it after a source was opened or its filter set. */
void capture_loss_begin(struct feed *f, struct feed_source *s);

/* The source will give no more packets. */
void capture_loss_end(struct feed *f, struct feed_source *s);

/* Reads the counters and reports the coverage. */
void capture_loss_tick(struct feed *f, struct feed_source *s, uint64_t monotonic);

/* Notes a frame that is longer than feed->longest. */
void capture_loss_note_long(struct feed *f, const struct frame *frame);

/*
 * Applications of flows, found by a library; see feed_set_apps().
 */

void flow_apps_del(struct flow_apps *a);

/* True if the packet of that frame has to be counted before the next frame is read. */
bool flow_apps_note(struct flow_apps *a, struct pkt *p, const struct frame *frame);

/* Gives up flows that have had no packet for a while, or all of them. */
void flow_apps_expire(struct flow_apps *a, uint64_t now);
void flow_apps_end(struct flow_apps *a);

/*
 * The URL of --influx: http[s]://[USER@]HOST[:PORT][/PATH]?db=NAME, or for version 2
 * ?org=NAME&bucket=NAME. Its parts, still encoded.
 */

#define INFLUX_SECRET 512 /* bytes of a token, or of user and password, with the NUL */

struct influx_url {
	char user[64], host[256], port[8], path[256], query[512];
	char database[256]; /* of the query: db, or bucket */
	bool tls, bracket;  /* bracket: the host is an IPv6 address */
	bool v2;
};

/* False with one sentence in err; so it is for a URL with a password or token. */
bool influx_url_parse(struct influx_url *u, const char *text, struct buf *err);

/* Copies the value of a parameter. False if there is none, or it is too long. */
bool influx_url_parameter(const struct influx_url *u, const char *name, char *value, size_t size);

/* Reads the token from the file, or without one from the environment; "" if there is none. False
 * with one sentence in err. */
bool influx_secret_read(const char *path, char *secret, struct buf *err);

#endif
