/*
 * What the files of src/export/ share and nobody else needs.
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

/* The three formats: as report_write(), but what is appended before a failure stays. */
bool report_text(struct buf *b, const struct report *r, const struct scope *s, struct buf *err);
bool report_json(struct buf *b, const struct report *r, const struct scope *s, struct buf *err);
bool report_csv(struct buf *b, const struct report *r, const struct scope *s, struct buf *err);

/* The views of a report that names none, in this order. */
struct report_section {
	const char *view;
	bool all_rows; /* every row is told, whatever r->top says */
};

#define REPORT_SECTIONS 4
extern const struct report_section report_section[REPORT_SECTIONS];

/* "running", "ended" ... */
const char *report_source_state(const struct source_stats *src);

/* False for a file whose packets have no stamps, or that has none: its time is what they say. */
bool report_has_time(const struct report *r, const struct ledger *l);

/* What moved, all traffic together, over the time that the scope's rates are over. */
struct tally report_delta(const struct scope *s);

/* A file of a snapshot. */
struct snapshot_file {
	const char *name;
	const char *columns;                                     /* its first line */
	bool (*write)(struct csv *c, const struct ledger *l);    /* false: no memory */
	void (*draw)(struct drawing *s, const struct ledger *l); /* or this: a picture */
	enum draw_form form;
};

extern const struct snapshot_file snapshot_file[];
extern const unsigned n_snapshot_files;

/*
 * Writes a snapshot below dir (NULL: the current folder), named after now, and brings it to the
 * disk.  said: one sentence, where it is or why there is none.
 */
bool snapshot_write(const struct ledger *l, const char *dir, uint64_t now, struct buf *said);

#endif
