/*
 * A terminal for tests: a program on a pseudo-terminal, with libvterm for the screen and a small
 * shell-like keeper in between. The keeper leads the session, puts the program in the foreground,
 * and reports its end.
 *
 * Without the keeper the program would lead the session itself; its exit would hang up the
 * terminal, and the kernel would reset the mode that the test checks.
 */
#ifndef TESTS_PTY_H
#define TESTS_PTY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The screen's text before and after the program. */
#define PTY_PROMPT "prompt$ run"

struct pty_run {
	const char *const *argv; /* ends in NULL */
	const char *const *env; /* "NAME=VALUE", or "NAME" to unset it; ends in NULL; may be NULL */
	int cols, rows;         /* 0: 80 x 24 */
	bool ignore_hup;        /* like nohup(1) and su(1) */
};

enum pty_change { PTY_NOTHING, PTY_STOPPED, PTY_EXITED, PTY_KILLED };

struct pty_end {
	enum pty_change change;
	int status;      /* exit status, or the signal */
	unsigned cpu_ms; /* total */
};

struct pty;

/* Never NULL: fails the test instead. */
struct pty *pty_new(const struct pty_run *run);

/* Kills the program if it still runs. */
void pty_del(struct pty *p);

void pty_send(struct pty *p, const char *keys);
void pty_signal(struct pty *p, int sig);
void pty_resize(struct pty *p, int cols, int rows);

/* Closes the terminal's other side. */
void pty_hang_up(struct pty *p);

/* After PTY_STOPPED: continues it. */
void pty_continue(struct pty *p, bool foreground);

/* Reads for ms. Only this and the pty_wait_* functions read. */
void pty_read(struct pty *p, int ms);

/* True if text appears in some row (disappears from all) within ms. */
bool pty_wait_text(struct pty *p, const char *text, int ms);
bool pty_wait_no_text(struct pty *p, const char *text, int ms);

/* How the program ends within ms. */
struct pty_end pty_wait_end(struct pty *p, int ms);

/* True if an event has arrived; for tests that do not read meanwhile. */
bool pty_ended(const struct pty *p);

/* The text of row y in UTF-8, without trailing blanks. Borrowed until the next call. */
const char *pty_row(struct pty *p, int y);

/* True if the cell has a colour. */
bool pty_colored(const struct pty *p, int x, int y);

/* True if the cell is reversed. */
bool pty_reversed(const struct pty *p, int x, int y);

/* The position of the cursor. */
void pty_cursor(const struct pty *p, int *x, int *y);

uint64_t pty_bytes(const struct pty *p);              /* read so far */
bool pty_got(const struct pty *p, const char *bytes); /* these were among the last 16384 */
bool pty_escaped(const struct pty *p);                /* an ESC was among them */
bool pty_alternate(const struct pty *p);              /* the alternate screen is active */
bool pty_mouse(const struct pty *p);                  /* mouse events are enabled */
bool pty_cursor_shown(const struct pty *p);
bool pty_mode_as_found(const struct pty *p); /* the mode is as before the program */

/* Monotonic time. */
int64_t pty_now_ms(void);

#endif
