/*
 * How wide the columns of the table and the panel beside it are on the screen.
 */
#ifndef CONTROL_TABLE_LAYOUT_H
#define CONTROL_TABLE_LAYOUT_H

#include "view/column_layout.h"

struct state;

#define PANE_LEAST 140 /* screen width from which on the side panel is shown */

/* Cells of the side panel at the right of the screen; 0 if it is not shown. */
int pane_cells(const struct state *st);

/* Measures the texts of the rows on the screen. */
void choose_look(struct state *st);

/* Lays out the columns of the view shown on a screen of st->cols. */
void choose_fit(const struct state *st, struct fit *fit);

#endif
