/*
 * The columns of a view as their user has arranged them: in which order, which of them come
 * whether there is much room or not, which never, and how wide.
 *
 *	arrange_default(a);
 *	arrange_move(a, v, column, 1);
 *	fit_columns(&fit, v, a, sorted, x, width);
 */
#ifndef VIEW_ARRANGE_H
#define VIEW_ARRANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "util/buf.h"
#include "view/view.h"

#define ARRANGE_WIDER 99 /* cells that a column gets more than by itself, or fewer, at most */

enum arranged {
	ARRANGED_BY_ROOM, /* as the room and the column's drop have it */
	ARRANGED_SHOWN,   /* before all of those */
	ARRANGED_HIDDEN,
};

struct arrange {
	uint8_t order[VIEW_COLUMNS]; /* columns from left to right */
	uint8_t shown[VIEW_COLUMNS]; /* enum arranged, by column */
	int8_t wider[VIEW_COLUMNS];  /* cells, by column */
};

void arrange_default(struct arrange *a);

/* The place of a column in the order. */
unsigned arrange_place(const struct arrange *a, const struct view *v, unsigned column);

/* Puts it that many places to the right, of columns that are not hidden; as far as there are any.
 */
void arrange_move(struct arrange *a, const struct view *v, unsigned column, int by);

/* Puts columns, n of them, in front of all others in that order. */
void arrange_first(struct arrange *a, const struct view *v, const uint8_t *columns, unsigned n);

/* The next column that is not hidden to the right or, with a negative step, to the left; the other
 * end's where there is none. */
unsigned arrange_beside(const struct arrange *a, const struct view *v, unsigned column, int step);

/* Columns that are not hidden. */
unsigned arrange_visible(const struct arrange *a, const struct view *v);

/* The cells that a column may take. */
int arrange_min(const struct arrange *a, const struct view *v, unsigned column);
int arrange_max(const struct arrange *a, const struct view *v, unsigned column);

/* The commands that make it out of the default, a line each; nothing for the default. */
void arrange_text(const struct arrange *a, const struct view *v, struct buf *b);

#endif
