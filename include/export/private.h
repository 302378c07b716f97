/*
 * Private to src/export/.
 */
#ifndef EXPORT_PRIVATE_H
#define EXPORT_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/ledger.h"
#include "core/meter.h"
#include "export/csv_json.h"
#include "export/draw.h"
#include "export/file.h"
#include "export/report.h"
#include "export/writer.h"
#include "view/row_list.h"
#include "view/view.h"

/* The three formats: like report_write(), but text appended before a failure stays. */
bool report_text(struct buf *b, const struct report *r, const struct scope *s, struct buf *err);
bool report_json(struct buf *b, const struct report *r, const struct scope *s, struct buf *err);
bool report_csv(struct buf *b, const struct report *r, const struct scope *s, struct buf *err);

/* The views of a report without --view, in this order. */
struct report_section {
	const char *view;
	bool all_rows; /* prints every row, whatever r->top is */
};

#define REPORT_SECTIONS 4
extern const struct report_section report_section[REPORT_SECTIONS];

/* "running", "ended" ... */
const char *report_source_state(const struct source_stats *src);

/* False for a file without packets, or without stamps: its time comes from packets. */
bool report_has_time(const struct report *r, const struct ledger *l);

/* Traffic of all classes during the interval of the scope's rates. */
struct tally report_delta(const struct scope *s);

struct field;

/* A file of a snapshot. */
struct snapshot_file {
	const char *name;
	/* One of three: a table with these columns; the rows of a view; a chart. */
	const char *columns;
	void (*write)(struct csv *c, const struct ledger *l);
	const char *view;
	const struct field *fields;
	unsigned n_fields;
	void (*draw)(struct drawing *s, const struct ledger *l);
	enum draw_form form;
};

extern const struct snapshot_file snapshot_file[];
extern const unsigned n_snapshot_files;

/*
 * Writes a snapshot into dir (NULL: the current directory), named after now, and syncs it. said:
 * one sentence, its path or the error.
 */
bool snapshot_write(const struct ledger *l, const char *dir, uint64_t now, struct buf *said);

/*
 * The fields of a view's rows in an output whose names and order are a contract (JSON, snapshots,
 * the flow log): those of a list, then the columns that the view marks for that output. A new
 * field is a column of the view; lists do not change.
 *
 *	fields_init(&fields, view, list, NITEMS(list), IN_SNAPSHOT);
 *	for (unsigned i = 0; i < fields.n; i++)
 *		if (fields.at[i].own != NULL)
 *			fields.at[i].own->put(out, fields.at[i].own, row);
 *		else if (field_cell_get(&cell, fields.at[i].column, &scope, row))
 *			... cell.is_text ? cell.text : cell.value ...
 */

struct field;

/* Writes a field that no column has; out: of the output, such as a struct json_report. */
typedef void field_put(void *out, const struct field *f, const void *row);

struct field {
	const char *key;    /* in the output */
	const char *column; /* the column with its value; NULL: the one that is called key */
	field_put *put;     /* or this: it has no column */
	size_t arg;         /* for put */
};

#define FIELDS_MAX 128

struct output_field {
	const char *key;
	const struct column *column;
	const struct field *own; /* or this: its put() writes it */
};

struct fields {
	struct output_field at[FIELDS_MAX];
	unsigned n;
};

/* outputs: the mark of the columns that follow; 0: all columns. */
void fields_init(struct fields *fs, const struct view *v, const struct field *list, unsigned n,
    unsigned outputs);

/* Adds the keys, separated by commas. */
void fields_add_names(struct buf *b, const struct fields *fs);

/* A cell, with its text in full. */
struct field_cell {
	bool is_text;
	struct value value;
	char text[COLUMN_TEXT];
};

/* False: its value is not known. */
bool field_cell_get(
    struct field_cell *cell, const struct column *c, const struct scope *s, const void *row);

