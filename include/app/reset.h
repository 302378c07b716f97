/*
 * What begins anew, in steps: what is shown counts from zero, or all that was counted is forgotten.
 * Packets wait meanwhile.
 *
 *	fresh_zero(), fresh_restart()	somebody asks for it
 *	fresh_begins()			once in each turn
 *	fresh_step()			while fresh_works()
 *
 * Before anything is forgotten the flow log has its records written, for as long as that takes.
 * Packets go on meanwhile, and wait only while those are written that came of them.
 */
#ifndef APP_RESET_H
#define APP_RESET_H

#include <stdbool.h>

#include "feed/feed.h"

struct fresh {
	struct feed *feed;
	enum fresh_stage {
		FRESH_NOTHING,
		FRESH_RECORDS, /* what is counted is written */
		FRESH_LAST,    /* and what was counted since */
		FRESH_LEDGER,  /* all is forgotten */
		FRESH_ZERO,    /* what is counted is remembered */
	} stage;
};

/* Counts from zero, or from the start again.  Asked for once more meanwhile, it goes on: nothing
 * has been counted since. */
void fresh_zero(struct fresh *f, bool on);

void fresh_restart(struct fresh *f);

/* True when all is being forgotten from now on: the sources begin anew, and say in err what went
 * wrong. */
bool fresh_begins(struct fresh *f, struct buf *err);

/* True where there are steps to do; no interval may end before they are done. */
bool fresh_works(const struct fresh *f);

/* True where fresh_begins() is to be asked soon. */
bool fresh_hurries(const struct fresh *f);

/* Goes on.  True while there are more steps. */
bool fresh_step(struct fresh *f, unsigned steps);

#endif
