/*
 * The user's settings of a view's columns: their order, which are always or never shown, and how
 * wide they are.
 *
 *	column_prefs_default(a);
 *	column_prefs_move(a, v, column, 1);
 *	column_layout_make(&fit, v, a, sorted, x, width);
 */
#ifndef VIEW_COLUMN_PREFS_H
#define VIEW_COLUMN_PREFS_H

#include <stdbool.h>
#include <stdint.h>

#include "util/buf.h"
#include "view/view.h"

#define COLUMN_MAX_EXTRA 99 /* most cells that a column can be widened or narrowed by */

enum column_visibility {
	COLUMN_AUTO,  /* automatic: by room and the column's drop */
	COLUMN_SHOWN, /* shown before automatic ones */
	COLUMN_HIDDEN,
};

struct column_prefs {
	uint8_t order[VIEW_COLUMNS];      /* columns from left to right */
	uint8_t visibility[VIEW_COLUMNS]; /* enum column_visibility, by column */
	int8_t extra_width[VIEW_COLUMNS]; /* cells, by column */
};

void column_prefs_default(struct column_prefs *a);

/* The position of a column in the order. */
unsigned column_prefs_position(const struct column_prefs *a, const struct view *v, unsigned column);

/* Moves a column by that many visible columns to the right, as far as possible. */
void column_prefs_move(struct column_prefs *a, const struct view *v, unsigned column, int by);

/* Moves n columns to the front, in that order. */
void column_prefs_move_first(
    struct column_prefs *a, const struct view *v, const uint8_t *columns, unsigned n);

/* The next visible column to the right, or to the left for a negative step; wraps around. */
unsigned column_prefs_next(
    const struct column_prefs *a, const struct view *v, unsigned column, int step);

/* The number of visible columns. */
unsigned column_prefs_n_visible(const struct column_prefs *a, const struct view *v);

/* The least and greatest width of a column. */
int column_prefs_min_width(const struct column_prefs *a, const struct view *v, unsigned column);
int column_prefs_max_width(const struct column_prefs *a, const struct view *v, unsigned column);

/* Adds the commands that restore the settings from the default, a line each. */
void column_prefs_commands(const struct column_prefs *a, const struct view *v, struct buf *b);

#endif
