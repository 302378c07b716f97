#include "config.h"

#include "view/row_list.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "view/columns.h"

#define FILLING 8 /* rows examined cost as much as filling in one row */

/* Rows with their cells, in memory that is reused and only grows. */
struct row_buffer {
	struct table_row *row;
	struct value *cell;
	uint32_t n, max_rows;
	size_t max_cells; /* room for */
	uint64_t n_matched;
	unsigned n_own; /* rows of this machine that are summed up in own */
	struct table_row own;
	struct value *own_cell; /* behind those of the rows */
};

struct row_list {
	struct row_buffer shown, next;
	const struct view *view;
	/* what is being made */
	struct row_rank rank;
	bool is_making;
	uint32_t position; /* the next of the ranked rows to fill in */
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
	row_rank_fini(&l->rank);
	free(l);
}

void
row_list_begin(struct row_list *l, const struct view *v, unsigned column, bool desc,
    const struct filter *f, const struct scope *s, uint32_t keep)
{
	row_rank_begin(&l->rank, v, column, desc, f, s, keep);
	l->view = v;
	l->is_making = true;
	l->position = 0;
}

/* Makes room for n rows of the view, and for the sum of own ones. */
static void
row_list_buffer_reserve(struct row_buffer *r, uint32_t n, unsigned n_cols)
{
	size_t cells = ((size_t)n + 1) * n_cols;

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
	r->n_own = 0;
	r->own_cell = &r->cell[(size_t)n * n_cols];
}

static struct value *
row_list_buffer_add(struct row_list *l, const void *row)
{
	struct row_buffer *r = &l->next;
	unsigned n_cols = l->view->n_cols;
	struct value *cell = &r->cell[(size_t)r->n * n_cols];

	for (unsigned c = 0; c < n_cols; c++)
		cell[c] = column_value(&l->view->cols[c], &l->rank.scope, row);
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

	if (it->slot < l->view->slots(l->rank.scope.ledger))
		row = l->view->row(&l->rank.scope, it->slot);
	if (row == NULL)
		return;
	l->view->row_key(row, &key);
	if (memcmp(&key, &it->key, sizeof(key)) != 0)
		return;
	cell = row_list_buffer_add(l, row);
	if (l->view->cols[l->rank.column].sort_key == NULL)
		cell[l->rank.column] = it->sort_key;
	l->next.row[l->next.n - 1].key = key;
	l->next.row[l->next.n - 1].slot = it->slot;
	l->next.row[l->next.n - 1].own =
	    l->view->is_own != NULL && l->view->is_own(&l->rank.scope, row);
}

static void
row_list_fill_other(struct row_list *l)
{
	const void *row =
	    filter_matches_all(l->rank.filter) ? l->view->other_row(&l->rank.scope) : NULL;
	struct table_row *added;

	if (row == NULL)
		return;
	row_list_buffer_add(l, row);
	added = &l->next.row[l->next.n - 1];
	added->other = true;
	memset(&added->key, 0xff, sizeof(added->key));
}

/* Adds the cell of another row of this machine. */
static void
row_list_sum_cell(const struct column *c, struct value *sum, const struct value *v)
{
	if (v->type == V_TIME && sum->type == V_TIME) {
		if ((v->n > sum->n) == c->desc)
			*sum = *v;
		return;
	}
	value_add(sum, v);
	if (c->get_traffic == traffic_get_bps_peak && sum->type == V_BYTE_RATE)
		sum->kind = VALUE_APPROXIMATE;
}

/* Adds a row of this machine to their sum; the first column says what it is. */
static void
row_list_sum_own(const struct view *v, struct row_buffer *r, const struct value *cells)
{
	struct value *sum = r->own_cell;

	if (r->n_own == 0)
		memcpy(sum, cells, v->n_cols * sizeof(*sum));
	for (unsigned c = 0; r->n_own > 0 && c < v->n_cols; c++)
		row_list_sum_cell(&v->cols[c], &sum[c], &cells[c]);
	r->n_own++;
	sum[0] = value_textf("this machine");
	r->own = (struct table_row){ .cell = sum, .own = true };
}

/* After all rows. */
static void
row_list_fill_own(struct row_list *l)
{
	struct value cells[VIEW_COLUMNS];

	for (unsigned i = 0; i < l->rank.n_own; i++) {
		const void *row = l->view->row(&l->rank.scope, l->rank.own[i]);

		if (row == NULL || !l->view->is_own(&l->rank.scope, row))
			continue;
		for (unsigned c = 0; c < l->view->n_cols; c++)
			cells[c] = column_value(&l->view->cols[c], &l->rank.scope, row);
		row_list_sum_own(l->view, &l->next, cells);
	}
}

static bool
row_list_step_fill(struct row_list *l, uint32_t n)
{
	struct row_buffer done;

	if (l->position == 0)
		row_list_buffer_reserve(&l->next, l->rank.n + 1, l->view->n_cols);
	for (n = n / FILLING + 1; n > 0 && l->position < l->rank.n; n--)
		row_list_fill_row(l, &l->rank.row[l->position++]);
	if (l->position < l->rank.n)
		return true;
	row_list_fill_other(l);
	row_list_fill_own(l);
	l->next.n_matched = l->rank.n_matched;
	done = l->next;
	l->next = l->shown;
	l->shown = done;
	return false;
}

bool
row_list_step(struct row_list *l, uint32_t n)
{
	assert(n > 0);
	if (!l->is_making)
		return false;
	if (l->rank.phase != ROW_RANK_DONE)
		(void)row_rank_step(&l->rank, n);
	else
		l->is_making = row_list_step_fill(l, n);
	return l->is_making;
}

void
row_list_load_begin(struct row_list *l, const struct view *v, uint32_t room)
{
	l->is_making = false;
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

void
row_list_load_own(struct row_list *l, const struct table_row *row)
{
	row_list_sum_own(l->view, &l->shown, row->cell);
}

/* Insertion sort: the list is short. */
void
row_list_load_end(struct row_list *l, int column, bool desc)
{
	struct table_row *row = l->shown.row;

	l->rank.desc = desc;
	for (uint32_t i = 1; column >= 0 && i < l->shown.n; i++) {
		struct table_row this = row[i];
		uint32_t to = i;

		while (to > 0 && !this.other &&
		    (row[to - 1].other ||
			row_rank_compare(&l->rank, &this.cell[column], &row[to - 1].cell[column]) <
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

const struct view *
row_list_view(const struct row_list *l)
{
	return l->view;
}

void
row_list_set_rate(struct row_list *l, uint32_t i, unsigned column, double x)
{
	assert(i < l->shown.n && column < l->view->n_cols);
	l->shown.cell[(size_t)(row_list_get(l, i)->cell - l->shown.cell) + column].x = x;
}

const struct table_row *
row_list_own(const struct row_list *l)
{
	return l->shown.n_own > 0 ? &l->shown.own : NULL;
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
