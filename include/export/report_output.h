/*
 * Reports on standard output that never hold up the packets: a small one is made at
 * once; a large one by a forked child, which has the ledger as it stands at that moment.
 *
 *	reporter_open(&w);
 *	if (!reporter_busy(&w))
 *		reporter_write(&w, &report, &scope, ledger, &err);
 *	reporter_tend(&w, &err);	now and then, and when its descriptor can be written
 *	reporter_finish(&w, &err);	at the end, however long it takes
 *	reporter_close(&w);
 */
#ifndef EXPORT_REPORT_OUTPUT_H
#define EXPORT_REPORT_OUTPUT_H

#include <stdbool.h>
#include <sys/types.h>

#include "export/report.h"
#include "export/stdout_stream.h"

struct ledger;

/* Rows to be looked at; to write one is as much as looking at some.  More go to a child. */
#define REPORTER_STEPS 8192

struct reporter {
	struct stream out;
	pid_t pid; /* of the child, or 0 */
};

void reporter_open(struct reporter *w);
void reporter_close(struct reporter *w);

/* True while the last report is not written yet: its reader may be asleep. */
bool reporter_busy(const struct reporter *w);

/* Rows that a report would look at and write, as steps. */
uint64_t reporter_steps(const struct report *r, const struct ledger *l);

/*
 * Settles the ledger and writes a report, or begins to; the last one is always written here, since
 * nothing is counted any more.  False with one sentence in err, as report_write() has it.  *error:
 * of standard output, or 0.
 */
bool reporter_write(struct reporter *w, const struct report *r, const struct scope *s,
    struct ledger *l, struct buf *err, int *error);

/* Goes on.  0, or the errno of standard output; what became of a child that died is said in err. */
int reporter_tend(struct reporter *w, struct buf *err);

/* Waits until all is written.  The same. */
int reporter_finish(struct reporter *w, struct buf *err);

#endif
