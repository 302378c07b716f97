/*
 * The rows of a view, filtered and ranked, for text and CSV.  A report is
 * written while the ledger stands still, so that rows need not be copied: a
 * table of any length costs little memory.
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
	struct scope scope;            /* with its shares */
	struct report_table_entry *at; /* best first */
	uint32_t n;                    /* rows that passed the scope and the filter */
	uint32_t shown;                /* how many of them the report takes */
	const void *other;             /* the row "(other)", or NULL */
	const struct column *by;       /* the column that it is ranked by */
	bool desc;
};

/*
 * Fills in the table of v as r wants it.  A view without the column r->sort keeps its own order;
 * rows with nothing to sort by come last.  "(other)" is there where no filter is: nobody knows how
 * much of it would pass.
 * False with one sentence in err when r->show cannot be read for v, or there is no memory.
 */
bool report_table_init(struct report_table *t, const struct view *v, const struct report *r,
    const struct scope *s, struct buf *err);
void report_table_fini(struct report_table *t);

/* The same for the view of that name; also false when there is none. */
bool report_table_init_named(struct report_table *t, const char *view, const struct report *r,
    const struct scope *s, struct buf *err);

/* Lines that the report shows: the best rows, and "(other)" last. */
uint32_t report_table_lines(const struct report_table *t);

/* What stands in a column of a line. */
struct value report_table_cell(const struct report_table *t, uint32_t line, unsigned column);

/* The column that r->sort names, or NULL. */
const struct column *report_table_sort_column(const struct view *v, const struct report *r);

#endif
