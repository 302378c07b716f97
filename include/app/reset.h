/*
 * Resets in steps: the shown counters restart at zero, or all counters are cleared. Packets wait
 * during a reset.
 *
 *	reset_request_zero(), reset_request_restart()	on request
 *	reset_start()			once in each turn
 *	reset_step()			while reset_is_running()
 *
 * The flow log writes its records before the counters are cleared, however long that takes. Packets
 * are read meanwhile; they wait only while the records of the last ones are written.
 */
#ifndef APP_RESET_H
#define APP_RESET_H

#include <stdbool.h>

#include "feed/feed.h"

struct reset {
	struct feed *feed;
	enum reset_stage {
		RESET_IDLE,
		RESET_RECORDS,      /* writing flow records */
		RESET_LAST_RECORDS, /* writing those of packets that came meanwhile */
		RESET_LEDGER,       /* clearing the ledger */
		RESET_BASELINE,     /* copying the counters as baseline */
	} stage;
};

/* Sets the counters to zero, or (on is false) shows the totals again. A second request during
 * the reset has no effect: nothing has been counted since. */
void reset_request_zero(struct reset *f, bool on);

void reset_request_restart(struct reset *f);

/* True if all counters are being cleared from now on: the sources restart, and append errors to
 * err. */
bool reset_start(struct reset *f, struct buf *err);

/* True if reset_step() has work; no interval may end before it is done. */
bool reset_is_running(const struct reset *f);

/* True if reset_start() must be called soon. */
bool reset_is_pending(const struct reset *f);

/* Does that many steps. True if there are more. */
bool reset_step(struct reset *f, unsigned steps);

#endif
