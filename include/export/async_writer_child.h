/*
 * The protocol between a writer and its child. Private to src/export/.
 *
 * To the child: pieces, each a struct writer_piece followed by its bytes, whole records. From the
 * child: a struct writer_note for each change.
 */
#ifndef EXPORT_ASYNC_WRITER_CHILD_H
#define EXPORT_ASYNC_WRITER_CHILD_H

#include <stdint.h>

#include "export/async_writer.h"
#include "export/rotating_file.h"

#define PIECE_MAX (WRITER_RECORD_MAX + 64 * 1024) /* maximum bytes in it */

enum writer_piece_kind {
	PIECE_RECORDS,
	PIECE_HEAD, /* an addition to the files' head */
	PIECE_TAIL, /* the files' tail from now on */
};

struct writer_piece {
	uint32_t bytes, records;
	uint8_t kind; /* enum writer_piece_kind */
};

enum writer_note_kind {
	NOTE_HALTED,  /* error: why; records are missed until NOTE_GOES_ON */
	NOTE_GOES_ON, /* writing resumed; missed: records so far */
	NOTE_STUCK,   /* error: why the file cannot be rotated; 0: it was rotated after all */
	NOTE_ENDED,   /* all is on the disk, or error: why not */
};

struct writer_note {
	uint8_t kind; /* enum writer_note_kind */
	int error;
	uint64_t written, missed; /* records, so far */
};

/* Reads pieces from `from` and writes them to o until the end of the input; sends notes to `to`. */
void writer_child_run(struct rotating_file *o, int from, int to);

#endif
