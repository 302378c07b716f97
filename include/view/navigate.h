/*
 * The commands that move: between views, and within a table.
 */
#ifndef VIEW_NAVIGATE_H
#define VIEW_NAVIGATE_H

#include "view/state.h"

/* As the functions of struct command. */
unsigned navigate_view(struct state *st, int argc, char **argv);
unsigned navigate_select(struct state *st, int argc, char **argv);

#endif
