#include "config.h"

#include "view/row_list.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"

#define FILLING 8 /* rows examined cost as much as filling in one row */

/* A candidate: the value that it is ranked by, and its slot. */
struct row_candidate {
	struct value sort_key;
	struct row_key key;
	uint32_t slot;
};

/* Rows with their cells, in memory that is reused and only grows. */
struct row_buffer {
	struct table_row *row;
	struct value *cell;
	uint32_t n, max_rows;
	size_t max_cells; /* room for */
	uint64_t n_matched;
};

enum row_list_phase { ROW_LIST_IDLE, ROW_LIST_TOTAL, ROW_LIST_RANK, ROW_LIST_SORT, ROW_LIST_FILL };

struct row_list {
	struct row_buffer shown, next;
	/* what is being made */
	const struct view *view;
	const struct filter *filter;
	struct scope scope;
	unsigned column;
	bool desc;
	uint32_t keep; /* 0: all */
	enum row_list_phase phase;
	uint32_t position; /* progress of the phase */
	struct row_candidate *candidate;
	uint32_t n_candidates, max_candidates;
	uint32_t n_heap; /* items [0, heap) are a heap, the worst first; those behind are sorted */
};

struct row_list *
row_list_new(void)
{
	return xcalloc(1, sizeof(struct row_list));
}

static void
row_list_buffer_fini(struct row_buffer *r)
{
	free(r->row);
	free(r->cell);
}

void
row_list_del(struct row_list *l)
{
	if (l == NULL)
		return;
	row_list_buffer_fini(&l->shown);
	row_list_buffer_fini(&l->next);
	free(l->candidate);
	free(l);
}

void
row_list_begin(struct row_list *l, const struct view *v, unsigned column, bool desc,
    const struct filter *f, const struct scope *s, uint32_t keep)
{
	assert(column < v->n_cols);
	l->view = v;
	l->filter = f;
	l->scope = *s;
	l->column = column;
	l->desc = desc;
	l->keep = keep;
	l->phase = ROW_LIST_TOTAL;
	l->position = 0;
	l->n_candidates = l->n_heap = 0;
	l->next.n_matched = 0;
}

/* Compares by the sort value alone: <0 if x is above y.  Unknown values come last. */
static int
row_list_compare_ranks(const struct row_list *l, const struct value *x, const struct value *y)
{
	bool x_none = x->type == V_NONE, y_none = y->type == V_NONE;

	if (x_none || y_none)
		return x_none - y_none;
	return l->desc ? value_compare(y, x) : value_compare(x, y);
}

static bool
row_list_ranks_above(
    const struct row_list *l, const struct row_candidate *x, const struct row_candidate *y)
{
	int c = row_list_compare_ranks(l, &x->sort_key, &y->sort_key);

	if (c == 0)
		c = memcmp(&x->key, &y->key, sizeof(x->key));
	return c != 0 ? c < 0 : x->slot < y->slot;
}

static void
row_list_swap(struct row_candidate *x, struct row_candidate *y)
{
	struct row_candidate t = *x;

	*x = *y;
	*y = t;
}

static void
row_list_sift_up(struct row_list *l, uint32_t i)
{
	for (uint32_t up;
	     i > 0 && row_list_ranks_above(l, &l->candidate[up = (i - 1) / 2], &l->candidate[i]);
	     i = up)
		row_list_swap(&l->candidate[up], &l->candidate[i]);
}

static void
row_list_sift_down(struct row_list *l)
{
	uint32_t i = 0, worst;

	while ((worst = 2 * i + 1) < l->n_heap) {
		if (worst + 1 < l->n_heap &&
		    row_list_ranks_above(l, &l->candidate[worst], &l->candidate[worst + 1]))
			worst++;
		if (!row_list_ranks_above(l, &l->candidate[i], &l->candidate[worst]))
			return;
		row_list_swap(&l->candidate[i], &l->candidate[worst]);
		i = worst;
	}
}

