/*
 * The interfaces that "any" is made of: each is a source of its own while there is room, and
 * of what comes by at several of them one place is counted; see link_topology.h.
 */
#ifndef FEED_ANY_DEVICE_H
#define FEED_ANY_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "dissect/frame.h"

struct feed;
struct feed_source;

/* For a source that was opened: does nothing unless it is "any". */
void any_device_open(struct feed_source *s);
void any_device_close(struct feed_source *s);

/* Puts the number of its interface's source into *as.  False: it is not to be counted. */
bool any_device_map_frame(
    struct feed *f, struct feed_source *s, const struct frame *frame, struct frame *as);

/* Follows interfaces that come, go and change: what was removed is gone. */
void any_device_tick(struct feed *f, struct feed_source *s);

#endif
