/*
 * Which columns of a view fit side by side, and how wide each may be.
 */
#ifndef VIEW_FIT_H
#define VIEW_FIT_H

#include <stdbool.h>

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
 * Lays out the columns of v, in the order of a, from x on in `width` cells.  Columns leave by their
 * `drop`, those that a shows last; the column sorted by never, though a hides it.  What room is
 * left makes columns grow up to their max.  At least one cell behind each column stays free; the one
 * sorted by has room for its title and the mark.
 */
void fit_columns(struct fit *fit, const struct view *v, const struct arrange *a, unsigned sorted,
    int x, int width);

/* True when that column has a place. */
bool fit_has(const struct fit *fit, unsigned column);

#endif
