/*
 * What a writer and its child say to each other.  Private to src/export/.
 *
 * To the child: pieces, each struct piece and then its bytes, whole records.
 * From the child: struct note, whenever something has changed.
 */
#ifndef EXPORT_WRITER_CHILD_H
#define EXPORT_WRITER_CHILD_H

#include <stdint.h>

#include "export/outfile.h"
#include "export/writer.h"

#define PIECE_MAX (WRITER_RECORD_MAX + 64 * 1024) /* bytes in it */

struct piece {
	uint32_t bytes, records; /* no records: an addition to the head */
};

enum note_kind {
	NOTE_HALTED,  /* error: why; what comes is missed until NOTE_GOES_ON */
	NOTE_GOES_ON, /* missed: records, so far */
	NOTE_STUCK,   /* error: why the file could not be rotated; 0: it was after all */
	NOTE_ENDED,   /* all is on the disk, or error: why not */
};

struct note {
	uint8_t kind; /* enum note_kind */
	int error;
	uint64_t written, missed; /* records, so far */
};

/* Reads pieces from `from` and writes them to o until no more come; notes go to `to`. */
void writer_child(struct outfile *o, int from, int to);

#endif
