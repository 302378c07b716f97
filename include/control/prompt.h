/*
 * The prompt: line editing, history, and what Enter does.
 */
#ifndef CONTROL_PROMPT_H
#define CONTROL_PROMPT_H

#include "control/state.h"

/* Opens a prompt: filters with the current text, the others empty. */
void prompt_line_open(struct state *st, enum prompt kind);

/* Edits the line by a key.  False for one that does not. */
bool prompt_line_edit(struct state *st, uint32_t key, unsigned *requests);

/* A key while a prompt is open.  Returns requests. */
unsigned prompt_key(struct state *st, uint32_t key);

/* Replaces the text from byte `from` to the cursor by word.  Returns requests. */
unsigned prompt_line_replace(struct state *st, unsigned from, const char *word);

/* The label before the text, and the hint behind it. */
const char *prompt_label(enum prompt kind);
const char *prompt_hint(const struct state *st);

#endif
