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

/*
 * Takes pictures, in slices:
 *
 *	history_maker_begin(m, p, &scope);
 *	while (history_maker_step(m, p, &scope, 4096))
 *		;
 *
 * The scope is that of the present; a picture is of all its traffic.
 */
#define HISTORY_ROWS 20 /* rows of each view that are kept */

/* Rows that may be examined per interval, on average.  If there are more, pictures are taken less
 * often. */
#define HISTORY_WORK 65536

#define HISTORY_VIEWS 24 /* at most */

struct history_maker {
	struct row_list *list; /* NULL: it was never used */
	unsigned view;         /* the view that is being recorded */
	bool busy;
	int64_t credit;               /* rows that may still be examined */
	uint8_t group[HISTORY_VIEWS]; /* how the rows of each view are grouped */
};

/* An unfinished picture is dropped. */
void history_maker_begin(struct history_maker *m, struct history_store *p, const struct scope *s);

/* Examines n more rows.  True while there is more to do. */
bool history_maker_step(
    struct history_maker *m, struct history_store *p, const struct scope *s, uint32_t n);

void history_maker_fini(struct history_maker *m);

/*
 * Pictures in files: packed, and only readable by a program with the same views, see
 * history_picture_format().  A picture of a file may be damaged or hostile.
 */

/* Differs between programs whose pictures differ. */
uint32_t history_picture_format(void);

/* The time of the newest picture, and its bytes, which are valid until the next one. */
uint64_t history_picture_export(struct history_store *p, const uint8_t **bytes, size_t *n);

/* Where pictures are that are not in memory.  Like the functions of a store. */
struct history_source {
	bool (*find)(void *arg, uint64_t at, uint64_t *found);
	bool (*next)(void *arg, uint64_t at, uint64_t *found); /* the first one after `at` */
	void (*extent)(void *arg, uint64_t *first, uint64_t *last);
	/* Returns the bytes of the picture of that time, valid until the next call; NULL: none. */
	const uint8_t *(*load)(void *arg, uint64_t at, size_t *n);
	void *arg;
};

/* A store of these pictures, which takes no others. */
struct history_store *history_store_new_from(const struct history_source *source);
bool history_store_is_file(const struct history_store *p);

/* Finds the picture at `at`, else the last one before it, else the first of all.  False if there
 * is none. */
bool history_store_find(const struct history_store *p, uint64_t at, uint64_t *found);

/* Finds the first picture after `at` of a file. */
bool history_store_find_next(const struct history_store *p, uint64_t at, uint64_t *found);

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
