/*
 * The way from curses to the terminal: a pipe that curses writes into, and the
 * bytes that the terminal has not yet taken.
 *
 *	outlet_open(&o, err);
 *	... at most outlet_room(&o) bytes are written into o.file ...
 *	outlet_collect(&o);
 *	outlet_flush(&o, &tty);		now, and when the terminal takes more
 *	outlet_close(&o);
 */
#ifndef UI_OUTPUT_PIPE_H
#define UI_OUTPUT_PIPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "ui/tty.h"
#include "util/buf.h"

struct outlet {
	FILE *file;         /* the writing end of the pipe */
	int pipe;           /* the reading end */
	struct buf waiting; /* for the terminal */
	size_t done;        /* of it that the terminal has taken */
	uint64_t sent;      /* to the terminal so far */
};

/* False with one sentence in err. */
bool outlet_open(struct outlet *o, struct buf *err);
void outlet_close(struct outlet *o);

/* Bytes that can be written between two calls of outlet_collect() without ever blocking. */
size_t outlet_room(const struct outlet *o);

/* Empties the pipe. */
void outlet_collect(struct outlet *o);

/* True while there are bytes that the terminal has not taken. */
static inline bool
outlet_pending(const struct outlet *o)
{
	return o->done < o->waiting.len;
}

/* Forgets them. */
void outlet_drop(struct outlet *o);

/* Gives the terminal what it takes.  False: it is gone. */
bool outlet_flush(struct outlet *o, const struct tty *tty);

/* The same, waiting at most ms for it to take everything. */
void outlet_drain(struct outlet *o, const struct tty *tty, int ms);

#endif
