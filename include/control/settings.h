/*
 * The settings that are saved between runs: lines of commands, as for the `:` prompt.
 */
#ifndef CONTROL_SETTINGS_H
#define CONTROL_SETTINGS_H

#include "control/state.h"

/* Adds the settings of st as commands. */
void settings_text(const struct state *st, struct buf *text);

/*
 * Runs the lines of text.  Empty lines and those that begin with # are ignored.  Errors are added
 * to said as "NAME:LINE: what" with a newline, and the line is skipped.  Returns requests.
 */
unsigned settings_run(struct state *st, const char *name, const char *text, struct buf *said);

#endif
