/*
 * Where things are on the screen: lines, columns, side panel.
 */
#ifndef CONTROL_LAYOUT_H
#define CONTROL_LAYOUT_H

#include "view/column_layout.h"

struct state;

/*
 * The lines of the screen.  A low screen leaves out the less important ones.
 */

struct layout {          /* line numbers; -1: not shown */
	int title;       /* program, sources, mode, times */
	int rates;       /* now */
	int totals;      /* since the start, loss, capture filter */
	int sparkline;   /* the uppermost line of the graph */
	int n_sparkline; /* its lines */
	int tabs;        /* views, what is hidden, display filter */
	int heads;       /* column titles */
	int table;       /* first row */
	int n_table;     /* rows */
	int own;         /* the row of this machine, below them, or -1 */
	int detail;      /* first line of a row's detail, below the table */
	int n_detail;
	int status; /* message, or number of rows; on a low screen over the last row */
	int keys;   /* keys that matter, or -1 */
	int prompt; /* the prompt covers this line */
};

/* detail: the lines that it needs. The table keeps some rows; if there is no room for both, the
 * detail replaces it. */
struct layout layout_make(int rows, int detail);

/* That of the state's screen. */
struct layout state_layout(const struct state *st);

/*
 * The widths of the table's columns and of the side panel on the screen.
 */

#define PANEL_MIN_COLS 140 /* screen width from which on the side panel is shown */

/* Cells of the side panel at the right of the screen; 0 if it is not shown. */
int panel_width(const struct state *st);

/* Measures the texts of the rows on the screen. */
void table_layout_measure(struct state *st);

/* Lays out the columns of the view shown on a screen of st->cols. */
void table_layout_columns(const struct state *st, struct column_layout *fit);

#endif
