/*
 * Starts and stops records for keys and commands.
 */
#ifndef APP_RECORD_ACTIONS_H
#define APP_RECORD_ACTIONS_H

#include "app/options.h"
#include "control/state.h"
#include "feed/feed.h"
#include "feed/recording.h"

/*
 * Stops the record, or starts it in the file that st->record names; without a name it chooses one.
 * Shows a message. Records everything that matches the display filter at its start.
 */
void record_action_toggle(
    struct state *st, const struct options *o, struct feed *f, enum record_kind kind);

/* Stops or resumes capturing, as st->record says, and shows a message. */
void record_action_pause(struct state *st, struct feed *f, struct buf *err);

/* Formats the running records, as "log flow-log pcap". A flow log that is being ended shows as
 * "flow-log 412k left". */
void record_action_text(struct buf *b, const struct recorder *r);

#endif
