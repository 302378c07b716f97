/*
 * The terminal device: our own open of it, its mode and its size.  Knows
 * nothing of curses.
 *
 *	tty_open(&tty, err);
 *	tty_set_raw(&tty);		keys come one by one, bytes go out as they are
 *	tty_restore(&tty);	as it was found
 *	tty_close(&tty);
 */
#ifndef UI_TTY_H
#define UI_TTY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <termios.h>

#include "util/buf.h"

struct tty {
	int in;    /* keys; standard input where that is a terminal, else as out */
	int out;   /* pictures; non-blocking */
	int flags; /* the status flags to put back where out shares them with others; -1: its own */
	struct termios found, ours; /* modes */
	bool taken;
};

/* False with one sentence in err: standard output is no terminal, or it cannot be opened. */
bool tty_open(struct tty *tty, struct buf *err);
void tty_close(struct tty *tty);

/* True while the terminal is ours to use: we are not in the background of a shell. */
bool tty_foreground(const struct tty *tty);

/* Sets our mode.  Taken already: sets it again, for others may have changed it meanwhile. */
void tty_set_raw(struct tty *tty);
void tty_restore(struct tty *tty);

/* False where the terminal does not know. */
bool tty_size(const struct tty *tty, int *cols, int *rows);

/* Bytes that were taken, 0 when none are for now, -1 when the terminal is gone. */
ssize_t tty_write(const struct tty *tty, const void *bytes, size_t n);

/* True when the terminal has hung up. */
bool tty_hung_up(const struct tty *tty);

/* True, with one sentence in err, when the process may open no more files: that is why something
 * else failed. */
bool tty_lacks_files(int fd, struct buf *err);

/* Waits until the terminal takes bytes, at most ms. */
void tty_wait(const struct tty *tty, int ms);

#endif
