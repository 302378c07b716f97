/*
 * Several capture files as one source of the feed: merged by their stamps (capture/source.h), as
 * one capture point. In the ledger each file is a source of its own; if there are too many, the
 * last ones share a source.
 */
#ifndef FEED_FEED_FILES_H
#define FEED_FEED_FILES_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/source.h"

struct feed;
struct feed_source;

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

#endif
