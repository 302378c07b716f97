/*
 * The terminal.  The only place for curses.
 *
 * curses writes into a pipe, never to the terminal: term_flush() copies what came out
 * of it to our own non-blocking open of the terminal, as far as it takes bytes; while
 * bytes are left over, new pictures are skipped.  So a terminal that is not
 * read never stops the capture.
 *
 * Ctrl-C, Ctrl-Z and Ctrl-\ are signals (INT, TSTP, QUIT) and never keys, so
 * that they work whatever the program is doing; Ctrl-S and Ctrl-Q are keys.
 */
#ifndef UI_TERM_H
#define UI_TERM_H

#include <stdbool.h>
#include <stdint.h>

#include "control/theme.h"
#include "screen/canvas.h"
#include "util/buf.h"

/* AUTO heeds NO_COLOR, ALWAYS does not; neither makes a terminal able to do what it cannot. */
enum term_color { TERM_COLOR_AUTO, TERM_COLOR_ALWAYS, TERM_COLOR_NEVER };

struct term;

/*
 * NULL with one sentence in err: standard output is no terminal, or TERM is
 * unset, unknown or unable to place the cursor.  Keys come from standard input
 * where that is a terminal, else (captured packets come in there) from the
 * terminal of standard output.  The locale must have been set.  Sets up
 * fatal-signal handlers (SEGV, BUS, ABRT, FPE, ILL) that put the terminal
 * right, and nothing else about signals.
 */
struct term *term_new(enum term_color color, struct buf *err);

/* Puts the terminal right, waiting at most half a second for it to take the last bytes.  NULL is
 * fine. */
void term_del(struct term *t);

/* Uses these colours from the next picture on; THEME_DARK at first. */
void term_set_theme(struct term *t, enum theme theme);

/* Heeds the mouse, where the terminal tells of one; at first it is left alone. */
void term_set_mouse(struct term *t, bool on);

/* To be polled for POLLIN: keys.  -1 while the terminal is given back. */
int term_input_fd(const struct term *t);

/* To be polled for POLLOUT while term_pending().  -1 while the terminal is given back. */
int term_output_fd(const struct term *t);
bool term_pending(const struct term *t);

/* Copies what is waiting.  False: the terminal is gone. */
bool term_flush(struct term *t);

/* True when a picture may be shown now: nothing is left over of the last one. */
bool term_ready(const struct term *t);

/*
 * Shows the canvas: puts what differs from the last picture in the way of
 * term_flush().  clear: everything anew.  While not term_ready(), only clear is noted.
 */
void term_show(struct term *t, const struct canvas *c, bool clear);

/*
 * The next key (enum key_code), or false when there is none yet: ask until then.
 * *gone tells whether the terminal has hung up.  Never waits, but for the 25 ms in which
 * the rest of a key's escape sequence must have come.
 */
bool term_key(struct term *t, uint32_t *key, bool *gone);

/* Asks the terminal for its size, at the start and after SIGWINCH: 1 x 1 to CANVAS_MAX_*. */
void term_size(struct term *t, int *cols, int *rows);

/*
 * Gives the terminal back and takes it again: before SIGSTOP, and at SIGCONT.
 * term_resume() is false where we were let go on in the background: then
 * the terminal stays with the shell until the next SIGCONT, and all else may go on.
 */
void term_suspend(struct term *t);
bool term_resume(struct term *t);

/* Puts text into the terminal's clipboard, see ui/clipboard.h.  False: it has none. */
bool term_copy(struct term *t, const char *text);

/* True where only ASCII can be shown: the locale's character set is not UTF-8, or TERM is a
 * terminal with a font too small. */
bool term_ascii(void);

/* Bytes sent to the terminal so far. */
uint64_t term_sent(const struct term *t);

#endif
