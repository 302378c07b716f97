/*
 * Private to src/export/.
 */
#ifndef EXPORT_PRIVATE_H
#define EXPORT_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/ledger.h"
#include "core/meter.h"
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

/* A file of a snapshot. */
struct snapshot_file {
	const char *name;
	const char *columns;                                     /* its first line */
	bool (*write)(struct csv *c, const struct ledger *l);    /* false: no memory */
	void (*draw)(struct drawing *s, const struct ledger *l); /* or this: a chart */
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
 * All rows of a ledger table in report order: most bytes first, equal ones in a fixed order. The
 * rows are borrowed, and valid until the ledger changes.
 *
 *	if (report_rows_flows(&rows, ledger, 0))
 *		for (uint32_t i = 0; i < rows.n; i++)
 *			... const struct flow *f = rows.at[i].row; ...
 *	report_rows_fini(&rows);
 */

struct report_row {
	uint64_t bytes;
	const void *row;
};

struct report_rows {
	struct report_row *at;
	uint32_t n;
};

/* Only the first top rows are sorted; 0: all. False if there is no memory. */
bool report_rows_flows(struct report_rows *rows, const struct ledger *l,
    uint32_t top); /* struct flow, the older first */
bool report_rows_hosts(
    struct report_rows *rows, const struct ledger *l, uint32_t top); /* struct host, by address */
bool report_rows_ports(
    struct report_rows *rows, const struct ledger *l, uint32_t top); /* struct port, by number */
bool report_rows_protocols(struct report_rows *rows, const struct ledger *l,
    uint32_t top); /* struct proto_node, parents first */
void report_rows_fini(struct report_rows *rows);

/* What a host sent (way 0) or received (1) in all classes of traffic. */
struct tally report_rows_host_tally(const struct host *h, int way);

/* The protocol number of a node in l's tree. */
uint16_t report_rows_protocol_number(const struct ledger *l, const struct proto_node *p);

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
