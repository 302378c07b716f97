/*
 * The widths of the table's columns and of the side panel on the screen.
 */
#ifndef CONTROL_TABLE_LAYOUT_H
#define CONTROL_TABLE_LAYOUT_H

#include "view/column_layout.h"

struct state;

#define PANEL_MIN_COLS 140 /* screen width from which on the side panel is shown */

/* Cells of the side panel at the right of the screen; 0 if it is not shown. */
int panel_width(const struct state *st);

/* Measures the texts of the rows on the screen. */
void table_layout_measure(struct state *st);

/* Lays out the columns of the view shown on a screen of st->cols. */
void table_layout_columns(const struct state *st, struct column_layout *fit);

#endif
