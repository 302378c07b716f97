#include "config.h"

#include "export/private.h"

#include <assert.h>

#include "view/filter.h"

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
report_table_rank(struct report_table *t, const struct report *r, const struct filter *filter)
{
	const struct view *v = t->view;
	const struct column *col = report_table_sort_column(v, r);
	bool turned = col != NULL && report_table_is_reversed(r);

	if (col == NULL)
		col = view_find_column(v, t->scope.whole_time ? v->sort_whole_time : v->sort);
	assert(col != NULL);
	row_rank_begin(
	    &t->rank, v, (unsigned)(col - v->cols), col->desc != turned, filter, &t->scope, r->top);
	while (row_rank_step(&t->rank, UINT32_MAX))
		;
	t->scope = t->rank.scope;
}

bool
report_table_init(struct report_table *t, const struct view *v, const struct report *r,
    const struct scope *s, struct buf *err)
{
	struct filter *filter = filter_new(v, r->show != NULL ? r->show : "", err, NULL);

	*t = (struct report_table){ .view = v, .scope = *s };
	if (filter == NULL)
		return false;
	report_table_rank(t, r, filter);
	t->other = filter_matches_all(filter) ? v->other_row(&t->scope) : NULL;
	filter_del(filter);
	return true;
}

void
report_table_init_by_bytes(struct report_table *t, const struct view *v, uint32_t top,
    const char *show, const struct scope *s)
{
	struct report r = { .top = top, .sort = "bytes", .show = show };
	char unsaid[256];
	struct buf err;

	buf_init(&err, unsaid, sizeof(unsaid));
	if (report_table_init(t, v, &r, s, &err))
		return;
	r.show = NULL;
	report_table_init(t, v, &r, s, &err);
}

void
report_table_fini(struct report_table *t)
{
	row_rank_fini(&t->rank);
}

uint32_t
report_table_lines(const struct report_table *t)
{
	return t->rank.n + (t->other != NULL);
}

struct value
report_table_cell(const struct report_table *t, uint32_t line, unsigned column)
{
	const void *row = line < t->rank.n ? t->rank.row[line].row : t->other;

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
