/*
 * What the description of the terminal's type (TERM) says that curses does not
 * say by itself.
 */
#ifndef UI_TERMINFO_H
#define UI_TERMINFO_H

#include <stdbool.h>

#include "util/buf.h"

struct terminfo {
	int cols, rows;    /* for a terminal that does not know its size: 80 x 24 without better */
	bool mouse;        /* it tells of one */
	char restore[256]; /* what makes the terminal as it was: attributes, cursor, screen */
};

/*
 * From begin to end no description is read that the environment names or that lies in HOME, if the
 * program may do more than who runs it (set-user-ID, file capabilities): who writes one would have
 * it read with that power.
 */
void terminfo_init(void);
void terminfo_fini(void);

/* fd is the terminal's.  False with one sentence in err: TERM is unset, unknown, or of no use. */
bool terminfo_read(struct terminfo *ti, int fd, struct buf *err);

#endif
