/*
 * What a writer and its child say to each other.  Private to src/export/.
 *
 * To the child: pieces, each struct writer_piece and then its bytes, whole records.
 * From the child: struct writer_note, whenever something has changed.
 */
#ifndef EXPORT_ASYNC_WRITER_CHILD_H
#define EXPORT_ASYNC_WRITER_CHILD_H

#include <stdint.h>

#include "export/async_writer.h"
#include "export/rotating_file.h"

#define PIECE_MAX (WRITER_RECORD_MAX + 64 * 1024) /* bytes in it */

enum writer_piece_kind {
	PIECE_RECORDS,
	PIECE_HEAD, /* an addition to what files begin with */
	PIECE_TAIL, /* what files end with from now on */
};

struct writer_piece {
	uint32_t bytes, records;
	uint8_t kind; /* enum writer_piece_kind */
};

enum writer_note_kind {
	NOTE_HALTED,  /* error: why; what comes is missed until NOTE_GOES_ON */
	NOTE_GOES_ON, /* missed: records, so far */
	NOTE_STUCK,   /* error: why the file could not be rotated; 0: it was after all */
	NOTE_ENDED,   /* all is on the disk, or error: why not */
};

struct writer_note {
	uint8_t kind; /* enum writer_note_kind */
	int error;
	uint64_t written, missed; /* records, so far */
};

/* Reads pieces from `from` and writes them to o until no more come; notes go to `to`. */
void writer_child_run(struct rotating_file *o, int from, int to);

#endif
