/*
 * Which columns of a view fit side by side, and how wide each may be.
 */
#ifndef VIEW_FIT_H
#define VIEW_FIT_H

#include <stdbool.h>
#include <stdint.h>

#include "view/arrange.h"
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
 * What the texts of the rows on the screen need, so that none is cut while another column has room
 * that it does not use.  Widths grow at once; they shrink when other rows are looked at, or
 * have not been needed for FIT_HOLD_NS, so that nothing jumps to and fro.
 */
#define FIT_HOLD_NS UINT64_C(30000000000)

#define FIT_ROWS 128 /* rows that are compared at most */

struct fit_needs {
	uint8_t now[VIEW_COLUMNS];    /* cells, by column; 0: no text */
	uint8_t recent[VIEW_COLUMNS]; /* the most since `since` */
	uint64_t since;               /* ns, of the time that came with the data */
	unsigned view, sorted;        /* what it is about */
	uint64_t row[FIT_ROWS];       /* hashes of what tells the rows apart */
	unsigned n_rows;
	bool alike, alike_recent; /* two rows are told apart by a rare column alone, likewise */
	bool known;
};

/* Begins anew where view or sorted are others than before, or what was needed is long ago. */
void fit_needs_begin(struct fit_needs *n, unsigned view, unsigned sorted, uint64_t now_ns);

/* The addresses and ports of a row on the screen, as a hash: two rows that have the same need a
 * rare column to be told apart. */
void fit_needs_row(struct fit_needs *n, uint64_t hash);

/* A text of that many cells is in a row on the screen. */
void fit_needs_add(struct fit_needs *n, unsigned column, size_t cells);

/*
 * Lays out the columns of v, in the order of a, from x on in `width` cells.  Columns leave by their
 * `drop`, those that a shows last; the column sorted by never, though a hides it.  What room is
 * left makes columns grow up to their max.  At least one cell behind each column stays free; the
 * one sorted by has room for its title and the mark.
 */
void fit_columns(struct fit *fit, const struct view *v, const struct arrange *a, unsigned sorted,
    int x, int width);

/*
 * Gives what the texts laid out there do not need to those that are cut, and to a name for which
 * there was no room.  Numbers keep their widths.
 */
void fit_names(
    struct fit *fit, const struct view *v, const struct arrange *a, const struct fit_needs *needs);

/* True when that column has a place. */
bool fit_has(const struct fit *fit, unsigned column);

#endif
