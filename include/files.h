/*
 * Several capture files: one source of the feed, merged by their stamps (capture/merge.h), and at
 * one capture point.  In the ledger each is a source of its own while there is room; of very many
 * the later ones share one.
 */
#ifndef FILES_H
#define FILES_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/source.h"

struct feed;
struct feed_source;

/* The files that the options name, and all in the folders that they name; says which of several
 * cannot be read.  Dies if none can. */
void files_list(struct feed *f);
void files_end(struct feed *f);

/* Makes s, which is to be all the files, ready to be opened with c. */
void files_init(struct feed *f, struct feed_source *s, const struct source_config *c);

/* NULL with one sentence in err. */
struct source *files_open(struct feed *f, struct feed_source *s, struct buf *err);

/* All are open: the sources that stand for several are named. */
void files_fold(struct feed *f);

/* Not what arrives through a pipe. */
bool files_can_begin_again(const struct feed *f);
void files_begin_again(struct feed *f);

#endif
