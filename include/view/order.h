/*
 * The order of the rows on screen while it is held: rows that were there keep
 * their places, though their numbers go on; new ones come behind them.
 */
#ifndef VIEW_ORDER_H
#define VIEW_ORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "view/list.h"

struct order {
	struct rowkey *key; /* of the rows, in the order held */
	uint32_t *place;    /* where each stands in the list */
	uint32_t n, room;
};

void order_init(struct order *o);
void order_fini(struct order *o);

/* Holds nothing any more. */
void order_clear(struct order *o);

/* Holds the order of a list; its row "(other)" stays last. */
void order_hold(struct order *o, const struct list *l);

/* The list has been made anew: finds the rows again, forgets those that are gone. */
void order_follow(struct order *o, const struct list *l);

#endif
