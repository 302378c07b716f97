/*
 * Shows how far a file has been read while a report is being made: a bar, the rate and the
 * remaining time, on one line of a terminal's standard error.
 */
#ifndef APP_PROGRESS_H
#define APP_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "util/buf.h"

struct progress {
	bool wanted;      /* standard error is a terminal */
	bool shown;       /* a line is on the terminal */
	uint64_t started; /* ns, monotonic */
	uint64_t next;    /* ns, monotonic: the next redraw */
};

void progress_init(struct progress *p, uint64_t monotonic);

/* Draws the line if it is due; done and all are bytes, all is 0 if unknown. */
void progress_show(
    struct progress *p, uint64_t monotonic, uint64_t done, uint64_t all, uint64_t packets);

/* Erases the line. */
void progress_end(struct progress *p);

/* Formats the line after elapsed ns. */
void progress_text(struct buf *b, uint64_t elapsed, uint64_t done, uint64_t all, uint64_t packets);

#endif
