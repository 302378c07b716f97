/*
 * The commands that arrange the columns of the view shown: which, in which order, how wide.
 */
#ifndef VIEW_CHOOSE_H
#define VIEW_CHOOSE_H

#include "view/fit.h"
#include "view/state.h"

/* As the functions of struct command. */
unsigned choose_columns(struct state *st, int argc, char **argv);
unsigned choose_column(struct state *st, int argc, char **argv);

/* Looks at what the rows on the screen need of their columns. */
void choose_look(struct state *st);

/* The columns of the view shown as they stand on a screen of st->cols. */
void choose_fit(const struct state *st, struct fit *fit);

#endif
