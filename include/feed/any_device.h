/*
 * The interfaces of "any". Each is a source of its own while there is room. A packet that is seen
 * at several of them is counted at one; see link_topology.h.
 */
#ifndef FEED_ANY_DEVICE_H
#define FEED_ANY_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "dissect/frame.h"

struct feed;
struct feed_source;

/* Call it for a source that was opened; does nothing unless it is "any". */
void any_device_open(struct feed_source *s);
void any_device_close(struct feed_source *s);

/* Stores the number of its interface's source in *as. False: do not count the frame. */
bool any_device_map_frame(
    struct feed *f, struct feed_source *s, const struct frame *frame, struct frame *as);

/* Follows interfaces that come, go and change; marks removed ones as gone. */
void any_device_tick(struct feed *f, struct feed_source *s);

#endif
