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
#ifndef EXPORT_REPORT_OUTPUT_H
#define EXPORT_REPORT_OUTPUT_H

#include <stdbool.h>
#include <sys/types.h>

#include "export/report.h"
#include "export/stdout_stream.h"

struct ledger;

/* Limit of rows to check in this process; a written row counts as several. Above it a child is
 * used. */
#define REPORT_OUTPUT_STEPS 8192

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

#endif
