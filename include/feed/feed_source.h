/* What feed.c (reading), feed_sources.c (which sources there are) and feed_live.c (interfaces that
 * change) ask of one another. */
#ifndef FEED_FEED_SOURCE_H
#define FEED_FEED_SOURCE_H

#include "feed/feed.h"

/* All that the ledger knows as sources of its own within this one share its fate. */
void feed_source_set_state(struct feed *f, const struct feed_source *s, enum source_state state);

/* Makes it ready to be opened with c, but for its number. */
void feed_source_init(struct feed *f, struct feed_source *s, const struct source_config *c);

/* Opens it, with the capture filter in place.  NULL with one sentence in err. */
struct source *feed_source_open(struct feed_source *s, struct buf *err);

/* It has been opened, and gives packets from now on. */
void feed_source_started(struct feed *f, struct feed_source *s);

/* The state of a source whose reading ended with SOURCE_DONE, SOURCE_SHORT or SOURCE_ERROR. */
enum source_state feed_source_state_after(enum source_outcome end);

/* It gives no more for now, and is closed. */
void feed_source_ended(struct feed *f, struct feed_source *s, enum source_state state);

/* Its interface has changed: it is to be closed once it gave all that the kernel has for it. */
void feed_source_drain(struct feed *f, struct feed_source *s, uint64_t monotonic);

/* Looks what has become of an interface: closes, opens, and says so in lines of said. */
void feed_source_check_link(
    struct feed *f, struct feed_source *s, uint64_t monotonic, struct buf *said);

/* Tells the ledger which addresses are ours, if they are others than before. */
void feed_update_local(struct feed *f);

#endif
