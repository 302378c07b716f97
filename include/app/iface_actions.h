/*
 * Selects the interfaces to capture on at run time.
 */
#ifndef APP_IFACE_ACTIONS_H
#define APP_IFACE_ACTIONS_H

#include "control/menu.h"
#include "feed/feed.h"

/* Lists the existing interfaces. False with one sentence in err. */
bool iface_action_list(struct iface_list *t, struct feed *f, struct buf *err);

/*
 * "NAME" captures on that interface alone, "+NAME" adds it, "-NAME" removes it. False with one
 * sentence in err, if files are read too; then nothing has changed. Adding an interface removes one
 * whose packets it sees completely; a sentence reports that, and packets that are counted twice.
 */
bool iface_action_switch(struct feed *f, const char *wanted, struct buf *err);

#endif
