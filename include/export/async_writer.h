/*
 * Records on their way to a file, so that no disk holds up the loop.
 *
 *	w = writer_new(path, &rotation, head, head_size, ...);
 *	writer_add(w, record, n);	for each whole record
 *	writer_flush(w);		once in each turn of the loop
 *	writer_listen(w, said);		when writer_fd(w) is readable
 *	writer_del(w, said);
 *
 * The records go through a bounded buffer and a pipe to a child that writes them.
 * What finds the buffer full, or the disk, is missed, and counted.  When the program dies,
 * the child writes what has reached it, whole records only, and ends.
 */
#ifndef EXPORT_ASYNC_WRITER_H
#define EXPORT_ASYNC_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "export/rotating_file.h"
#include "util/buf.h"

struct writer;

#define WRITER_RECORD_MAX (512 * 1024) /* bytes of a record */

struct writer_config {
	const char *what; /* "packet log", for sentences */
	const char *path; /* "-": standard output */
	struct outfile_rotation rotation;
	const void *head; /* what each file begins with; copied */
	size_t head_size;
	bool patient; /* what comes from a file may wait: writer_add() does until there is room */
	void (*release)(void *arg); /* gives memory back that the child has no use for */
	void *arg;
};

/*
 * Creates the file and starts the child.  NULL with one sentence in err.
 */
struct writer *writer_new(const struct writer_config *c, uint64_t monotonic, struct buf *err);

/* Takes a record, or counts it as missed. */
void writer_add(struct writer *w, const void *record, size_t n);

/* False while so much waits already that who has many records at hand better waits too. */
bool writer_has_room(const struct writer *w);

/* From now on writer_add() waits for room, but not for a disk that takes nothing for 10 s. */
void writer_wait(struct writer *w);

/* The same for what all later files begin with as well, behind the head: a record of its own. */
void writer_add_head(struct writer *w, const void *record, size_t n);

/* What each file ends with, until another one is given. */
void writer_set_tail(struct writer *w, const void *tail, size_t n);

/* Counts a record that has no place in the file. */
void writer_miss(struct writer *w);

/* Hands on what was taken, as far as the pipe has room.  True while something is left. */
bool writer_flush(struct writer *w);

int writer_fd(const struct writer *w);      /* readable: the child has something to say */
int writer_pipe_fd(const struct writer *w); /* writable: there is room in the pipe */
bool writer_waits(const struct writer *w);  /* something waits for that room */

enum writer_state {
	WRITER_RUNS,
	WRITER_HALTED, /* the file cannot be written; it is tried again */
	WRITER_CLOSED, /* nobody reads standard output any more */
	WRITER_FAILED, /* the child has gone */
};

/* Takes in what the child says.  True where said then holds a sentence of a change. */
bool writer_listen(struct writer *w, struct buf *said);

enum writer_state writer_state(const struct writer *w);
uint64_t writer_missed(const struct writer *w); /* records */
const char *writer_path(const struct writer *w);

/* No more records come.  Goes on as before with writer_flush() and writer_listen() until it is
 * over. */
void writer_end(struct writer *w);
bool writer_is_over(const struct writer *w);

/*
 * Waits until all that was taken is written, 10 s at most unless it is patient, ends the child, and
 * frees w.  said: one sentence, where the records are and what is missing of them.  False where
 * something is, unless because nobody reads on.
 */
bool writer_del(struct writer *w, struct buf *said);

#endif
