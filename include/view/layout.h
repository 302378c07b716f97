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
	int status;  /* message, or how many rows there are */
	int keys;    /* keys that matter, or -1 */
	int prompt;  /* what is typed goes over this line, whatever it shows else */
};

struct layout layout_make(int rows);

#endif
