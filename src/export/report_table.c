#include "config.h"

#include "export/private.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "util/sort.h"
#include "view/filter.h"

#define SPARE 256 /* rows that are collected before the worst of them are dropped */

struct report_table_entry {
	struct value by; /* its sort value */
	const void *row;
	const struct report_table *table;
};

static int
report_table_compare_keys(const struct view *v, const void *x, const void *y)
{
	struct row_key kx, ky;

	v->row_key(x, &kx);
	v->row_key(y, &ky);
	return memcmp(kx.b, ky.b, sizeof(kx.b));
}

static int
report_table_compare_entries(const void *xp, const void *yp)
{
	const struct report_table_entry *x = xp, *y = yp;
	bool x_none = x->by.type == V_NONE, y_none = y->by.type == V_NONE;
	int c;

	if (x_none != y_none)
		return x_none ? 1 : -1;
	c = x->table->desc ? value_compare(&y->by, &x->by) : value_compare(&x->by, &y->by);
	return c != 0 ? c : report_table_compare_keys(x->table->view, x->row, y->row);
}

static bool
report_table_is_reversed(const struct report *r)
{
	return r->sort != NULL && r->sort[0] == '-';
}

const struct column *
report_table_sort_column(const struct view *v, const struct report *r)
{
	return r->sort != NULL ? view_match_column(v, r->sort + report_table_is_reversed(r)) : NULL;
}

static void
report_table_choose_order(struct report_table *t, const struct report *r)
{
	const struct view *v = t->view;
	const struct column *col = report_table_sort_column(v, r);
	bool turned = col != NULL && report_table_is_reversed(r);

	if (col == NULL)
		col = view_find_column(v, t->scope.whole_time ? v->sort_whole_time : v->sort);
	assert(col != NULL);
	t->by = col;
	t->desc = col->desc != turned;
}

/* Keeps a row if it may be among the first `most`; there is room for SPARE more. */
static void
report_table_add_row(struct report_table *t, const void *row, uint32_t most)
{
	struct report_table_entry e = { column_order(t->by, &t->scope, row), row, t };

	if (t->shown == most + SPARE) {
		sort_first(t->at, t->shown, sizeof(*t->at), most, report_table_compare_entries);
		t->shown = most;
	}
	/* After a selection, the last of the best rows is the threshold. */
	if (t->n >= most + SPARE && report_table_compare_entries(&e, &t->at[most - 1]) >= 0)
		return;
	t->at[t->shown++] = e;
}

/* Collects the rows that match the scope and the filter, the first top of them sorted (0: all).
 * False if there is no memory. */
static bool
report_table_collect(struct report_table *t, const struct filter *filter, uint32_t top)
{
	uint32_t slots = t->view->slots(t->scope.ledger);
	uint32_t most = top != 0 && top < slots ? top : slots;

	t->at = calloc((size_t)most + SPARE, sizeof(*t->at));
	if (t->at == NULL)
		return false;
	for (uint32_t i = 0; i < slots; i++) {
		const void *row = t->view->row(&t->scope, i);

		if (row == NULL || !filter_matches(filter, &t->scope, row))
			continue;
		report_table_add_row(t, row, most);
		t->n++;
	}
	sort_first(t->at, t->shown, sizeof(*t->at), most, report_table_compare_entries);
	t->shown = t->shown < most ? t->shown : most;
	return true;
}

bool
report_table_init(struct report_table *t, const struct view *v, const struct report *r,
    const struct scope *s, struct buf *err)
{
	struct filter *filter = filter_new(v, r->show != NULL ? r->show : "", err, NULL);
	uint32_t weighed = 0;
	bool ok;

	*t = (struct report_table){ .view = v, .scope = *s };
	if (filter == NULL)
		return false;
	while (scope_total_step(&t->scope, &weighed, UINT32_MAX))
		;
	report_table_choose_order(t, r);
	ok = report_table_collect(t, filter, r->top);
	t->other = filter_matches_all(filter) ? v->other_row(&t->scope) : NULL;
	filter_del(filter);
	if (!ok) {
		buf_setf(err, "not enough memory to sort %s", v->name);
		return false;
	}
	return true;
}

void
report_table_fini(struct report_table *t)
{
	free(t->at);
	t->at = NULL;
}

uint32_t
report_table_lines(const struct report_table *t)
{
	return t->shown + (t->other != NULL);
}

struct value
report_table_cell(const struct report_table *t, uint32_t line, unsigned column)
{
	const void *row = line < t->shown ? t->at[line].row : t->other;

	return column_value(&t->view->cols[column], &t->scope, row);
}

bool
report_table_init_named(struct report_table *t, const char *view, const struct report *r,
    const struct scope *s, struct buf *err)
{
	const struct view *v = view_by_name(view);

	if (v != NULL)
		return report_table_init(t, v, r, s, err);
	buf_setf(err, "%s: no such view", view);
	return false;
}
