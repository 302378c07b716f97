/*
 * Reports in batch mode: text for people and awk, JSON (schema pkttop.report/1)
 * and CSV (RFC 4180) for programs.
 *
 * JSON always tells of all that was counted, and beside it has the tables that
 * view, sort or show ask for; tables tell of what the scope and the display
 * filter let through.
 */
#ifndef EXPORT_REPORT_H
#define EXPORT_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "util/buf.h"
#include "view/view.h"

enum report_format { REPORT_TEXT, REPORT_JSON, REPORT_CSV };

/* The view of CSV, unless another is named. */
#define REPORT_VIEW "talkers"

struct report {
	enum report_format format;
	uint32_t top;      /* rows of a table at most; 0: all */
	uint64_t now;      /* ns since the epoch: "time" */
	uint64_t elapsed;  /* ns since the start */
	uint64_t interval; /* ns that this report is over */
	const char *(*linktype_name)(uint16_t linktype);
	const char *show; /* display filter for tables; "" or NULL for none */
	const char
	    *view; /* only the table of this view; NULL: text and JSON several, CSV REPORT_VIEW */
	const char *sort; /* "[-]COLUMN" for the views that have it, or NULL; -: turned round */
	struct units units;
	unsigned width; /* cells that text tables keep to, as far as columns can be dropped */
	bool rates;     /* live: *_rate fields stand beside the counts */
	bool last;      /* closes the run */
	bool header;    /* CSV: the line of column names comes first */
	bool repeating; /* CSV: others follow, so that each line begins with the time */
};

/*
 * Appends a whole report.  The ledger must have been settled.  False with one sentence in err, and
 * nothing appended: no table can read view, show or sort, or there is no memory.
 */
bool report_write(struct buf *b, const struct report *r, const struct scope *s, struct buf *err);

#endif
