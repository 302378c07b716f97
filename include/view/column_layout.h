/*
 * Which columns of a view fit side by side, and how wide each may be.
 */
#ifndef VIEW_COLUMN_LAYOUT_H
#define VIEW_COLUMN_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "view/column_prefs.h"
#include "view/view.h"

#define FIT_MARGIN 2 /* cells in front of the first column of a table: the cursor's mark */

struct fit_column {
	unsigned column; /* number in the view */
	int x, width;
};

struct fit {
	struct fit_column col[VIEW_COLUMNS];
	unsigned n;
};

/*
 * The widths that the texts of the rows on the screen need, so that none is cut while another
 * column has unused room.  Widths grow at once; they shrink if other rows are shown, or if they
 * have not been needed for FIT_HOLD_NS.
 */
#define FIT_HOLD_NS UINT64_C(30000000000)

#define FIT_ROWS 128 /* most rows that are compared */

struct fit_needs {
	uint8_t now[VIEW_COLUMNS];    /* cells, by column; 0: no text */
	uint8_t recent[VIEW_COLUMNS]; /* the most since `since` */
	uint64_t since;               /* ns, of the time that came with the data */
	unsigned view, sorted;        /* what it is about */
	uint64_t row[FIT_ROWS];       /* hashes of the rows' addresses and ports */
	unsigned n_rows;
	bool alike, alike_recent; /* two rows differ in a rare column only, likewise */
	bool known;
};

/* Starts over if the view or the sorted column changed, or after FIT_HOLD_NS. */
void fit_needs_begin(struct fit_needs *n, unsigned view, unsigned sorted, uint64_t now_ns);

/* Adds a row on the screen by a hash of its addresses and ports: rows with equal hashes need a
 * rare column to be told apart. */
void fit_needs_row(struct fit_needs *n, uint64_t hash);

/* Adds a text of that many cells in a column. */
void fit_needs_add(struct fit_needs *n, unsigned column, size_t cells);

/*
 * Lays out the columns of v, in the order of a, from x on in `width` cells.  Columns are dropped by
 * their `drop`, those that a shows last, the sorted one never, even if a hides it.  Columns grow up
 * to their max if there is room.  One cell behind each column stays free; the sorted one has room
 * for its title and the mark.
 */
void fit_columns(struct fit *fit, const struct view *v, const struct arrange *a, unsigned sorted,
    int x, int width);

/*
 * Gives unused cells of text columns to those that are cut, and to a text column that was dropped.
 * Numbers keep their widths.
 */
void fit_names(
    struct fit *fit, const struct view *v, const struct arrange *a, const struct fit_needs *needs);

/* True if that column is shown. */
bool fit_has(const struct fit *fit, unsigned column);

#endif
