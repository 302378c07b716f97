/* What feed.c (reading) and feed_open.c (which sources there are) ask of one another. */
#ifndef FEED_SOURCE_H
#define FEED_SOURCE_H

#include "feed.h"

/* All that the ledger knows as sources of its own within this one share its fate. */
void feed_source_is(struct feed *f, const struct feed_source *s, enum source_state state);

/* Makes it ready to be opened with c, but for its number. */
void feed_source_init(struct feed *f, struct feed_source *s, const struct source_config *c);

/* Opens it, with the capture filter in place.  NULL with one sentence in err. */
struct source *feed_source_open(struct feed_source *s, struct buf *err);

/* It has been opened, and gives packets from now on. */
void feed_source_runs(struct feed *f, struct feed_source *s);

/* It gives no more for now, and is closed; interfaces are tried again. */
void feed_source_ends(struct feed *f, struct feed_source *s, enum source_state state);

/* Tells the ledger which addresses are ours, if they are others than before. */
void feed_locals(struct feed *f);

#endif
