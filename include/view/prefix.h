/*
 * The command that says how long the prefixes of networks are.
 */
#ifndef VIEW_PREFIX_H
#define VIEW_PREFIX_H

#include "view/state.h"

/* As the functions of struct command. */
unsigned prefix_choose(struct state *st, int argc, char **argv);

#endif