static void
row_list_push(struct row_list *l, const struct row_candidate *new)
{
	if (l->n_candidates == l->max_candidates) {
		uint32_t room = l->max_candidates == 0 ? 64 : 2 * l->max_candidates;
		struct row_candidate *more = xcalloc(room, sizeof(*more));

		if (l->n_candidates > 0)
			memcpy(more, l->candidate, l->n_candidates * sizeof(*more));
		free(l->candidate);
		l->candidate = more;
		l->max_candidates = room;
	}
	l->candidate[l->n_candidates] = *new;
	l->n_heap = ++l->n_candidates;
	row_list_sift_up(l, l->n_candidates - 1);
}

static void
row_list_consider(struct row_list *l, uint32_t slot)
{
	const void *row = l->view->row(&l->scope, slot);
	struct row_candidate new;

	if (row == NULL || !filter_matches(l->filter, &l->scope, row))
		return;
	l->next.n_matched++;
	new.sort_key = column_order(&l->view->cols[l->column], &l->scope, row);
	new.slot = slot;
	if (l->keep == 0 || l->n_candidates < l->keep) {
		l->view->row_key(row, &new.key);
		row_list_push(l, &new);
		return;
	}
	if (row_list_compare_ranks(l, &new.sort_key, &l->candidate[0].sort_key) > 0)
		return;
	l->view->row_key(row, &new.key);
	if (row_list_ranks_above(l, &new, &l->candidate[0])) {
		l->candidate[0] = new;
		row_list_sift_down(l);
	}
}

static bool
row_list_step_total(struct row_list *l, uint32_t n)
{
	return scope_total_step(&l->scope, &l->position, n);
}

static bool
row_list_step_rank(struct row_list *l, uint32_t n)
{
	uint32_t slots = l->view->slots(l->scope.ledger);

	for (; n > 0 && l->position < slots; n--)
		row_list_consider(l, l->position++);
	return l->position < slots;
}

/* Heap sort: moves the worst from the top of the heap to its end. */
static bool
row_list_step_sort(struct row_list *l, uint32_t n)
{
	for (; n > 0 && l->n_heap > 1; n--) {
		row_list_swap(&l->candidate[0], &l->candidate[--l->n_heap]);
		row_list_sift_down(l);
	}
	return l->n_heap > 1;
}

/* Makes room for n rows of the view. */
static void
row_list_buffer_reserve(struct row_buffer *r, uint32_t n, unsigned n_cols)
{
	size_t cells = (size_t)n * n_cols;

	if (n > r->max_rows) {
		free(r->row);
		r->row = xcalloc(n, sizeof(*r->row));
		r->max_rows = n;
	}
	if (cells > r->max_cells) {
		free(r->cell);
		r->cell = xcalloc(cells, sizeof(*r->cell));
		r->max_cells = cells;
	}
	r->n = 0;
}

static struct value *
row_list_buffer_add(struct row_list *l, const void *row)
{
	struct row_buffer *r = &l->next;
	unsigned n_cols = l->view->n_cols;
	struct value *cell = &r->cell[(size_t)r->n * n_cols];

	for (unsigned c = 0; c < n_cols; c++)
		cell[c] = column_value(&l->view->cols[c], &l->scope, row);
	r->row[r->n] = (struct table_row){ .cell = cell };
	r->n++;
	return cell;
}

/* Fills in one row, unless its slot has been reused. */
static void
row_list_fill_row(struct row_list *l, const struct row_candidate *it)
{
	const void *row = NULL;
	struct row_key key;
	struct value *cell;

	if (it->slot < l->view->slots(l->scope.ledger))
		row = l->view->row(&l->scope, it->slot);
	if (row == NULL)
		return;
	l->view->row_key(row, &key);
	if (memcmp(&key, &it->key, sizeof(key)) != 0)
		return;
	cell = row_list_buffer_add(l, row);
	if (l->view->cols[l->column].sort_key == NULL)
		cell[l->column] = it->sort_key;
	l->next.row[l->next.n - 1].key = key;
	l->next.row[l->next.n - 1].slot = it->slot;
}

