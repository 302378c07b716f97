#include "config.h"

#include "export/csv_json.h"
#include "export/private.h"
#include "export/report.h"
#include "util/text.h"

/* Rows of some views have a time of their own. */
static const char *
report_csv_stamp_name(const struct view *v)
{
	return view_find_column(v, "time") != NULL ? "report_time" : "time";
}

static void
report_csv_add_header(struct buf *b, const struct view *v, bool repeated)
{
	if (repeated)
		buf_addf(b, "%s,", report_csv_stamp_name(v));
	for (unsigned i = 0; i < v->n_cols; i++) {
		if (i > 0)
			buf_addc(b, ',');
		buf_adds(b, view_column_key(&v->cols[i]));
	}
	buf_adds(b, CSV_EOL);
}

static void
report_csv_add_line(
    struct buf *b, const struct report_table *t, uint32_t line, const struct report *r)
{
	if (r->repeating) {
		fmt_rfc3339(b, r->now, 9);
		buf_addc(b, ',');
	}
	for (unsigned i = 0; i < t->view->n_cols; i++) {
		struct value v = report_table_cell(t, line, i);

		if (i > 0)
			buf_addc(b, ',');
		value_csv(b, &v);
	}
	buf_adds(b, CSV_EOL);
}

bool
report_csv(struct buf *b, const struct report *r, const struct scope *s, struct buf *err)
{
	const char *name = r->view != NULL ? r->view : REPORT_VIEW;
	struct report_table t;

	if (!report_table_init_named(&t, name, r, s, err))
		return false;
	if (r->sort != NULL && report_table_sort_column(t.view, r) == NULL) {
		buf_setf(err, "%s: view %s has no such column", r->sort, name);
		report_table_fini(&t);
		return false;
	}
	if (r->header)
		report_csv_add_header(b, t.view, r->repeating);
	for (uint32_t i = 0; i < report_table_lines(&t); i++)
		report_csv_add_line(b, &t, i, r);
	report_table_fini(&t);
	return true;
}
