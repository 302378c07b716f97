/*
 * What the cursor stays with.  In a table that is its row, as long as it is followed, wherever the
 * order takes it; in the log of packets the newest, or, once one has scrolled, the place: then
 * the log stands still to be read, and F goes on to the newest.
 */
#ifndef VIEW_FOLLOW_H
#define VIEW_FOLLOW_H

#include "view/state.h"

/* True when the list is to stay as it is, until a command wishes for another. */
bool follow_stands(const struct state *st);

/* In place of a new list then: the numbers above the table go on. */
void follow_glance(struct state *st, const struct ledger *l);

/*
 * True when the list, which is that old, is to stay a while more: of a log that is followed, and of
 * which more goes by than can be read.  What stands still besides does not matter here.
 */
bool follow_waits(struct state *st, const struct ledger *l, uint64_t age_ns);

/* Packets that were logged since the log stands still, or waits. */
uint64_t follow_newer(const struct state *st, const struct ledger *l);

/* The row that was followed is not among those listed any more. */
void follow_lost(struct state *st);

/* What is followed in the view shown, in a word for the header; NULL: nothing is. */
const char *follow_chip(const struct state *st);

#endif
