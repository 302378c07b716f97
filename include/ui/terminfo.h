/*
 * Capabilities of the terminal's type (TERM) that curses does not provide.
 */
#ifndef UI_TERMINFO_H
#define UI_TERMINFO_H

#include <stdbool.h>

#include "util/buf.h"

struct terminfo {
	int cols, rows;    /* if the terminal does not report its size: 80 x 24 by default */
	bool mouse;        /* it has mouse support */
	char restore[256]; /* restores the terminal: attributes, cursor, screen */
};

/*
 * Between init and fini, terminal descriptions named by the environment or in HOME are not read if
 * the program has more privileges than its user (set-user-ID, file capabilities): a user could
 * write one that exploits them.
 */
void terminfo_init(void);
void terminfo_fini(void);

/* fd: the terminal. False with one sentence in err: TERM is unset, unknown, or unusable. */
bool terminfo_read(struct terminfo *ti, int fd, struct buf *err);

#endif
