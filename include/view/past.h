/*
 * What was on the screen before: pictures of some views, one after the other,
 * packed into memory of a fixed size.
 *
 * One half or more of it holds every picture of late, the rest one of each ten seconds,
 * further back; the oldest leave.  A picture is what a view's list held at one moment,
 * whatever was looked at then, with the numbers above and beside it:
 *
 *	past_begin(p, now, &summary, &pane);
 *	past_add(p, view, list);	for each view
 *	past_end(p);
 */
#ifndef VIEW_PAST_H
#define VIEW_PAST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "view/filter.h"
#include "view/list.h"
#include "view/pane.h"
#include "view/summary.h"

struct past;

/* memory in bytes, at least PAST_LEAST.  Dies when there is none. */
struct past *past_new(size_t memory);
void past_del(struct past *p);

#define PAST_LEAST ((size_t)1 << 20)

/* Forgets everything. */
void past_clear(struct past *p);

/* A picture of that moment, ns: not before the last one. */
void past_begin(struct past *p, uint64_t at, const struct summary *m, const struct pane *pane);
/* Its rows of views[view]; without those that there is no room for. */
void past_add(struct past *p, unsigned view, const struct list *l);
void past_end(struct past *p);

/* The picture at `at`, else the last one before it, else the first of all.  False: there is none.
 */
bool past_find(const struct past *p, uint64_t at, uint64_t *found);

/* How many there are, of the first and of the last moment, and the bytes that they take. */
struct past_extent {
	uint64_t pictures, first, last;
	size_t bytes;
};
struct past_extent past_extent(const struct past *p);

/*
 * Shows the picture of the moment that past_find() found: its numbers, but the sparkline, and in l
 * the rows of a view that f takes, sorted by a column, unless as_was: in the order that they had.
 * False where nothing of that view was kept; then l is empty.
 */
struct past_wish {
	unsigned view, column;
	bool desc, as_was;
	const struct filter *filter;
};
bool past_load(struct past *p, uint64_t at, const struct past_wish *w, struct list *l,
    struct summary *m, struct pane *pane);

#endif
