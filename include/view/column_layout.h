/*
 * Columns on the screen: what the user chose, and where there is room.
 */
#ifndef VIEW_COLUMN_LAYOUT_H
#define VIEW_COLUMN_LAYOUT_H

#include <assert.h>
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
 *	column_layout_make(&fit, &space);
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

/*
 * Sets a column's visibility (enum column_visibility).  False, and nothing is changed, if that
 * would hide the last visible column.
 */
bool column_prefs_set_visibility(
    struct column_prefs *a, const struct view *v, unsigned column, unsigned to);

/* The least and greatest width of a column. */
int column_prefs_min_width(const struct column_prefs *a, const struct view *v, unsigned column);
int column_prefs_max_width(const struct column_prefs *a, const struct view *v, unsigned column);

/* Adds the commands that restore the settings from the default, a line each. */
void column_prefs_commands(const struct column_prefs *a, const struct view *v, struct buf *b);

/*
 * What the rows on the screen need of each column.  Needs grow at once; they shrink if other rows
 * are shown, or if nothing has needed them for COLUMN_NEEDS_HOLD_NS.
 */

#define COLUMN_NEEDS_HOLD_NS UINT64_C(30000000000)
#define COLUMN_NEEDS_ROWS    256 /* most rows that are measured */
#define COLUMN_NEEDS_KEYS    1024

struct table_row;

struct column_demand {
	uint8_t cells[VIEW_COLUMNS]; /* of the widest text; 1 for a number, 0: all are empty */
	uint64_t required;           /* bit by column: without it two rows would look alike */
	uint64_t uncut;              /* bit by column: if it was cut they would */
	bool has_rows;
};

/* Columns that identify rows are among the first of their view: those have a bit. */
#define COLUMN_BITS 64

struct column_needs {
	const struct view *v; /* NULL: nothing is known */
	unsigned sorted;
	struct column_demand held,
	    recent;     /* the greatest since other rows were shown; since `since` */
	uint64_t since; /* ns, of the time that came with the data */
	uint64_t numeric[COLUMN_NEEDS_KEYS / 64]; /* bit by row_key: with names instead of its
						      addresses it would look like another row */
};

/* Starts over if the view or the sorted column changed, or after COLUMN_NEEDS_HOLD_NS. */
void column_needs_begin(
    struct column_needs *n, const struct view *v, unsigned sorted, uint64_t now_ns);

/* Adds a text of that many cells in a column. */
void column_needs_add_text(struct column_needs *n, unsigned column, size_t cells);

/* A column without which, or with a cut text in which, two rows would look alike. */
void column_needs_add_required(struct column_needs *n, unsigned column);
void column_needs_add_uncut(struct column_needs *n, unsigned column);

/*
 * Which columns of a view fit side by side, and how wide each is.
 */

#define TABLE_MARGIN     2  /* cells in front of the first column of a table: the cursor's mark */
#define COLUMN_BAR_CELLS 13 /* of a share with a bar, at least */

struct column_slot {
	unsigned column; /* number in the view */
	int x, width;
};

struct column_layout {
	struct column_slot col[VIEW_COLUMNS];
	unsigned n;
};

/* Narrower tables have no busy columns, which are expensive on a slow line. */
#define COLUMN_BUSY_WIDTH 170

/* The columns to lay out, and the cells for them. */
struct column_space {
	const struct view *v;
	const struct column_prefs *prefs;
	const struct column_needs *needs; /* NULL, or of another view: not known */
	unsigned sorted;
	int x, width;
};

/*
 * Lays out the columns, in the order of the preferences.
 *
 * Columns are chosen by importance: those that identify the row, or without which two rows would
 * look alike; the sorted one, even if it is hidden; those that the user shows; then by their
 * `drop`. A column that is empty in all rows is left out.  Important ones are shown even if texts
 * must be cut for them.  Then texts that are cut get the room that is left; then come minor
 * columns, and last share bars grow.  There is a gap of one cell between columns.
 */
void column_layout_make(struct column_layout *fit, const struct column_space *s);

/* True if that column is shown. */
bool column_layout_has(const struct column_layout *fit, unsigned column);

/*
 * Measures the rows on the screen, after column_needs_begin() for s->v.  If two of them look alike
 * in the columns that identify a row, it requires more columns, or that texts are not cut.
 */
void column_needs_measure(struct column_needs *n, const struct column_space *s,
    const struct units *u, const struct table_row *const *row, unsigned n_rows);

/* The cell that a column shows of a row: instead of an address its name, if there is one, unless
 * the row would look like another one with names. */
const struct value *column_shown_cell(const struct column_needs *n, const struct view *v,
    const struct table_row *row, unsigned column);

/* The text of a cell, at most `width` cells: a long text is cut in the middle, a service name that
 * does not fit is replaced by its port, a number that does not fit by an ellipsis. */
void column_cell_text(
    struct buf *b, const struct column *c, const struct value *v, const struct units *u, int width);

#endif
