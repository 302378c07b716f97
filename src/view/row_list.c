#include "config.h"

#include "view/row_list.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "util/die.h"

#define FILLING 8 /* rows examined cost as much as filling in one row */

/* A candidate: the value that it is ranked by, and its slot. */
struct item {
	struct value by;
	struct rowkey key;
	uint32_t slot;
};

/* Rows with their cells, in memory that is reused and only grows. */
struct rows {
	struct list_row *row;
	struct value *cell;
	uint32_t n, room;
	size_t cells; /* room for */
	uint64_t matched;
};

enum phase { IDLE, WEIGH, RANK, SORT, FILL };

struct list {
	struct rows shown, next;
	/* what is being made */
	const struct view *view;
	const struct filter *filter;
	struct scope scope;
	unsigned column;
	bool desc;
	uint32_t keep; /* 0: all */
	enum phase phase;
	uint32_t at; /* progress of the phase */
	struct item *item;
	uint32_t n_items, room;
	uint32_t heap; /* items [0, heap) are a heap, the worst first; those behind are sorted */
};

struct list *
list_new(void)
{
	return xcalloc(1, sizeof(struct list));
}

static void
rows_fini(struct rows *r)
{
	free(r->row);
	free(r->cell);
}

void
list_del(struct list *l)
{
	if (l == NULL)
		return;
	rows_fini(&l->shown);
	rows_fini(&l->next);
	free(l->item);
	free(l);
}

void
list_begin(struct list *l, const struct view *v, unsigned column, bool desc, const struct filter *f,
    const struct scope *s, uint32_t keep)
{
	assert(column < v->n_cols);
	l->view = v;
	l->filter = f;
	l->scope = *s;
	l->column = column;
	l->desc = desc;
	l->keep = keep;
	l->phase = WEIGH;
	l->at = 0;
	l->n_items = l->heap = 0;
	l->next.matched = 0;
}

/* Compares by the sort value alone: <0 if x is above y.  Unknown values come last. */
static int
compare_ranks(const struct list *l, const struct value *x, const struct value *y)
{
	bool x_none = x->type == V_NONE, y_none = y->type == V_NONE;

	if (x_none || y_none)
		return x_none - y_none;
	return l->desc ? value_compare(y, x) : value_compare(x, y);
}

static bool
is_above(const struct list *l, const struct item *x, const struct item *y)
{
	int c = compare_ranks(l, &x->by, &y->by);

	if (c == 0)
		c = memcmp(&x->key, &y->key, sizeof(x->key));
	return c != 0 ? c < 0 : x->slot < y->slot;
}

static void
swap(struct item *x, struct item *y)
{
	struct item t = *x;

	*x = *y;
	*y = t;
}

static void
sift_up(struct list *l, uint32_t i)
{
	for (uint32_t up; i > 0 && is_above(l, &l->item[up = (i - 1) / 2], &l->item[i]); i = up)
		swap(&l->item[up], &l->item[i]);
}

static void
sift_down(struct list *l)
{
	uint32_t i = 0, worst;

	while ((worst = 2 * i + 1) < l->heap) {
		if (worst + 1 < l->heap && is_above(l, &l->item[worst], &l->item[worst + 1]))
			worst++;
		if (!is_above(l, &l->item[i], &l->item[worst]))
			return;
		swap(&l->item[i], &l->item[worst]);
		i = worst;
	}
}

static void
push(struct list *l, const struct item *new)
{
	if (l->n_items == l->room) {
		uint32_t room = l->room == 0 ? 64 : 2 * l->room;
		struct item *more = xcalloc(room, sizeof(*more));

		if (l->n_items > 0)
			memcpy(more, l->item, l->n_items * sizeof(*more));
		free(l->item);
		l->item = more;
		l->room = room;
	}
	l->item[l->n_items] = *new;
	l->heap = ++l->n_items;
	sift_up(l, l->n_items - 1);
}

static void
look_at(struct list *l, uint32_t slot)
{
	const void *row = l->view->row(&l->scope, slot);
	struct item new;

	if (row == NULL || !filter_takes(l->filter, &l->scope, row))
		return;
	l->next.matched++;
	new.by = column_order(&l->view->cols[l->column], &l->scope, row);
	new.slot = slot;
	if (l->keep == 0 || l->n_items < l->keep) {
		l->view->key(row, &new.key);
		push(l, &new);
		return;
	}
	if (compare_ranks(l, &new.by, &l->item[0].by) > 0)
		return;
	l->view->key(row, &new.key);
	if (is_above(l, &new, &l->item[0])) {
		l->item[0] = new;
		sift_down(l);
	}
}

static bool
weigh(struct list *l, uint32_t n)
{
	return scope_weigh(&l->scope, &l->at, n);
}

static bool
rank(struct list *l, uint32_t n)
{
	uint32_t slots = l->view->slots(l->scope.ledger);

	for (; n > 0 && l->at < slots; n--)
		look_at(l, l->at++);
	return l->at < slots;
}

