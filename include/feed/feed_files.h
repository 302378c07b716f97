/*
 * Several capture files as one source of the feed: merged by their stamps (capture/merge.h), and
 * with one capture point.  In the ledger each file is a source of its own; if there are too many,
 * the last ones share a source.
 */
#ifndef FEED_FEED_FILES_H
#define FEED_FEED_FILES_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/source.h"

struct feed;
struct feed_source;

/* Lists the files that the options name, and all in folders that they name.  Prints which of
 * several cannot be read.  Exits if none can. */
void files_list(struct feed *f);
void files_end(struct feed *f);

/* Initialises s, the one source for all files; c: how to open it. */
void files_init(struct feed *f, struct feed_source *s, const struct source_config *c);

/* NULL with one sentence in err. */
struct source *files_open(struct feed *f, struct feed_source *s, struct buf *err);

/* Call it when all are open: names the sources that several files share. */
void files_fold(struct feed *f);

/* False if a file is a pipe, which cannot be read twice. */
bool files_can_begin_again(const struct feed *f);
void files_begin_again(struct feed *f);

#endif
