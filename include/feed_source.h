/* What feed.c (reading) and feed_open.c (which sources there are) ask of one another. */
#ifndef FEED_SOURCE_H
#define FEED_SOURCE_H

#include "feed.h"

/* All that the ledger knows as sources of its own within this one share its fate. */
void feed_source_is(struct feed *f, const struct feed_source *s, enum source_state state);

/* It has been opened, and gives packets from now on. */
void feed_source_runs(struct feed *f, struct feed_source *s);

/* It gives no more for now, and is closed; interfaces are tried again. */
void feed_source_ends(struct feed *f, struct feed_source *s, enum source_state state);

/* Tells the ledger which addresses are ours, if they are others than before. */
void feed_locals(struct feed *f);

#endif
