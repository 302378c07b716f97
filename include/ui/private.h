/*
 * Private to src/ui/.
 */
#ifndef UI_PRIVATE_H
#define UI_PRIVATE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>
#include <termios.h>

#include "util/buf.h"

/*
 * The terminal device: a separate open of it, its mode and its size. Does not use curses.
 *
 *	tty_open(&tty, err);
 *	tty_set_raw(&tty);		unbuffered keys, untranslated output
 *	tty_restore(&tty);	the original mode
 *	tty_close(&tty);
 */

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

/*
 * The output path from curses to the terminal: a pipe that curses writes to, and a buffer of bytes
 * that the terminal has not accepted yet.
 *
 *	output_pipe_open(&o, err);
 *	... at most output_pipe_room(&o) bytes are written into o.file ...
 *	output_pipe_collect(&o);
 *	output_pipe_flush(&o, &tty);		now, and when the terminal is writable
 *	output_pipe_close(&o);
 */

struct output_pipe {
	FILE *file;         /* the writing end of the pipe */
	int pipe;           /* the reading end */
	struct buf waiting; /* for the terminal */
	size_t done;        /* of it that have been written */
	uint64_t sent;      /* bytes written so far */
};

/* False with one sentence in err. */
bool output_pipe_open(struct output_pipe *o, struct buf *err);
void output_pipe_close(struct output_pipe *o);

/* Bytes that can be written between two calls of output_pipe_collect() without blocking. */
size_t output_pipe_room(const struct output_pipe *o);

/* Empties the pipe. */
void output_pipe_collect(struct output_pipe *o);

/* True while bytes are buffered. */
static inline bool
output_pipe_pending(const struct output_pipe *o)
{
	return o->done < o->waiting.len;
}

/* Drops them. */
void output_pipe_drop(struct output_pipe *o);

/* Writes what the terminal accepts. False: the terminal is gone. */
bool output_pipe_flush(struct output_pipe *o, const struct tty *tty);

/* The same, but waits at most ms until everything is written. */
void output_pipe_drain(struct output_pipe *o, const struct tty *tty, int ms);

/*
 * Capabilities of the terminal's type (TERM) that curses does not provide.
 */

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

/*
 * Parses mouse events of xterm's mode 1006: ESC [ < button ; x ; y and M for press or m for
 * release. Does not use curses.
 */

#define MOUSE_ON  "\033[?1000h\033[?1006h"
#define MOUSE_OFF "\033[?1006l\033[?1000l"

/* Bracketed paste, and synchronized output with the question whether the terminal has it. */
#define PASTE_ON   "\033[?2004h"
#define PASTE_OFF  "\033[?2004l"
#define SYNC_ASK   "\033[?2026$p"
#define SYNC_BEGIN "\033[?2026h"
#define SYNC_END   "\033[?2026l"

struct mouse {
	bool reading; /* within an event, after ESC [ < */
	unsigned number[3], n;
};

/* ESC [ < has arrived. */
void ui_mouse_init(struct mouse *m);

/*
 * Takes the next character while m->reading. True if it completes a valid event: then *key is as in
 * control/keymap.h.
 */
bool ui_mouse_feed(struct mouse *m, uint32_t ch, uint32_t *key);

/*
 * The line about a fault: version, build and address. Uses only functions that are
 * async-signal-safe.
 */

/* Finds the load address and the build ID of the program. Call it before any handler can run. */
void crash_init(void);

/* "pkttop 0.1.0: SIGSEGV at pkttop+0x12ab, address 0x0, build 5687f62e" and a newline. */
void crash_text(struct buf *b, const char *signal, const siginfo_t *info, const void *context);

#endif
