/*
 * Commands that begin anew: what is shown counts from now on, or all is forgotten.
 */
#ifndef VIEW_ANEW_H
#define VIEW_ANEW_H

#include "view/state.h"

/* "zero [on|off]". */
unsigned anew_zero(struct state *st, int argc, char **argv);

/* "restart [now]". */
unsigned anew_restart(struct state *st, int argc, char **argv);

#endif
