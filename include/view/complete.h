/*
 * Completion of the word at the cursor of a prompt: Tab puts in the next candidate, and Shift-Tab
 * the one before, until another key is pressed.
 */
#ifndef VIEW_COMPLETE_H
#define VIEW_COMPLETE_H

#include <stdbool.h>

#include "util/buf.h"

#define COMPLETE_MOST 128 /* candidates */
#define COMPLETE_WORD 48  /* bytes of one */

struct complete {
	bool on;
	unsigned from;            /* byte of what is typed where the word begins */
	char stem[COMPLETE_WORD]; /* as it was typed */
	unsigned at;              /* the candidate that is put in */
};

struct candidates {
	char word[COMPLETE_MOST][COMPLETE_WORD];
	unsigned n;
};

struct state;

/* All that the stem may become. */
void complete_find(const struct state *st, struct candidates *c);

/* Puts in the next candidate, or the one before.  Returns wishes. */
unsigned complete_next(struct state *st);
unsigned complete_previous(struct state *st);

#endif
