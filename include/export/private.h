/*
 * Private to src/export/.
 */
#ifndef EXPORT_PRIVATE_H
#define EXPORT_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/meter.h"
#include "export/draw.h"

struct buf;
struct csv;
struct ledger;
struct report;
struct scope;
struct source_stats;

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

#endif
