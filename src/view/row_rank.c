/*
 * Ranks the rows of a view.  While only the best are kept, they are a heap, the worst first, which
 * is sorted in slices; all of them are sorted at once, which is faster.
 */
#include "config.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/attr.h"
#include "view/row_list.h"

void
row_rank_begin(struct row_rank *r, const struct view *v, unsigned column, bool desc,
    const struct filter *f, const struct scope *s, uint32_t keep)
{
	assert(column < v->n_cols);
	r->view = v;
	r->filter = f;
	r->scope = *s;
	r->column = column;
	r->desc = desc;
	r->keep = keep;
	r->phase = ROW_RANK_TOTAL;
	r->position = 0;
	r->n = r->n_heap = 0;
	r->n_own = 0;
	r->n_matched = 0;
}

void
row_rank_fini(struct row_rank *r)
{
	free(r->row);
	*r = (struct row_rank){ .row = NULL };
}

int
row_rank_compare(const struct row_rank *r, const struct value *x, const struct value *y)
{
	bool x_none = x->type == V_NONE, y_none = y->type == V_NONE;

	if (x_none || y_none)
		return x_none - y_none;
	return r->desc ? value_compare(y, x) : value_compare(x, y);
}

/* <0 if x is above y. */
static int
row_rank_compare_rows(const void *xp, const void *yp)
{
	const struct row_candidate *x = xp, *y = yp;
	int c = row_rank_compare(x->rank, &x->sort_key, &y->sort_key);

	if (c == 0)
		c = memcmp(x->key.b, y->key.b, ROW_KEY_SORTED);
	if (c == 0)
		c = (x->slot > y->slot) - (x->slot < y->slot);
	return c;
}

static void
row_rank_swap(struct row_candidate *x, struct row_candidate *y)
{
	struct row_candidate t = *x;

	*x = *y;
	*y = t;
}

static void
row_rank_sift_up(struct row_rank *r, uint32_t i)
{
	for (uint32_t up; i > 0 && row_rank_compare_rows(&r->row[up = (i - 1) / 2], &r->row[i]) < 0;
	     i = up)
		row_rank_swap(&r->row[up], &r->row[i]);
}

static void
row_rank_sift_down(struct row_rank *r)
{
	uint32_t i = 0, worst;

	while ((worst = 2 * i + 1) < r->n_heap) {
		if (worst + 1 < r->n_heap &&
		    row_rank_compare_rows(&r->row[worst], &r->row[worst + 1]) < 0)
			worst++;
		if (row_rank_compare_rows(&r->row[i], &r->row[worst]) >= 0)
			return;
		row_rank_swap(&r->row[i], &r->row[worst]);
		i = worst;
	}
}

static void
row_rank_push(struct row_rank *r, const struct row_candidate *new)
{
	if (r->n == r->max) {
		r->max = r->max == 0 ? 64 : 2 * r->max;
		r->row = xreallocarray(r->row, r->max, sizeof(*r->row));
	}
	r->row[r->n++] = *new;
	if (r->keep == 0)
		return;
	r->n_heap = r->n;
	row_rank_sift_up(r, r->n - 1);
}

/* True if the row is one of this machine, which are kept apart. */
static bool
row_rank_keep_apart(struct row_rank *r, const void *row, uint32_t slot)
{
	if (!r->scope.own_apart || r->n_own == NITEMS(r->own) || r->view->is_own == NULL ||
	    !r->view->is_own(&r->scope, row))
		return false;
	r->own[r->n_own++] = slot;
	return true;
}

static void
row_rank_consider(struct row_rank *r, uint32_t slot)
{
	const void *row = r->view->row(&r->scope, slot);
	struct row_candidate new;

	if (row == NULL || !filter_matches(r->filter, &r->scope, row))
		return;
	if (row_rank_keep_apart(r, row, slot))
		return;
	r->n_matched++;
	new.sort_key = column_order(&r->view->cols[r->column], &r->scope, row);
	new.rank = r;
	new.row = row;
	new.slot = slot;
	if (r->keep == 0 || r->n < r->keep) {
		r->view->row_key(row, &new.key);
		row_rank_push(r, &new);
		return;
	}
	if (row_rank_compare(r, &new.sort_key, &r->row[0].sort_key) > 0)
		return;
	r->view->row_key(row, &new.key);
	if (row_rank_compare_rows(&new, &r->row[0]) < 0) {
		r->row[0] = new;
		row_rank_sift_down(r);
	}
}

static bool
row_rank_step_total(struct row_rank *r, uint32_t n)
{
	return scope_total_step(&r->scope, &r->position, n);
}

static bool
row_rank_step_rows(struct row_rank *r, uint32_t n)
{
	uint32_t slots = r->view->slots(r->scope.ledger);

	for (; n > 0 && r->position < slots; n--)
		row_rank_consider(r, r->position++);
	return r->position < slots;
}

/* Heap sort: moves the worst from the top of the heap to its end. */
static bool
row_rank_step_sort(struct row_rank *r, uint32_t n)
{
	if (r->keep == 0 && r->n > 0)
		qsort(r->row, r->n, sizeof(*r->row), row_rank_compare_rows);
	for (; n > 0 && r->n_heap > 1; n--) {
		row_rank_swap(&r->row[0], &r->row[--r->n_heap]);
		row_rank_sift_down(r);
	}
	return r->n_heap > 1;
}

bool
row_rank_step(struct row_rank *r, uint32_t n)
{
	static bool (*const phases[])(struct row_rank *, uint32_t) = {
		[ROW_RANK_TOTAL] = row_rank_step_total,
		[ROW_RANK_ROWS] = row_rank_step_rows,
		[ROW_RANK_SORT] = row_rank_step_sort,
	};

	assert(n > 0);
	if (r->phase == ROW_RANK_DONE)
		return false;
	if (!phases[r->phase](r, n)) {
		r->position = 0;
		r->phase++;
	}
	return r->phase != ROW_RANK_DONE;
}
