/*
 * The output path from curses to the terminal: a pipe that curses writes to, and a buffer of bytes
 * that the terminal has not accepted yet.
 *
 *	output_pipe_open(&o, err);
 *	... at most output_pipe_room(&o) bytes are written into o.file ...
 *	output_pipe_collect(&o);
 *	output_pipe_flush(&o, &tty);		now, and when the terminal is writable
 *	output_pipe_close(&o);
 */
#ifndef UI_OUTPUT_PIPE_H
#define UI_OUTPUT_PIPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "ui/tty.h"
#include "util/buf.h"

struct output_pipe {
	FILE *file;         /* the writing end of the pipe */
	int pipe;           /* the reading end */
	struct buf waiting; /* for the terminal */
	size_t done;        /* of it that have been written */
	uint64_t sent;      /* bytes written so far */
};

/* False with one sentence in err. */
bool output_pipe_open(struct output_pipe *o, struct buf *err);
void output_pipe_close(struct output_pipe *o);

/* Bytes that can be written between two calls of output_pipe_collect() without blocking. */
size_t output_pipe_room(const struct output_pipe *o);

/* Empties the pipe. */
void output_pipe_collect(struct output_pipe *o);

/* True while bytes are buffered. */
static inline bool
output_pipe_pending(const struct output_pipe *o)
{
	return o->done < o->waiting.len;
}

/* Drops them. */
void output_pipe_drop(struct output_pipe *o);

/* Writes what the terminal accepts. False: the terminal is gone. */
bool output_pipe_flush(struct output_pipe *o, const struct tty *tty);

/* The same, but waits at most ms until everything is written. */
void output_pipe_drain(struct output_pipe *o, const struct tty *tty, int ms);

#endif
