/*
 * Which line of the screen shows what.  A low screen loses what it can do without.
 */
#ifndef VIEW_LAYOUT_H
#define VIEW_LAYOUT_H

struct layout {      /* line numbers; -1: not shown */
	int title;   /* program, sources, mode, times */
	int rates;   /* now */
	int totals;  /* since the start, loss, capture filter */
	int spark;   /* the uppermost line of the graph */
	int n_spark; /* its lines */
	int tabs;    /* views, what is hidden, display filter */
	int heads;   /* column titles */
	int table;   /* first row */
	int n_table; /* rows */
	int detail;  /* first line of a row's detail, below the table */
	int n_detail;
	int status; /* message, or how many rows there are; on a low screen over the last row */
	int keys;   /* keys that matter, or -1 */
	int prompt; /* what is typed goes over this line, whatever it shows else */
};

/* detail: lines that it would like to have; it leaves the table some rows, or takes its place where
 * there is no room for both. */
struct layout layout_make(int rows, int detail);

#endif