/* Heap sort: moves the worst from the top of the heap to its end. */
static bool
sort(struct list *l, uint32_t n)
{
	for (; n > 0 && l->heap > 1; n--) {
		swap(&l->item[0], &l->item[--l->heap]);
		sift_down(l);
	}
	return l->heap > 1;
}

/* Makes room for n rows of the view. */
static void
rows_reserve(struct rows *r, uint32_t n, unsigned n_cols)
{
	size_t cells = (size_t)n * n_cols;

	if (n > r->room) {
		free(r->row);
		r->row = xcalloc(n, sizeof(*r->row));
		r->room = n;
	}
	if (cells > r->cells) {
		free(r->cell);
		r->cell = xcalloc(cells, sizeof(*r->cell));
		r->cells = cells;
	}
	r->n = 0;
}

static struct value *
rows_add(struct list *l, const void *row)
{
	struct rows *r = &l->next;
	unsigned n_cols = l->view->n_cols;
	struct value *cell = &r->cell[(size_t)r->n * n_cols];

	for (unsigned c = 0; c < n_cols; c++)
		cell[c] = l->view->cols[c].get(&l->scope, row);
	r->row[r->n] = (struct list_row){ .cell = cell };
	r->n++;
	return cell;
}

/* Fills in one row, unless its slot has been reused. */
static void
fill_one(struct list *l, const struct item *it)
{
	const void *row = NULL;
	struct rowkey key;
	struct value *cell;

	if (it->slot < l->view->slots(l->scope.ledger))
		row = l->view->row(&l->scope, it->slot);
	if (row == NULL)
		return;
	l->view->key(row, &key);
	if (memcmp(&key, &it->key, sizeof(key)) != 0)
		return;
	cell = rows_add(l, row);
	if (l->view->cols[l->column].order == NULL)
		cell[l->column] = it->by;
	l->next.row[l->next.n - 1].key = key;
	l->next.row[l->next.n - 1].slot = it->slot;
}

static void
fill_other(struct list *l)
{
	const void *row = filter_is_all(l->filter) ? l->view->other(&l->scope) : NULL;
	struct list_row *added;

	if (row == NULL)
		return;
	rows_add(l, row);
	added = &l->next.row[l->next.n - 1];
	added->other = true;
	memset(&added->key, 0xff, sizeof(added->key));
}

static bool
fill(struct list *l, uint32_t n)
{
	struct rows done;

	if (l->at == 0)
		rows_reserve(&l->next, l->n_items + 1, l->view->n_cols);
	for (n = n / FILLING + 1; n > 0 && l->at < l->n_items; n--)
		fill_one(l, &l->item[l->at++]);
	if (l->at < l->n_items)
		return true;
	fill_other(l);
	done = l->next;
	l->next = l->shown;
	l->shown = done;
	return false;
}

bool
list_step(struct list *l, uint32_t n)
{
	static bool (*const phases[])(struct list *, uint32_t) = {
		[WEIGH] = weigh,
		[RANK] = rank,
		[SORT] = sort,
		[FILL] = fill,
	};

	assert(n > 0);
	if (l->phase == IDLE)
		return false;
	if (!phases[l->phase](l, n)) {
		l->at = 0;
		l->phase = l->phase == FILL ? IDLE : l->phase + 1;
	}
	return l->phase != IDLE;
}

void
list_begin_rows(struct list *l, const struct view *v, uint32_t room)
{
	l->phase = IDLE;
	l->view = v;
	rows_reserve(&l->shown, room, v->n_cols);
	l->shown.matched = 0;
}

void
list_add_row(struct list *l, const struct list_row *row)
{
	struct rows *r = &l->shown;
	unsigned n_cols = l->view->n_cols;
	struct value *cell = &r->cell[(size_t)r->n * n_cols];

	assert(r->n < r->room);
	memcpy(cell, row->cell, n_cols * sizeof(*cell));
	r->row[r->n] = *row;
	r->row[r->n].cell = cell;
	r->n++;
	r->matched += !row->other;
}

/* Insertion sort: the list is short. */
void
list_end_rows(struct list *l, int column, bool desc)
{
	struct list_row *row = l->shown.row;

	l->desc = desc;
	for (uint32_t i = 1; column >= 0 && i < l->shown.n; i++) {
		struct list_row this = row[i];
		uint32_t to = i;

		while (to > 0 && !this.other &&
		    (row[to - 1].other ||
			compare_ranks(l, &this.cell[column], &row[to - 1].cell[column]) < 0)) {
			row[to] = row[to - 1];
			to--;
		}
		row[to] = this;
	}
}

uint32_t
list_count(const struct list *l)
{
	return l->shown.n;
}

const struct list_row *
list_get(const struct list *l, uint32_t i)
{
	assert(i < l->shown.n);
	return &l->shown.row[i];
}

uint64_t
list_matched(const struct list *l)
{
	return l->shown.matched;
}

int64_t
list_find(const struct list *l, const struct rowkey *k)
{
	for (uint32_t i = 0; i < l->shown.n; i++)
		if (memcmp(&l->shown.row[i].key, k, sizeof(*k)) == 0)
			return i;
	return -1;
}
