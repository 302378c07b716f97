/*
 * Which columns of a view fit side by side, and how wide each may be.
 */
#ifndef VIEW_FIT_H
#define VIEW_FIT_H

#include <stdbool.h>

#include "view/view.h"

struct fit_column {
	unsigned column; /* number in the view */
	int x, width;
};

struct fit {
	struct fit_column col[VIEW_COLUMNS];
	unsigned n;
};

/*
 * Lays out the columns of v from x on in `width` cells.  Columns leave by their `drop`, the
 * column sorted by never; what room is left makes columns grow up to their max.  At least
 * one cell behind each column stays free, for the sort mark.
 */
void fit_columns(struct fit *fit, const struct view *v, unsigned sorted, int x, int width);

#endif
