/*
 * The history of the screen: pictures of some views, packed into memory of a fixed size.
 *
 * At least half of it holds all recent pictures, the rest one in ten seconds, further back; the
 * oldest are overwritten.  A picture is a list of each recorded view at one moment, whichever view
 * was shown, with the numbers above it and in the side panel:
 *
 *	history_store_begin(p, now, &summary, &pane);
 *	history_store_add(p, view, list);	for each view
 *	history_store_end(p);
 */
#ifndef VIEW_HISTORY_STORE_H
#define VIEW_HISTORY_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "view/filter.h"
#include "view/row_list.h"
#include "view/summary.h"

struct history_store;

/* memory in bytes, at least HISTORY_MIN_MEMORY.  Dies when there is none. */
struct history_store *history_store_new(size_t memory);
void history_store_del(struct history_store *p);

#define HISTORY_MIN_MEMORY ((size_t)1 << 20)

/* Forgets everything. */
void history_store_clear(struct history_store *p);

/* Starts a picture of that moment, ns, not before the last one. */
void history_store_begin(
    struct history_store *p, uint64_t at, const struct summary *m, const struct panel *pane);
/* Adds the rows of views[view] to it, as many as fit. */
void history_store_add(struct history_store *p, unsigned view, const struct row_list *l);
void history_store_end(struct history_store *p);

/* Finds the picture at `at`, else the last one before it, else the first of all.  False if there
 * is none. */
bool history_store_find(const struct history_store *p, uint64_t at, uint64_t *found);

/* The number of pictures, the times of the first and the last, and their bytes. */
struct history_store_extent {
	uint64_t n_entries, first, last;
	size_t bytes;
};
struct history_store_extent history_store_extent(const struct history_store *p);

/*
 * Loads the picture of a moment that history_store_find() found: its numbers without the sparkline,
 * and into l the rows of a view that match f, sorted by a column, or in their old order if as_was.
 * False if that view was not recorded; then l is empty.
 */
struct history_query {
	unsigned view, column;
	bool desc, keep_order;
	bool own_apart; /* rows of this machine are in row_list_own() */
	const struct filter *filter;
};
bool history_store_load(struct history_store *p, uint64_t at, const struct history_query *w,
    struct row_list *l, struct summary *m, struct panel *pane);

#endif
