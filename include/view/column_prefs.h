/*
 * The user's settings of a view's columns: their order, which are always or never shown, and how
 * wide they are.
 *
 *	arrange_default(a);
 *	arrange_move(a, v, column, 1);
 *	fit_columns(&fit, v, a, sorted, x, width);
 */
#ifndef VIEW_COLUMN_PREFS_H
#define VIEW_COLUMN_PREFS_H

#include <stdbool.h>
#include <stdint.h>

#include "util/buf.h"
#include "view/view.h"

#define ARRANGE_WIDER 99 /* most cells that a column can be widened or narrowed by */

enum arranged {
	ARRANGED_BY_ROOM, /* automatic: by room and the column's drop */
	ARRANGED_SHOWN,   /* shown before automatic ones */
	ARRANGED_HIDDEN,
};

struct arrange {
	uint8_t order[VIEW_COLUMNS]; /* columns from left to right */
	uint8_t shown[VIEW_COLUMNS]; /* enum arranged, by column */
	int8_t wider[VIEW_COLUMNS];  /* cells, by column */
};

void arrange_default(struct arrange *a);

/* The position of a column in the order. */
unsigned arrange_place(const struct arrange *a, const struct view *v, unsigned column);

/* Moves a column by that many visible columns to the right, as far as possible. */
void arrange_move(struct arrange *a, const struct view *v, unsigned column, int by);

/* Moves n columns to the front, in that order. */
void arrange_first(struct arrange *a, const struct view *v, const uint8_t *columns, unsigned n);

/* The next visible column to the right, or to the left for a negative step; wraps around. */
unsigned arrange_beside(const struct arrange *a, const struct view *v, unsigned column, int step);

/* The number of visible columns. */
unsigned arrange_visible(const struct arrange *a, const struct view *v);

/* The least and greatest width of a column. */
int arrange_min(const struct arrange *a, const struct view *v, unsigned column);
int arrange_max(const struct arrange *a, const struct view *v, unsigned column);

/* Adds the commands that restore the settings from the default, a line each. */
void arrange_text(const struct arrange *a, const struct view *v, struct buf *b);

#endif
