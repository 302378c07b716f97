/*
 * Completion of the word before the prompt's cursor: Tab inserts the next candidate, Shift-Tab the
 * previous one, until another key is pressed.
 */
#ifndef CONTROL_COMPLETION_H
#define CONTROL_COMPLETION_H

#include <stdbool.h>

#include "util/buf.h"

#define COMPLETE_MOST 128 /* candidates */
#define COMPLETE_WORD 48  /* bytes of one */

struct complete {
	bool on;
	unsigned from;            /* offset of the word in the typed text */
	char stem[COMPLETE_WORD]; /* as it was typed */
	unsigned at;              /* number of the candidate that is inserted */
};

struct candidates {
	char word[COMPLETE_MOST][COMPLETE_WORD];
	unsigned n;
};

struct state;

/* Finds all candidates for the stem. */
void complete_find(const struct state *st, struct candidates *c);

/* Inserts the next candidate, or the previous one.  Returns wishes. */
unsigned complete_next(struct state *st);
unsigned complete_previous(struct state *st);

#endif