/* What the parts of a JSON report need. */
struct json_shown {
	struct tally t;
	uint64_t flows;
};

struct json_report {
	struct json j;
	const struct report *r;
	const struct scope *s;
	const struct ledger *l;
	double seconds; /* of the rates' interval; 0: no rates */
	struct {        /* sums of the rows written so far */
		struct json_shown flows, hosts[2], ports;
	} shown;
};

/* The keys of a tally, and of its rates. */
struct json_keys {
	const char *packets, *bytes, *packets_rate, *bytes_rate;
};

extern const struct json_keys json_keys, json_host_keys[2];

void report_json_put_tally(struct json_report *w, const struct json_keys *k, struct tally t);
void report_json_put_rates(struct json_report *w, const struct json_keys *k, struct tally moved);
void report_json_put_time(struct json_report *w, const char *key, uint64_t ns);

/* The arrays of rows: sources; protocols, hosts, flows and ports; sizes. */
void report_json_put_sources(struct json_report *w);
void report_json_put_tables(struct json_report *w);
void report_json_put_sizes(struct json_report *w);

/*
 * The rows of a view, filtered and ranked, for text and CSV. The ledger does not change while a
 * report is written, so rows are not copied: a table of any length needs little memory.
 */

struct report_table {
	const struct view *view;
	struct scope scope; /* with the totals for percentages */
	struct row_rank rank;
	const void *other; /* the row "(other)", or NULL */
};

/*
 * Fills in the table of v as r asks. A view without the column r->sort keeps its own order; rows
 * without a value in the sort column come last. There is no "(other)" row with a filter, because
 * evicted rows cannot be filtered. False with one sentence in err if r->show is invalid for v.
 */
bool report_table_init(struct report_table *t, const struct view *v, const struct report *r,
    const struct scope *s, struct buf *err);
void report_table_fini(struct report_table *t);

/* The same for the view with that name; also false if there is none. */
bool report_table_init_named(struct report_table *t, const char *view, const struct report *r,
    const struct scope *s, struct buf *err);

/*
 * The rows with the most bytes, at most top of them; 0: all. A display filter (or NULL) that uses
 * columns of other tables does not apply.
 */
void report_table_init_by_bytes(struct report_table *t, const struct view *v, uint32_t top,
    const char *show, const struct scope *s);

/* Number of lines: the best rows, and "(other)" last. */
uint32_t report_table_lines(const struct report_table *t);

/* The value in a column of a line. */
struct value report_table_cell(const struct report_table *t, uint32_t line, unsigned column);

/* The column that r->sort names, or NULL. */
const struct column *report_table_sort_column(const struct view *v, const struct report *r);

/*
 * The protocol between a writer and its child. Private to src/export/.
 *
 * To the child: pieces, each a struct writer_piece followed by its bytes, whole records. From the
 * child: a struct writer_note for each change.
 */

#define PIECE_MAX (WRITER_RECORD_MAX + 64 * 1024) /* maximum bytes in it */

enum writer_piece_kind {
	PIECE_RECORDS,
	PIECE_HEAD, /* an addition to the files' head */
	PIECE_TAIL, /* the files' tail from now on */
};

struct writer_piece {
	uint32_t bytes, records;
	uint8_t kind; /* enum writer_piece_kind */
};

enum writer_note_kind {
	NOTE_HALTED,  /* error: why; records are missed until NOTE_GOES_ON */
	NOTE_GOES_ON, /* writing resumed; missed: records so far */
	NOTE_STUCK,   /* error: why the file cannot be rotated; 0: it was rotated after all */
	NOTE_ENDED,   /* all is on the disk, or error: why not */
};

struct writer_note {
	uint8_t kind; /* enum writer_note_kind */
	int error;
	uint64_t written, missed; /* records, so far */
};

/* Reads pieces from `from` and writes them to o until the end of the input; sends notes to `to`. */
void writer_child_run(struct rotating_file *o, int from, int to);

#endif
