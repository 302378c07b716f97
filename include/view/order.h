/*
 * The order of the rows on screen from one list to the next.  Held, rows keep
 * their places, though their numbers go on, and new ones come behind them.
 * Else rows whose rates differ by little more than chance keep theirs: who reads
 * them need not look for them anew every second, and a slow line need not carry it.
 */
#ifndef VIEW_ORDER_H
#define VIEW_ORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "view/list.h"

struct order_rate { /* of a row, smoothed */
	double x;
	unsigned n; /* lists that it is over, as far as that matters */
};

struct order {
	struct rowkey *key;      /* of the rows, in the order of the screen */
	uint32_t *place;         /* where each stands in the list */
	struct order_rate *rate; /* what it was last ordered by */
	uint32_t n, room;
	uint32_t rows; /* of the list that it is of; more than n where some are folded away */
	bool tree;
};

void order_init(struct order *o);
void order_fini(struct order *o);

/* Room for n rows; what was held is lost. */
void order_reserve(struct order *o, uint32_t n);

/* Forgets it: the list's own order will be taken next. */
void order_clear(struct order *o);

/* The list has been made anew: finds the rows again, forgets those that are gone.  The row
 * "(other)" stays last. */
void order_follow(struct order *o, const struct list *l);

/*
 * The list has been made anew, sorted by a column.  Where that is a rate, rows are ordered by it
 * smoothed over some lists, unless it has leapt, and one stays below another that stood
 * above it as long as it is not more than a quarter above that one.  Else it takes the list's
 * order.
 */
void order_settle(struct order *o, const struct list *l, unsigned column, bool desc);

#endif
