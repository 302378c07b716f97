/*
 * The terminal device: a separate open of it, its mode and its size. Does not use curses.
 *
 *	tty_open(&tty, err);
 *	tty_set_raw(&tty);		unbuffered keys, untranslated output
 *	tty_restore(&tty);	the original mode
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
	int in;    /* keys; standard input if that is a terminal, else like out */
	int out;   /* output; non-blocking */
	int flags; /* status flags to restore if out is shared with other processes; -1: not shared
		    */
	struct termios found, ours; /* modes */
	bool taken;
};

/* False with one sentence in err: standard output is not a terminal, or it cannot be opened. */
bool tty_open(struct tty *tty, struct buf *err);
void tty_close(struct tty *tty);

/* True if we are in the terminal's foreground process group. */
bool tty_foreground(const struct tty *tty);

/* Sets our mode. Call it again after other processes may have changed it. */
void tty_set_raw(struct tty *tty);
void tty_restore(struct tty *tty);

/* False if the terminal does not report it. */
bool tty_size(const struct tty *tty, int *cols, int *rows);

/* Bytes written, 0 if not writable now, -1 if the terminal is gone. */
ssize_t tty_write(const struct tty *tty, const void *bytes, size_t n);

/* True if the terminal has hung up. */
bool tty_hung_up(const struct tty *tty);

/* True, with one sentence in err, if the process has reached its limit of open files. fd: any
 * open descriptor. */
bool tty_lacks_files(int fd, struct buf *err);

/* Waits at most ms until the terminal is writable. */
void tty_wait(const struct tty *tty, int ms);

#endif
