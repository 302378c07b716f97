/*
 * Reports on standard output that never hold up the packets: a small one is made at
 * once; a large one by a forked child, which has the ledger as it stands at that moment.
 *
 *	report_output_open(&w);
 *	if (!report_output_busy(&w))
 *		report_output_write(&w, &report, &scope, ledger, &err);
 *	report_output_poll(&w, &err);	now and then, and when its descriptor can be written
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

/* Rows to be looked at; to write one is as much as looking at some.  More go to a child. */
#define REPORT_OUTPUT_STEPS 8192

struct report_output {
	struct stdout_stream out;
	pid_t pid; /* of the child, or 0 */
};

void report_output_open(struct report_output *w);
void report_output_close(struct report_output *w);

/* True while the last report is not written yet: its reader may be asleep. */
bool report_output_busy(const struct report_output *w);

/* Rows that a report would look at and write, as steps. */
uint64_t report_output_steps(const struct report *r, const struct ledger *l);

/*
 * Settles the ledger and writes a report, or begins to; the last one is always written here, since
 * nothing is counted any more.  False with one sentence in err, as report_write() has it.  *error:
 * of standard output, or 0.
 */
bool report_output_write(struct report_output *w, const struct report *r, const struct scope *s,
    struct ledger *l, struct buf *err, int *error);

/* Goes on.  0, or the errno of standard output; what became of a child that died is said in err. */
int report_output_poll(struct report_output *w, struct buf *err);

/* Waits until all is written.  The same. */
int report_output_finish(struct report_output *w, struct buf *err);

#endif
