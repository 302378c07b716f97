/*
 * Compares the captured packets with the interfaces' own counters; see core/coverage.h.
 *
 * The two are comparable only for one whole interface: no capture filter, promiscuous, and not
 * "any". The ledger then shows the coverage of the feed's sources.
 */
#ifndef FEED_CAPTURE_LOSS_H
#define FEED_CAPTURE_LOSS_H

#include <stdint.h>

#include "dissect/frame.h"

struct feed;
struct feed_source;

/* Starts the comparison if it is possible. Call it after a source was opened or its filter set. */
void capture_loss_begin(struct feed *f, struct feed_source *s);

/* The source will give no more packets. */
void capture_loss_end(struct feed *f, struct feed_source *s);

/* Reads the counters and reports the coverage. */
void capture_loss_tick(struct feed *f, struct feed_source *s, uint64_t monotonic);

/* Notes a frame that is longer than feed->longest. */
void capture_loss_note_long(struct feed *f, const struct frame *frame);

#endif
