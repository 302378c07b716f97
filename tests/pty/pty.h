/*
 * A terminal for tests: a program on a pseudo-terminal, with libvterm for the
 * screen and a small shell-like keeper between, which leads the session, hands the
 * program the foreground, and tells what became of it.
 *
 * Without the keeper the program would lead the session itself; its end would
 * hang up the terminal, and the kernel would reset the very mode that is to be checked.
 */
#ifndef TESTS_PTY_H
#define TESTS_PTY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the screen shows before the program comes, and must show after it. */
#define PTY_PROMPT "prompt$ run"

struct pty_run {
	const char *const *argv; /* ends in NULL */
	const char *const *env; /* "NAME=VALUE", or "NAME" to unset it; ends in NULL; may be NULL */
	int cols, rows;         /* 0: 80 x 24 */
	bool ignore_hup;        /* as nohup(1) and su(1) do */
};

enum pty_change { PTY_NOTHING, PTY_STOPPED, PTY_EXITED, PTY_KILLED };

struct pty_end {
	enum pty_change change;
	int status;      /* exit status, or the signal */
	unsigned cpu_ms; /* that it took in all */
};

struct pty;

/* Never NULL: fails the test instead. */
struct pty *pty_new(const struct pty_run *run);

/* Kills what still runs. */
void pty_del(struct pty *p);

void pty_send(struct pty *p, const char *keys);
void pty_signal(struct pty *p, int sig);
void pty_resize(struct pty *p, int cols, int rows);

/* Closes the terminal's other side. */
void pty_hang_up(struct pty *p);

/* After PTY_STOPPED: lets it go on. */
void pty_continue(struct pty *p, bool foreground);

/* Reads for ms.  Nothing else reads but the pty_wait_* functions. */
void pty_read(struct pty *p, int ms);

/* True when text stands in some row (is gone from all) within ms. */
bool pty_wait_text(struct pty *p, const char *text, int ms);
bool pty_wait_no_text(struct pty *p, const char *text, int ms);

/* What becomes of the program within ms. */
struct pty_end pty_wait_end(struct pty *p, int ms);

/* True when something has become of it; for tests that read nothing meanwhile. */
bool pty_ended(const struct pty *p);

/* The text of row y in UTF-8, without blanks at its end.  Lent until the next call. */
const char *pty_row(struct pty *p, int y);

/* True when the cell there has a colour of its own. */
bool pty_colored(const struct pty *p, int x, int y);

/* True when the cell there has its colours exchanged. */
bool pty_reversed(const struct pty *p, int x, int y);

/* Where the cursor stands. */
void pty_cursor(const struct pty *p, int *x, int *y);

uint64_t pty_bytes(const struct pty *p);              /* read so far */
bool pty_got(const struct pty *p, const char *bytes); /* these were among the last 16384 */
bool pty_escaped(const struct pty *p);                /* an ESC was among them */
bool pty_alternate(const struct pty *p);              /* the alternate screen is shown */
bool pty_mouse(const struct pty *p);                  /* the mouse is heeded */
bool pty_cursor_shown(const struct pty *p);
bool pty_mode_as_found(const struct pty *p); /* the mode is as before the program */

/* Monotonic time. */
int64_t pty_now_ms(void);

#endif
