/*
 * Several capture files as one source: their frames in the order of their stamps.
 *
 * Frames of one file stay in their order. If stamps are equal, the file that was named first comes
 * first. There is no limit on the number of files: if there are very many, each is open only from
 * its first stamp to its end. Counts and progress (source.h) are those of all files together.
 */
#ifndef CAPTURE_MERGE_H
#define CAPTURE_MERGE_H

#include "capture/source.h"

struct merge_config {
	/* All are SOURCE_FILE; borrowed until source_del(). Their filters and pace are ignored. */
	struct source_config *file;
	unsigned n;
	const char *filter;
	double replay;
	/* File i can be read: sets how file[i] is opened, above all its number. */
	void (*opened)(void *arg, unsigned i, uint16_t linktype);
	/* File i gives no more packets: SOURCE_DONE, SOURCE_SHORT or SOURCE_ERROR. */
	void (*ended)(void *arg, unsigned i, enum source_outcome how);
	void *arg;
};

/* NULL with one sentence in err that names a file that cannot be read. */
struct source *merge_open(const struct merge_config *c, struct buf *err);

#endif
