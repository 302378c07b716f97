/*
 * Reports in batch mode: text for people and awk, JSON (schema pkttop.report/1) and CSV (RFC 4180)
 * for programs.
 *
 * JSON always contains all counters, and also the tables that view, sort or show select. Tables
 * contain only what matches the scope and the display filter.
 */
#ifndef EXPORT_REPORT_H
#define EXPORT_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "util/buf.h"
#include "view/view.h"

enum report_format { REPORT_TEXT, REPORT_JSON, REPORT_CSV };

/* The view of CSV if none is named. */
#define REPORT_VIEW "talkers"

struct report {
	enum report_format format;
	uint32_t top;      /* maximum rows of a table; 0: all */
	uint64_t now;      /* ns since the epoch: "time" */
	uint64_t elapsed;  /* ns since the start */
	uint64_t interval; /* ns that this report covers */
	const char *(*linktype_name)(uint16_t linktype);
	const char *show; /* display filter for tables; "" or NULL for none */
	const char
	    *view; /* only the table of this view; NULL: text and JSON several, CSV REPORT_VIEW */
	const char *sort; /* "[-]COLUMN" for the views that have it, or NULL; -: reversed */
	struct units units;
	unsigned width; /* width of text tables, as far as columns can be dropped */
	bool rates;     /* live: adds *_rate fields */
	bool last;      /* the final report */
	bool header;    /* CSV: writes the line of column names */
	bool repeating; /* CSV: one of several, so each line begins with the time */
};

/*
 * Appends a whole report. The ledger must have been settled. False with one sentence in err, and
 * nothing appended: view, show or sort is invalid for a table, or there is no memory.
 */
bool report_write(struct buf *b, const struct report *r, const struct scope *s, struct buf *err);

#endif
