/*
 * The order of the rows on screen from one list to the next.  If it is held, rows keep their places
 * while their numbers change, and new ones are appended.  Else rows whose rates differ by little
 * more than chance keep their places, which is easier to read, and cheaper on a slow line.
 */
#ifndef VIEW_ROW_ORDER_H
#define VIEW_ROW_ORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "view/row_list.h"

struct row_rate { /* of a row, smoothed */
	double x;
	unsigned n_lists; /* lists that it is averaged over, up to a limit */
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
 * some lists, unless it changed a lot.  A row stays below one that was above it until it is more
 * than a quarter above.  Else takes the list's order.
 */
void row_order_smooth(struct row_order *o, const struct row_list *l, unsigned column, bool desc);

#endif
