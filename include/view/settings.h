/*
 * What is remembered from one run to the next: lines of commands, as the `:` prompt takes them.
 */
#ifndef VIEW_SETTINGS_H
#define VIEW_SETTINGS_H

#include "view/state.h"

/* What is to be saved of st. */
void settings_text(const struct state *st, struct buf *text);

/*
 * Runs the lines of text.  Empty lines and those that begin with # are passed over.  What is wrong
 * goes to said, "NAME:LINE: what" and a newline each, and is left out.  Returns wishes.
 */
unsigned settings_run(struct state *st, const char *name, const char *text, struct buf *said);

#endif
