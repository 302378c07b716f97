/*
 * Lists of rows and their order.
 */
#ifndef VIEW_ROW_LIST_H
#define VIEW_ROW_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include "view/filter.h"
#include "view/view.h"

/*
 * The rows of a view, ranked by one column: unknown values last, equal ones by key.  The best ones
 * are kept.  Ranking is done in slices, so that a large table does not delay packets:
 *
 *	row_rank_begin(&rank, view, column, descending, filter, &scope, keep);
 *	while (row_rank_step(&rank, 4096))
 *		;
 *	rank.row[0 ... rank.n - 1]
 *	row_rank_fini(&rank);
 *
 * The view, the filter and the ledger are borrowed.
 */

struct row_rank;

struct row_candidate {
	struct value sort_key; /* by which it is ranked */
	struct row_key key;
	const struct row_rank *rank;
	const void *row; /* valid as long as the ledger does not change */
	uint32_t slot;   /* in the table */
};

enum row_rank_phase { ROW_RANK_TOTAL, ROW_RANK_ROWS, ROW_RANK_SORT, ROW_RANK_DONE };

#define ROW_RANK_OWN 64 /* rows that are kept apart; more are ranked like others */

struct row_rank {
	const struct view *view;
	const struct filter *filter;
	struct scope scope; /* with the total that shares are based on */
	unsigned column;
	bool desc;
	uint32_t keep; /* 0: all */
	enum row_rank_phase phase;
	uint32_t position; /* progress of the phase */
	struct row_candidate *row;
	uint32_t n, max;
	uint32_t n_heap;            /* rows [0, n_heap) are a heap, the worst first */
	uint64_t n_matched;         /* rows that match the scope and the filter, kept or not */
	uint32_t own[ROW_RANK_OWN]; /* slots of rows that the scope keeps apart */
	unsigned n_own;
};

/* The rank is zeros at first; its memory is reused. */
void row_rank_begin(struct row_rank *r, const struct view *v, unsigned column, bool desc,
    const struct filter *f, const struct scope *s, uint32_t keep);
void row_rank_fini(struct row_rank *r);

/* Examines n more rows.  True while there is more to do. */
bool row_rank_step(struct row_rank *r, uint32_t n);

/* Compares two values of the column: <0 if x is above y. */
int row_rank_compare(const struct row_rank *r, const struct value *x, const struct value *y);

/*
 * The rows that are shown: the best of a view by one column, copied as values, so that the screen
 * can be frozen while the ledger changes.
 *
 *	row_list_begin(list, view, column, descending, filter, scope, keep);
 *	while (row_list_step(list, 4096))
 *		;
 */

struct table_row {
	struct row_key key;
	uint32_t slot;            /* its slot in the table */
	bool other;               /* the row "(other)" */
	bool own;                 /* of this machine itself */
	const struct value *cell; /* by number of the view's column */
};

struct row_list;

struct row_list *row_list_new(void);
void row_list_del(struct row_list *l);

/*
 * keep: how many of the best rows are kept; 0: all (about 2 kB each).  The old rows stay readable
 * until the last step. v, f and the ledger are borrowed until then.
 */
void row_list_begin(struct row_list *l, const struct view *v, unsigned column, bool desc,
    const struct filter *f, const struct scope *s, uint32_t keep);

/* Examines n more rows of the table.  True while there are more. */
bool row_list_step(struct row_list *l, uint32_t n);

/*
 * Fills the list with at most `room` rows from elsewhere; a list that is being made is dropped.
 * Key, cells, `other` and `own` of each row are copied.  They are sorted by a column unless it is
 * -1, "(other)" last.  A row of this machine can be added to row_list_own() instead.
 */
void row_list_load_begin(struct row_list *l, const struct view *v, uint32_t room);
void row_list_load_row(struct row_list *l, const struct table_row *row);
void row_list_load_own(struct row_list *l, const struct table_row *row);
void row_list_load_end(struct row_list *l, int column, bool desc);

/* The kept rows, best first: unknown values last, equal ones by key, "(other)" at the very end
 * if there is one and no filter. */
uint32_t row_list_count(const struct row_list *l);
const struct table_row *row_list_get(const struct row_list *l, uint32_t i);

/* The view that its rows are of. */
const struct view *row_list_view(const struct row_list *l);

/* Replaces the rate in a cell. */
void row_list_set_rate(struct row_list *l, uint32_t i, unsigned column, double x);

/*
 * The sum of this machine's own rows, if the scope keeps them apart and there are any, else NULL.
 * It is none of the rows above.  A sum of peaks is marked as approximate.
 */
const struct table_row *row_list_own(const struct row_list *l);

/* Rows of the table that match the scope and the filter, kept or not. */
uint64_t row_list_n_matched(const struct row_list *l);

/* The place of the row with that key, or -1. */
int64_t row_list_find(const struct row_list *l, const struct row_key *k);

/*
 * The order of the rows on screen from one list to the next.  If it is held, rows keep their places
 * while their numbers change, and new ones are appended.  Else rows whose rates differ by little
 * more than chance keep their places, which is easier to read, and cheaper on a slow line.
 */

#define ROW_RATES 5 /* columns of rates of the last interval */

struct row_rate { /* of a row, smoothed */
	double x;
	double
	    of_column[ROW_RATES]; /* smoothed likewise, so that received and sent add up to all */
	unsigned n_lists;         /* lists that they are averaged over, up to a limit */
	int n_changes; /* the last lists in which it was much higher (>0) or lower (<0) */
};

struct row_order {
	struct row_key *key;   /* of the rows, in the order of the screen */
	uint32_t *list_index;  /* index of each row in the list */
	struct row_rate *rate; /* smoothed sort values */
	uint32_t n, max_rows;
	uint32_t n_listed; /* rows of the list; more than n if some are folded away */
	bool is_tree;
};

void row_order_init(struct row_order *o);
void row_order_fini(struct row_order *o);

/* Allocates n rows; the old ones are lost. */
void row_order_reserve(struct row_order *o, uint32_t n);

/* Forgets the order: the next list's own order is used. */
void row_order_clear(struct row_order *o);

/* After the list was made: keeps the order of the rows, drops those that are gone, appends new
 * ones.  "(other)" stays last. */
void row_order_hold(struct row_order *o, const struct row_list *l);

/*
 * After the list was made, sorted by a column: if that is a rate, sorts by the rate smoothed over
 * some lists, until a large change lasts, and puts it into the list, with the other rates of the
 * last interval smoothed alike.  A row stays below one that was above it until it is more than a
 * tenth above.  Else takes the list's order.
 */
void row_order_smooth(struct row_order *o, struct row_list *l, unsigned column, bool desc);

#endif
