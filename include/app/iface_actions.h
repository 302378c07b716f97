/*
 * Which interfaces are captured on, chosen while running.
 */
#ifndef APP_IFACE_ACTIONS_H
#define APP_IFACE_ACTIONS_H

#include "control/iface_list.h"
#include "feed/feed.h"

/* Lists the interfaces that there are.  False with one sentence in err. */
bool iface_action_list(struct iface_list *t, struct feed *f, struct buf *err);

/*
 * Captures on "NAME" alone, on "+NAME" too, on "-NAME" no more.  False with one sentence in err,
 * and all as it was: so too where files are read.  What "+NAME" sees packets of as well is left if
 * it sees no others; a sentence says that, and what is counted twice.
 */
bool iface_action_switch(struct feed *f, const char *wanted, struct buf *err);

#endif
