/*
 * Completion of the word before the prompt's cursor: Tab inserts the next candidate, Shift-Tab the
 * previous one, until another key is pressed.
 */
#ifndef CONTROL_COMPLETION_H
#define CONTROL_COMPLETION_H

#include <stdbool.h>

#include "util/buf.h"

#define COMPLETION_MAX  128 /* candidates */
#define COMPLETION_WORD 48  /* bytes of one */

struct completion {
	bool active;
	unsigned start;             /* offset of the word in the typed text */
	char stem[COMPLETION_WORD]; /* as it was typed */
	unsigned index;             /* number of the candidate that is inserted */
};

struct completion_list {
	char word[COMPLETION_MAX][COMPLETION_WORD];
	unsigned n;
};

struct state;

/* Finds all candidates for the stem. */
void completion_find(const struct state *st, struct completion_list *c);

/* Inserts the next candidate, or the previous one.  Returns requests. */
unsigned completion_next(struct state *st);
unsigned completion_previous(struct state *st);

#endif
