/*
 * Columns on the screen: what the user chose, and where there is room.
 */
#ifndef VIEW_COLUMN_LAYOUT_H
#define VIEW_COLUMN_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "util/buf.h"
#include "view/view.h"

/*
 * The user's settings of a view's columns: their order, which are always or never shown, and how
 * wide they are.
 *
 *	column_prefs_default(a);
 *	column_prefs_move(a, v, column, 1);
 *	column_layout_make(&fit, v, a, sorted, x, width);
 */

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

/*
 * Which columns of a view fit side by side, and how wide each may be.
 */

#define TABLE_MARGIN 2 /* cells in front of the first column of a table: the cursor's mark */

struct column_slot {
	unsigned column; /* number in the view */
	int x, width;
};

struct column_layout {
	struct column_slot col[VIEW_COLUMNS];
	unsigned n;
};

/*
 * The widths that the texts of the rows on the screen need, so that none is cut while another
 * column has unused room.  Widths grow at once; they shrink if other rows are shown, or if they
 * have not been needed for COLUMN_NEEDS_HOLD_NS.
 */
#define COLUMN_NEEDS_HOLD_NS UINT64_C(30000000000)

#define COLUMN_NEEDS_ROWS 128 /* most rows that are compared */

struct column_needs {
	uint8_t cells[VIEW_COLUMNS];          /* cells, by column; 0: no text */
	uint8_t recent_cells[VIEW_COLUMNS];   /* the most since `since` */
	uint64_t since;                       /* ns, of the time that came with the data */
	unsigned view, sorted;                /* what it is about */
	uint64_t row_hash[COLUMN_NEEDS_ROWS]; /* hashes of the rows' addresses and ports */
	unsigned n_rows;
	bool ambiguous, recent_ambiguous; /* two rows differ in a rare column only, likewise */
	bool known;
};

/* Starts over if the view or the sorted column changed, or after COLUMN_NEEDS_HOLD_NS. */
void column_needs_begin(struct column_needs *n, unsigned view, unsigned sorted, uint64_t now_ns);

/* Adds a row on the screen by a hash of its addresses and ports: rows with equal hashes need a
 * rare column to be distinguished. */
void column_needs_add_row(struct column_needs *n, uint64_t hash);

/* Adds a text of that many cells in a column. */
void column_needs_add_text(struct column_needs *n, unsigned column, size_t cells);

/*
 * Lays out the columns of v, in the order of a, from x on in `width` cells.  Columns are dropped by
 * their `drop`, those that a shows last, the sorted one never, even if a hides it.  Columns grow up
 * to their max if there is room.  One cell behind each column stays free; the sorted one has room
 * for its title and the mark.
 */
void column_layout_make(struct column_layout *fit, const struct view *v,
    const struct column_prefs *a, unsigned sorted, int x, int width);

/*
 * Gives unused cells of text columns to those that are cut, and to a text column that was dropped.
 * Numbers keep their widths.
 */
void column_layout_fit_texts(struct column_layout *fit, const struct view *v,
    const struct column_prefs *a, const struct column_needs *needs);

/* True if that column is shown. */
bool column_layout_has(const struct column_layout *fit, unsigned column);

#endif
