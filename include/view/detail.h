/*
 * The detail of a row, in a strip below the table: all that its view knows of it, also while the
 * row is not among those listed, and what it was when it went.  And the way down from it and back.
 */
#ifndef VIEW_DETAIL_H
#define VIEW_DETAIL_H

#include <stdbool.h>
#include <stdint.h>

#include "view/filter.h"
#include "view/list.h"

#define DETAIL_SAMPLES 240 /* of the row's rate that are kept while it is looked at */
#define DETAIL_DEPTH   8   /* steps down that there is a way back from */
#define DETAIL_RELATED 32  /* flows that are shown with it at most */

struct state;

struct place { /* where one came from */
	unsigned view;
	char show[FILTER_MAX + 1];
	uint32_t top, at;
	struct rowkey selected;
	bool has_selected, at_top, open;
};

enum relating { RELATED_DUE, RELATED_COMING, RELATED_DONE }; /* with this making of the list */

struct detail {
	bool open;
	bool gone; /* it has left its table: the values are the last ones */
	unsigned view;
	struct list_row row;
	struct value cell[VIEW_COLUMNS]; /* its own copy of them */
	double rate[DETAIL_SAMPLES];     /* of each list since, oldest first */
	unsigned n_rates;
	int lines, lines_cols;         /* that it took since it is open, on a screen so wide */
	uint64_t rated_at;             /* ns: the ledger's time of the newest */
	struct list *related;          /* flows */
	struct filter *related_filter; /* that takes them; NULL: it has none */
	enum relating relating;
	bool has_related; /* the list is of this row */
	/* one came back: it opens again as soon as its row is listed */
	bool reopen;
	struct rowkey reopened;
	struct place back[DETAIL_DEPTH];
	unsigned n_back;
};

#define DETAIL_FIELDS (2 * VIEW_COLUMNS)

/* A field as it is written: "RATE  12.3M".  Numbers keep their width whatever they are. */
struct detail_field {
	const char *label;
	char text[VALUE_TEXT + 8];
	int width; /* of the text */
	bool left;
	int x, line; /* where its label begins; line 0 is the first of all fields */
};

void detail_fini(struct detail *d);

/* Closes it, and forgets the way back: somebody went elsewhere. */
void detail_leave(struct state *st);

/* Closes it alone. */
void detail_shut(struct state *st);

/* Opens it for the row under the cursor, or brings it there. */
void detail_aim(struct state *st);

/* The row that keys are about: that of the open detail, else the one under the cursor; or NULL. */
const struct list_row *detail_row(const struct state *st);

/* The list was made anew: takes the row's values from it, or else from the ledger. */
void detail_take(struct state *st);

/* Looks for the flows that belong to its row; a flow's own are none. */
void detail_relate(struct state *st);

/* Makes the list of what is related; like list_step(), once the rows are listed. */
bool detail_step(struct state *st, uint32_t n);

/* Extras of the ledger that the next step down will look at: enum ledger_extra. */
unsigned detail_extras(const struct state *st);

#define DETAIL_WITH_RELATED                                                                        \
	36 /* lines of the screen at which there is room for flows beside it                       \
	    */

/* Notes how many lines it needs: while it is open they become no fewer. */
void detail_measure(struct state *st);

/* The cursor may have moved away from the row with that key, if the view is still the same one:
 * then the detail follows.  Returns wishes. */
unsigned detail_follow(struct state *st, unsigned view, const struct rowkey *before);

/* Lines that it would like to have on the screen; 0: it is closed. */
int detail_lines(const struct state *st);

/* True when a line of it shows the row's rate in each list since it is open. */
bool detail_has_spark(const struct state *st);

/* All that is known of its row as it is written in lines of `cols` cells.  f has room for
 * DETAIL_FIELDS.  Returns how many. */
unsigned detail_fields(const struct state *st, int cols, struct detail_field *f);

/* The lines that they take. */
int detail_field_lines(const struct detail_field *f, unsigned n);

/* True while it is open in the view shown. */
bool detail_is_open(const struct state *st);

/* Goes back where the last step down came from.  Returns wishes. */
unsigned detail_go_back(struct state *st);

#endif
