/*
 * What begins anew, in steps: what is shown counts from zero, or all that was counted is forgotten.
 * Packets wait meanwhile.
 *
 *	reset_request_zero(), reset_request_restart()	somebody asks for it
 *	reset_start()			once in each turn
 *	reset_step()			while reset_is_running()
 *
 * Before anything is forgotten the flow log has its records written, for as long as that takes.
 * Packets go on meanwhile, and wait only while those are written that came of them.
 */
#ifndef APP_RESET_H
#define APP_RESET_H

#include <stdbool.h>

#include "feed/feed.h"

struct reset {
	struct feed *feed;
	enum reset_stage {
		RESET_IDLE,
		RESET_RECORDS,      /* what is counted is written */
		RESET_LAST_RECORDS, /* and what was counted since */
		RESET_LEDGER,       /* all is forgotten */
		RESET_BASELINE,     /* what is counted is remembered */
	} stage;
};

/* Counts from zero, or from the start again.  Asked for once more meanwhile, it goes on: nothing
 * has been counted since. */
void reset_request_zero(struct reset *f, bool on);

void reset_request_restart(struct reset *f);

/* True when all is being forgotten from now on: the sources begin anew, and say in err what went
 * wrong. */
bool reset_start(struct reset *f, struct buf *err);

/* True where there are steps to do; no interval may end before they are done. */
bool reset_is_running(const struct reset *f);

/* True where reset_start() is to be asked soon. */
bool reset_is_pending(const struct reset *f);

/* Goes on.  True while there are more steps. */
bool reset_step(struct reset *f, unsigned steps);

#endif
