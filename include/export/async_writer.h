/*
 * Records on their way to a file, so that no disk holds up the loop.
 *
 *	w = async_writer_new(path, &rotation, head, head_size, ...);
 *	async_writer_add(w, record, n);	for each whole record
 *	async_writer_flush(w);		once in each turn of the loop
 *	async_writer_read_notes(w, said);		when async_writer_fd(w) is readable
 *	async_writer_del(w, said);
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

struct async_writer;

#define WRITER_RECORD_MAX (512 * 1024) /* bytes of a record */

struct async_writer_config {
	const char *what; /* "packet log", for sentences */
	const char *path; /* "-": standard output */
	struct file_rotation rotation;
	const void *head; /* what each file begins with; copied */
	size_t head_size;
	bool patient; /* what comes from a file may wait: async_writer_add() does until there is
			 room */
	void (*release)(void *arg); /* gives memory back that the child has no use for */
	void *arg;
};

/*
 * Creates the file and starts the child.  NULL with one sentence in err.
 */
struct async_writer *async_writer_new(
    const struct async_writer_config *c, uint64_t monotonic, struct buf *err);

/* Takes a record, or counts it as missed. */
void async_writer_add(struct async_writer *w, const void *record, size_t n);

/* False while so much waits already that who has many records at hand better waits too. */
bool async_writer_has_room(const struct async_writer *w);

/* From now on async_writer_add() waits for room, but not for a disk that takes nothing for 10 s. */
void async_writer_wait(struct async_writer *w);

/* The same for what all later files begin with as well, behind the head: a record of its own. */
void async_writer_add_head(struct async_writer *w, const void *record, size_t n);

/* What each file ends with, until another one is given. */
void async_writer_set_tail(struct async_writer *w, const void *tail, size_t n);

/* Counts a record that has no place in the file. */
void async_writer_count_missed(struct async_writer *w);

/* Hands on what was taken, as far as the pipe has room.  True while something is left. */
bool async_writer_flush(struct async_writer *w);

int async_writer_fd(const struct async_writer *w); /* readable: the child has something to say */
int async_writer_pipe_fd(const struct async_writer *w); /* writable: there is room in the pipe */
bool async_writer_is_waiting(const struct async_writer *w); /* something waits for that room */

enum async_writer_state {
	WRITER_RUNS,
	WRITER_HALTED, /* the file cannot be written; it is tried again */
	WRITER_CLOSED, /* nobody reads standard output any more */
	WRITER_FAILED, /* the child has gone */
};

/* Takes in what the child says.  True where said then holds a sentence of a change. */
bool async_writer_read_notes(struct async_writer *w, struct buf *said);

enum async_writer_state async_writer_state(const struct async_writer *w);
uint64_t async_writer_missed(const struct async_writer *w); /* records */
const char *async_writer_path(const struct async_writer *w);

/* No more records come.  Goes on as before with async_writer_flush() and async_writer_read_notes()
 * until it is over. */
void async_writer_end(struct async_writer *w);
bool async_writer_has_ended(const struct async_writer *w);

/*
 * Waits until all that was taken is written, 10 s at most unless it is patient, ends the child, and
 * frees w.  said: one sentence, where the records are and what is missing of them.  False where
 * something is, unless because nobody reads on.
 */
bool async_writer_del(struct async_writer *w, struct buf *said);

#endif
