/*
 * What the cursor follows.  In a table: its row, while it is followed, wherever the order takes it.
 * In the log of packets: the newest packet, until one scrolls; then the log is paused, and F
 * resumes it.
 */
#ifndef CONTROL_FOLLOW_H
#define CONTROL_FOLLOW_H

#include "control/state.h"

/* True if the list is paused until a command requests another one. */
bool follow_is_paused(const struct state *st);

/* Updates the numbers above the table while the list is paused. */
void follow_update_summary(struct state *st, const struct ledger *l);

/*
 * True if the list, which is age_ns old, should stay a while longer: a log that is followed and
 * passes faster than it can be read.  Other reasons to pause are ignored.
 */
bool follow_is_held_back(struct state *st, const struct ledger *l, uint64_t age_ns);

/* Packets that were logged since the list was made, if it is paused or held back. */
uint64_t follow_n_newer(const struct state *st, const struct ledger *l);

/* The followed row is no longer listed: stops following it. */
void follow_row_lost(struct state *st);

/* A word for the header that says what is followed; NULL if nothing is. */
const char *follow_label(const struct state *st);

#endif
