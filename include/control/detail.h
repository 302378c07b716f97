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

struct breadcrumb { /* a place to go back to */
	unsigned view;
	uint8_t group;
	char filter_text[FILTER_MAX + 1];
	uint32_t top, cursor;
	struct row_key selected_key;
	bool has_selected, stays_on_top, open;
};

enum related_phase {
	RELATED_DUE,
	RELATED_RUNNING,
	RELATED_DONE
}; /* since the list was last made */

struct detail {
	bool open;
	bool gone; /* the row was evicted: these are its last values */
	unsigned view;
	struct table_row row;
	struct value cell[VIEW_COLUMNS]; /* its own copy of them */
	double rate[DETAIL_SAMPLES];     /* of each list since, oldest first */
	unsigned n_rates;
	int max_lines, max_lines_cols; /* most lines it needed so far, at that width */
	uint64_t rated_at;             /* ns: the ledger's time of the newest */
	struct row_list *related;      /* flows */
	struct filter *related_filter; /* that matches them; NULL: there are none */
	const char *related_sort; /* their column; NULL: as in their view */
	enum related_phase related_phase;
	bool has_related; /* the list is of this row */
	/* after going back: opens as soon as its row is listed */
	bool reopen;
	struct row_key reopen_key;
	struct breadcrumb breadcrumbs[DETAIL_DEPTH];
	unsigned n_breadcrumbs;
	/* the column that a view on the way is sorted by, until the user sorts; NULL: none */
	const char *sort;
	unsigned sort_view;
};

#define DETAIL_FIELDS VIEW_COLUMNS
#define DETAIL_TEXT   (VALUE_TEXT + 32)

/* A field as it is shown: "RATE 12.3M".  Numbers have a fixed width. */
struct detail_field {
	const char *label;
	char text[DETAIL_TEXT];
	int width; /* of the text */
	bool left;
	int x, line; /* where its label begins; line 0 is the first of all fields */
};

void detail_fini(struct detail *d);

/* Closes it and forgets the places to go back to. */
void detail_reset(struct state *st);

/* Closes it. */
void detail_close(struct state *st);

/* Opens it for the row under the cursor. */
void drilldown_open_row(struct state *st);

/* The row that commands act on: that of the open detail, else the one under the cursor; or NULL. */
const struct table_row *drilldown_row(const struct state *st);

/* After the list was made: updates the row's values from it, else from the ledger. */
void drilldown_refresh(struct state *st);

/* Prepares the filter for the flows that belong to its row; a flow has none. */
void detail_find_related(struct state *st);

/* Makes the list of those flows in steps, as row_list_step() does. */
bool detail_related_step(struct state *st, uint32_t n);

/* Extras of the ledger that the next step down needs: enum ledger_extra. */
unsigned drilldown_extras(const struct state *st);

/* The column that those flows are sorted by. */
const char *detail_related_sort(const struct state *st);

#define DETAIL_WITH_RELATED 36 /* least screen lines for flows below it */

/* Notes how many lines it needs, which do not shrink while it is open. */
void detail_measure(struct state *st);

/* If the cursor has left the row with that key, and the view is still the same, the detail
 * follows.  Returns requests. */
unsigned drilldown_follow_cursor(struct state *st, unsigned view, const struct row_key *before);

/* Lines that it needs on the screen; 0 if it is closed. */
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

/* Undoes the last step down.  Returns requests. */
unsigned drilldown_go_back(struct state *st);

#endif
