/*
 * The rows of a view, filtered and ranked, for text and CSV. The ledger does not change while a
 * report is written, so rows are not copied: a table of any length needs little memory.
 */
#ifndef EXPORT_REPORT_TABLE_H
#define EXPORT_REPORT_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "export/report.h"
#include "view/view.h"

struct report_table_entry;

struct report_table {
	const struct view *view;
	struct scope scope;            /* with the totals for percentages */
	struct report_table_entry *at; /* best first */
	uint32_t n;                    /* rows that match the scope and the filter */
	uint32_t shown;                /* rows in the report */
	const void *other;             /* the row "(other)", or NULL */
	const struct column *by;       /* the column that it is ranked by */
	bool desc;
};

/*
 * Fills in the table of v as r asks. A view without the column r->sort keeps its own order; rows
 * without a value in the sort column come last. There is no "(other)" row with a filter, because
 * evicted rows cannot be filtered. False with one sentence in err if r->show is invalid for v, or
 * there is no memory.
 */
bool report_table_init(struct report_table *t, const struct view *v, const struct report *r,
    const struct scope *s, struct buf *err);
void report_table_fini(struct report_table *t);

/* The same for the view with that name; also false if there is none. */
bool report_table_init_named(struct report_table *t, const char *view, const struct report *r,
    const struct scope *s, struct buf *err);

/* Number of lines: the best rows, and "(other)" last. */
uint32_t report_table_lines(const struct report_table *t);

/* The value in a column of a line. */
struct value report_table_cell(const struct report_table *t, uint32_t line, unsigned column);

/* The column that r->sort names, or NULL. */
const struct column *report_table_sort_column(const struct view *v, const struct report *r);

#endif
