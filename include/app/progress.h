/*
 * How far a file has been read, on one line of a terminal's standard error while
 * a report is being made: a bar, the rate, and the time that is left.
 */
#ifndef APP_PROGRESS_H
#define APP_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "util/buf.h"

struct progress {
	bool wanted;      /* standard error is a terminal */
	bool shown;       /* a line stands there */
	uint64_t started; /* ns, monotonic */
	uint64_t next;    /* when it is drawn again */
};

void progress_init(struct progress *p, uint64_t monotonic);

/* Draws the line where it is time to; done and all are bytes, all is 0 where it is not known. */
void progress_show(
    struct progress *p, uint64_t monotonic, uint64_t done, uint64_t all, uint64_t packets);

/* Takes the line away. */
void progress_end(struct progress *p);

/* What the line says after elapsed ns. */
void progress_text(struct buf *b, uint64_t elapsed, uint64_t done, uint64_t all, uint64_t packets);

#endif
