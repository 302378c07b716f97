/*
 * Records as keys and commands start and stop them.
 */
#ifndef APP_RECORD_ACTIONS_H
#define APP_RECORD_ACTIONS_H

#include "app/options.h"
#include "control/state.h"
#include "feed/feed.h"
#include "feed/recording.h"

/*
 * Stops it, or starts it in the file st->record names, else under a name of its own; and says so.
 * The display filter in force when it starts decides what it has.
 */
void record_action_toggle(
    struct state *st, const struct options *o, struct feed *f, enum record_kind kind);

/* Stops capturing, or goes on with it, as st->record says; and says so. */
void record_action_pause(struct state *st, struct feed *f, struct buf *err);

/* Those that are on, as "log flow-log pcap", and of a flow log that was stopped "flow-log 412k
 * left". */
void record_action_text(struct buf *b, const struct recorder *r);

#endif