static void
row_list_fill_other(struct row_list *l)
{
	const void *row = filter_matches_all(l->filter) ? l->view->other_row(&l->scope) : NULL;
	struct table_row *added;

	if (row == NULL)
		return;
	row_list_buffer_add(l, row);
	added = &l->next.row[l->next.n - 1];
	added->other = true;
	memset(&added->key, 0xff, sizeof(added->key));
}

static bool
row_list_step_fill(struct row_list *l, uint32_t n)
{
	struct row_buffer done;

	if (l->position == 0)
		row_list_buffer_reserve(&l->next, l->n_candidates + 1, l->view->n_cols);
	for (n = n / FILLING + 1; n > 0 && l->position < l->n_candidates; n--)
		row_list_fill_row(l, &l->candidate[l->position++]);
	if (l->position < l->n_candidates)
		return true;
	row_list_fill_other(l);
	done = l->next;
	l->next = l->shown;
	l->shown = done;
	return false;
}

bool
row_list_step(struct row_list *l, uint32_t n)
{
	static bool (*const phases[])(struct row_list *, uint32_t) = {
		[ROW_LIST_TOTAL] = row_list_step_total,
		[ROW_LIST_RANK] = row_list_step_rank,
		[ROW_LIST_SORT] = row_list_step_sort,
		[ROW_LIST_FILL] = row_list_step_fill,
	};

	assert(n > 0);
	if (l->phase == ROW_LIST_IDLE)
		return false;
	if (!phases[l->phase](l, n)) {
		l->position = 0;
		l->phase = l->phase == ROW_LIST_FILL ? ROW_LIST_IDLE : l->phase + 1;
	}
	return l->phase != ROW_LIST_IDLE;
}

void
row_list_load_begin(struct row_list *l, const struct view *v, uint32_t room)
{
	l->phase = ROW_LIST_IDLE;
	l->view = v;
	row_list_buffer_reserve(&l->shown, room, v->n_cols);
	l->shown.n_matched = 0;
}

void
row_list_load_row(struct row_list *l, const struct table_row *row)
{
	struct row_buffer *r = &l->shown;
	unsigned n_cols = l->view->n_cols;
	struct value *cell = &r->cell[(size_t)r->n * n_cols];

	assert(r->n < r->max_rows);
	memcpy(cell, row->cell, n_cols * sizeof(*cell));
	r->row[r->n] = *row;
	r->row[r->n].cell = cell;
	r->n++;
	r->n_matched += !row->other;
}

/* Insertion sort: the list is short. */
void
row_list_load_end(struct row_list *l, int column, bool desc)
{
	struct table_row *row = l->shown.row;

	l->desc = desc;
	for (uint32_t i = 1; column >= 0 && i < l->shown.n; i++) {
		struct table_row this = row[i];
		uint32_t to = i;

		while (to > 0 && !this.other &&
		    (row[to - 1].other ||
			row_list_compare_ranks(l, &this.cell[column], &row[to - 1].cell[column]) <
			    0)) {
			row[to] = row[to - 1];
			to--;
		}
		row[to] = this;
	}
}

uint32_t
row_list_count(const struct row_list *l)
{
	return l->shown.n;
}

const struct table_row *
row_list_get(const struct row_list *l, uint32_t i)
{
	assert(i < l->shown.n);
	return &l->shown.row[i];
}

uint64_t
row_list_n_matched(const struct row_list *l)
{
	return l->shown.n_matched;
}

int64_t
row_list_find(const struct row_list *l, const struct row_key *k)
{
	for (uint32_t i = 0; i < l->shown.n; i++)
		if (memcmp(&l->shown.row[i].key, k, sizeof(*k)) == 0)
			return i;
	return -1;
}
