/*
 * The history of the screen: pictures of some views, packed into memory of a fixed size.
 *
 * At least half of it holds all recent pictures, the rest one in ten seconds, further back; the
 * oldest are overwritten.  A picture is a list of each recorded view at one moment, whichever view
 * was shown, with the numbers above and beside it:
 *
 *	past_begin(p, now, &summary, &pane);
 *	past_add(p, view, list);	for each view
 *	past_end(p);
 */
#ifndef VIEW_HISTORY_STORE_H
#define VIEW_HISTORY_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "view/filter.h"
#include "view/panel_data.h"
#include "view/row_list.h"
#include "view/summary.h"

struct past;

/* memory in bytes, at least PAST_LEAST.  Dies when there is none. */
struct past *past_new(size_t memory);
void past_del(struct past *p);

#define PAST_LEAST ((size_t)1 << 20)

/* Forgets everything. */
void past_clear(struct past *p);

/* Starts a picture of that moment, ns, not before the last one. */
void past_begin(struct past *p, uint64_t at, const struct summary *m, const struct pane *pane);
/* Adds the rows of views[view] to it, as many as fit. */
void past_add(struct past *p, unsigned view, const struct list *l);
void past_end(struct past *p);

/* Finds the picture at `at`, else the last one before it, else the first of all.  False if there
 * is none. */
bool past_find(const struct past *p, uint64_t at, uint64_t *found);

/* The number of pictures, the times of the first and the last, and their bytes. */
struct past_extent {
	uint64_t pictures, first, last;
	size_t bytes;
};
struct past_extent past_extent(const struct past *p);

/*
 * Loads the picture of a moment that past_find() found: its numbers without the sparkline, and into
 * l the rows of a view that match f, sorted by a column, or in their old order if as_was.  False if
 * that view was not recorded; then l is empty.
 */
struct past_wish {
	unsigned view, column;
	bool desc, as_was;
	const struct filter *filter;
};
bool past_load(struct past *p, uint64_t at, const struct past_wish *w, struct list *l,
    struct summary *m, struct pane *pane);

#endif
