/*
 * How wide the columns of the table and the panel beside it are on the screen.
 */
#ifndef VIEW_TABLE_LAYOUT_H
#define VIEW_TABLE_LAYOUT_H

#include "view/fit.h"

struct state;

#define PANE_LEAST 140 /* columns of the screen from which on the side panel is there */

/* Cells that the side panel takes at the right of the screen, 0: it is not there. */
int pane_cells(const struct state *st);

/* Looks at what the rows on the screen need of their columns. */
void choose_look(struct state *st);

/* The columns of the view shown as they stand on a screen of st->cols. */
void choose_fit(const struct state *st, struct fit *fit);

#endif
