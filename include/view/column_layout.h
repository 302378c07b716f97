/*
 * Which columns of a view fit side by side, and how wide each may be.
 */
#ifndef VIEW_COLUMN_LAYOUT_H
#define VIEW_COLUMN_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "view/column_prefs.h"
#include "view/view.h"

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
