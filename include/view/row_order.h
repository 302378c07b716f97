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

struct order_rate { /* of a row, smoothed */
	double x;
	unsigned n; /* lists that it is averaged over, up to a limit */
};

struct order {
	struct rowkey *key;      /* of the rows, in the order of the screen */
	uint32_t *place;         /* index of each row in the list */
	struct order_rate *rate; /* smoothed sort values */
	uint32_t n, room;
	uint32_t rows; /* rows of the list; more than n if some are folded away */
	bool tree;
};

void order_init(struct order *o);
void order_fini(struct order *o);

/* Allocates n rows; the old ones are lost. */
void order_reserve(struct order *o, uint32_t n);

/* Forgets the order: the next list's own order is used. */
void order_clear(struct order *o);

/* After the list was made: keeps the order of the rows, drops those that are gone, appends new
 * ones.  "(other)" stays last. */
void order_follow(struct order *o, const struct list *l);

/*
 * After the list was made, sorted by a column: if that is a rate, sorts by the rate smoothed over
 * some lists, unless it changed a lot.  A row stays below one that was above it until it is more
 * than a quarter above.  Else takes the list's order.
 */
void order_settle(struct order *o, const struct list *l, unsigned column, bool desc);

#endif
