/*
 * The lines of the screen.  A low screen leaves out the less important ones.
 */
#ifndef CONTROL_LAYOUT_H
#define CONTROL_LAYOUT_H

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
	int detail;      /* first line of a row's detail, below the table */
	int n_detail;
	int status; /* message, or number of rows; on a low screen over the last row */
	int keys;   /* keys that matter, or -1 */
	int prompt; /* the prompt covers this line */
};

/* detail: the lines that it needs. The table keeps some rows; if there is no room for both, the
 * detail replaces it. */
struct layout layout_make(int rows, int detail);

#endif
