/* One source of the feed: what opening, reading and following interfaces share.  Private to
 * src/feed. */
#ifndef FEED_FEED_SOURCE_H
#define FEED_FEED_SOURCE_H

#include "feed/feed.h"

/* Sets the state of the source and of all its interfaces in the ledger. */
void feed_source_set_state(struct feed *f, const struct feed_source *s, enum source_state state);

/* Sets everything that is needed to open it with c, except for its number. */
void feed_source_init(struct feed *f, struct feed_source *s, const struct source_config *c);

/* Opens it and sets the capture filter. NULL with one sentence in err. */
struct source *feed_source_open(struct feed_source *s, struct buf *err);

/* Call it after the source was opened: it gives packets from now on. */
void feed_source_started(struct feed *f, struct feed_source *s);

/* The state of a source whose reading ended with SOURCE_DONE, SOURCE_SHORT or SOURCE_ERROR. */
enum source_state feed_source_state_after(enum source_outcome end);

/* Closes a source that gives no more packets for now. */
void feed_source_ended(struct feed *f, struct feed_source *s, enum source_state state);

/* Its interface has changed: closes it after all packets in the kernel's buffer were read. */
void feed_source_drain(struct feed *f, struct feed_source *s, uint64_t monotonic);

/* Checks the state of an interface: opens or closes the source, and appends a line to said. */
void feed_source_check_link(
    struct feed *f, struct feed_source *s, uint64_t monotonic, struct buf *said);

/* Gives the ledger the local addresses if they have changed. */
void feed_update_local(struct feed *f);

#endif
