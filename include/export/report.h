/*
 * Reports, and where they are printed.
 */
#ifndef EXPORT_REPORT_H
#define EXPORT_REPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "export/file.h"
#include "util/buf.h"
#include "view/view.h"

/*
 * Reports in batch mode: text for people and awk, JSON (schema pkttop.report/1) and CSV (RFC 4180)
 * for programs.
 *
 * JSON always contains all counters, and also the tables that view, sort or show select. Tables
 * contain only what matches the scope and the display filter.
 */

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

/*
 * Appends the table of one view as a JSON object: its rows, how many match r->show, and the row
 * "(other)". Otherwise like report_write().
 */
bool report_write_table(struct buf *b, const char *view, const struct report *r,
    const struct scope *s, struct buf *err);

/*
 * Writes reports to standard output without blocking the capture: a small one at once, a large one
 * in a forked child, which has a copy of the ledger.
 *
 *	report_output_open(&w);
 *	if (!report_output_busy(&w))
 *		report_output_write(&w, &report, &scope, ledger, &err);
 *	report_output_poll(&w, &err);	from time to time, and when its descriptor is writable
 *	report_output_finish(&w, &err);	at the end, however long it takes
 *	report_output_close(&w);
 */

/* Limit of rows to check in this process; a written row counts as several. Above it a child is
 * used. */
#define REPORT_OUTPUT_STEPS   8192
#define REPORT_OUTPUT_WRITING 8 /* steps for a written row */

struct report_output {
	struct stdout_stream out;
	pid_t pid; /* of the child; 0: none */
};

void report_output_open(struct report_output *w);
void report_output_close(struct report_output *w);

/* True while the last report is not written yet, for example because its reader is slow. */
bool report_output_busy(const struct report_output *w);

/* The cost of a report in steps: rows to check and write. */
uint64_t report_output_steps(const struct report *r, const struct ledger *l);

/*
 * Settles the ledger and writes a report, or starts to. The last one is always written in this
 * process, since counting has ended. False with one sentence in err, like report_write(). *error:
 * errno of standard output, or 0.
 */
bool report_output_write(struct report_output *w, const struct report *r, const struct scope *s,
    struct ledger *l, struct buf *err, int *error);

/* Continues. Returns 0, or the errno of standard output; if a child died, err says how. */
int report_output_poll(struct report_output *w, struct buf *err);

/* Blocks until all is written. Returns the same. */
int report_output_finish(struct report_output *w, struct buf *err);

/*
 * Events for machines: the fields of one in an object that is open, or as a line; all of the ring as an array,
 * newest first; a CSV line; and counters of each rule in the text format of Prometheus.
 */
struct json;

void event_json(struct json *j, const struct event *e);
void event_json_line(struct buf *b, const struct event *e);
void events_json(struct json *j, const char *key, const struct events *es);

extern const char event_csv_titles[];
void event_csv(struct buf *b, const struct event *e);

void events_metrics(struct buf *b, const struct events *es);

#endif
