/*
 * Actions on the selected row that need more than the view.
 */
#ifndef APP_ROW_ACTIONS_H
#define APP_ROW_ACTIONS_H

#include "app/options.h"
#include "control/state.h"
#include "feed/feed.h"
#include "ui/term.h"

/* Copies a tcpdump command for the row's packets to the terminal's clipboard, and shows a
 * message. */
void row_action_copy_command(struct state *st, const struct feed *f, struct term *t);

/* Starts a capture file of the row's packets, or stops the one that is being written. */
void row_action_record(struct state *st, const struct options *o, struct feed *f);

#endif
