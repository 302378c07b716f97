/*
 * What keys ask for with the row under the cursor, and the view cannot do itself.
 */
#ifndef APP_ROW_ACTIONS_H
#define APP_ROW_ACTIONS_H

#include "app/options.h"
#include "control/state.h"
#include "feed/feed.h"
#include "ui/term.h"

/* Puts the tcpdump line that shows the row's packets into the terminal's clipboard, and says it. */
void row_action_copy_command(struct state *st, const struct feed *f, struct term *t);

/* Starts a capture file of the row's packets alone, or stops the one that is being written. */
void row_action_record(struct state *st, const struct options *o, struct feed *f);

#endif
