/*
 * The detail of a row, in a strip below the table: all that its view knows of it, also while the
 * row is not among those listed, and what it was when it went.  And the way down from it and back.
 */
#ifndef CONTROL_DETAIL_H
#define CONTROL_DETAIL_H

#include <stdbool.h>
#include <stdint.h>

#include "view/filter.h"
#include "view/row_list.h"

#define DETAIL_SAMPLES 240 /* rates of the row that are kept while it is open */
#define DETAIL_DEPTH   8   /* steps down that can be undone */
#define DETAIL_RELATED 32  /* most flows that are shown with it */

struct state;

struct place { /* a place to go back to */
	unsigned view;
	char show[FILTER_MAX + 1];
	uint32_t top, at;
	struct rowkey selected;
	bool has_selected, at_top, open;
};

enum relating { RELATED_DUE, RELATED_COMING, RELATED_DONE }; /* since the list was last made */

struct detail {
	bool open;
	bool gone; /* the row was evicted: these are its last values */
	unsigned view;
	struct list_row row;
	struct value cell[VIEW_COLUMNS]; /* its own copy of them */
	double rate[DETAIL_SAMPLES];     /* of each list since, oldest first */
	unsigned n_rates;
	int lines, lines_cols;         /* most lines it needed so far, at that width */
	uint64_t rated_at;             /* ns: the ledger's time of the newest */
	struct list *related;          /* flows */
	struct filter *related_filter; /* that matches them; NULL: there are none */
	enum relating relating;
	bool has_related; /* the list is of this row */
	/* after going back: opens as soon as its row is listed */
	bool reopen;
	struct rowkey reopened;
	struct place back[DETAIL_DEPTH];
	unsigned n_back;
};

#define DETAIL_FIELDS (2 * VIEW_COLUMNS)

/* A field as it is shown: "RATE 12.3M".  Numbers have a fixed width. */
struct detail_field {
	const char *label;
	char text[VALUE_TEXT + 8];
	int width; /* of the text */
	bool left;
	int x, line; /* where its label begins; line 0 is the first of all fields */
};

void detail_fini(struct detail *d);

/* Closes it and forgets the places to go back to. */
void detail_leave(struct state *st);

/* Closes it. */
void detail_shut(struct state *st);

/* Opens it for the row under the cursor. */
void detail_aim(struct state *st);

/* The row that commands act on: that of the open detail, else the one under the cursor; or NULL. */
const struct list_row *detail_row(const struct state *st);

/* After the list was made: updates the row's values from it, else from the ledger. */
void detail_take(struct state *st);

/* Prepares the filter for the flows that belong to its row; a flow has none. */
void detail_relate(struct state *st);

/* Makes the list of those flows in steps, as list_step() does. */
bool detail_step(struct state *st, uint32_t n);

/* Extras of the ledger that the next step down needs: enum ledger_extra. */
unsigned detail_extras(const struct state *st);

#define DETAIL_WITH_RELATED 36 /* least screen lines for flows below it */

/* Notes how many lines it needs, which do not shrink while it is open. */
void detail_measure(struct state *st);

/* If the cursor has left the row with that key, and the view is still the same, the detail
 * follows.  Returns wishes. */
unsigned detail_follow(struct state *st, unsigned view, const struct rowkey *before);

/* Lines that it wants on the screen; 0 if it is closed. */
int detail_lines(const struct state *st);

/* True if it has a sparkline of the row's rate. */
bool detail_has_spark(const struct state *st);

/* Lays out all known values of its row in lines of `cols` cells. f has room for DETAIL_FIELDS.
 * Returns how many. */
unsigned detail_fields(const struct state *st, int cols, struct detail_field *f);

/* The lines that they take. */
int detail_field_lines(const struct detail_field *f, unsigned n);

/* True while it is open in the view shown. */
bool detail_is_open(const struct state *st);

/* Undoes the last step down.  Returns wishes. */
unsigned detail_go_back(struct state *st);

#endif
