/*
 * What was captured against the interfaces' own counters; see core/coverage.h.
 *
 * Only where the two can be compared: one interface, whole (no capture filter, promiscuous), and
 * not "any".  The sources of the feed then have a word in the ledger.
 */
#ifndef FEED_CAPTURE_LOSS_H
#define FEED_CAPTURE_LOSS_H

#include <stdint.h>

#include "dissect/frame.h"

struct feed;
struct feed_source;

/* The comparison begins, where there can be one: the source was just opened, or its filter set. */
void capture_loss_begin(struct feed *f, struct feed_source *s);

/* The source has given all that it will. */
void capture_loss_end(struct feed *f, struct feed_source *s);

/* Reads the counters and says what comes of them. */
void capture_loss_tick(struct feed *f, struct feed_source *s, uint64_t monotonic);

/* A frame that is longer than feed->longest has come. */
void capture_loss_note_long(struct feed *f, const struct frame *frame);

#endif
