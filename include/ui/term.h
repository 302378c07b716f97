/*
 * The terminal: displaying a canvas, printing it, copying, and restoring the terminal.
 */
#ifndef UI_TERM_H
#define UI_TERM_H

#include <stdbool.h>
#include <stdint.h>

#include "control/settings.h"
#include "screen/canvas.h"
#include "util/buf.h"

struct tty;

/*
 * The look of each style, for the number of colours of the terminal. Without colours, attributes
 * alone distinguish styles. Does not use curses.
 */

#define LOOK_DEFAULT (-1) /* the terminal's default foreground or background */

enum look_bits {
	LOOK_BOLD = 1 << 0,
	LOOK_DIM = 1 << 1,
	LOOK_UNDERLINE = 1 << 2,
	LOOK_REVERSE = 1 << 3,
};

struct look {
	int16_t fg, bg; /* palette numbers of the terminal, or LOOK_DEFAULT */
	uint8_t bits;   /* enum look_bits */
};

/* colors: number of the terminal's colours; below 8, and in THEME_MONO, none are used. */
const struct look *theme_look(enum theme theme, enum style st, int colors);

/*
 * The terminal. The only place for curses.
 *
 * curses writes to a pipe, never to the terminal. term_flush() copies its output to a separate
 * non-blocking open of the terminal. While bytes are left, redraws are skipped, so that a terminal
 * that is not read never stops the capture.
 *
 * Ctrl-C, Ctrl-Z and Ctrl-\ are signals (INT, TSTP, QUIT), not keys, so that they always work;
 * Ctrl-S and Ctrl-Q are keys.
 */

/* AUTO respects NO_COLOR, ALWAYS ignores it; both use only what the terminal supports. */
enum term_color { TERM_COLOR_AUTO, TERM_COLOR_ALWAYS, TERM_COLOR_NEVER };

struct term;

/*
 * NULL with one sentence in err: standard output is not a terminal, or TERM is unset, unknown or
 * cannot place the cursor. Keys come from standard input if that is a terminal, else (it has
 * captured packets) from the terminal of standard output. The locale must have been set. Installs
 * handlers for fatal signals (SEGV, BUS, ABRT, FPE, ILL) that restore the terminal, and no others.
 */
struct term *term_new(enum term_color color, struct buf *err);

/* Restores the terminal; waits at most half a second until it has accepted the last bytes. t may
 * be NULL. */
void term_del(struct term *t);

/* Sets the colours from the next redraw on; THEME_DARK initially. */
void term_set_theme(struct term *t, enum theme theme);

/* Enables or disables mouse support, if the terminal has it; initially off. */
void term_set_mouse(struct term *t, bool on);

/* Poll it for POLLIN: keys. -1 while suspended. */
int term_input_fd(const struct term *t);

/* Poll it for POLLOUT while term_pending(). -1 while suspended. */
int term_output_fd(const struct term *t);
bool term_pending(const struct term *t);

/* Writes buffered bytes. False: the terminal is gone. */
bool term_flush(struct term *t);

/* True if a redraw may start: nothing of the last one is buffered. */
bool term_ready(const struct term *t);

/*
 * Shows the canvas: queues the differences from the last redraw for term_flush(). clear: redraws
 * everything. If not term_ready(), only clear is noted.
 */
void term_show(struct term *t, const struct canvas *c, bool clear);

/*
 * The next key (enum key_code), or false if there is none yet: call it until then. *gone: the
 * terminal has hung up. Does not block, except for 25 ms in which the rest of an escape sequence
 * must arrive.
 */
bool term_key(struct term *t, uint32_t *key, bool *gone);

/* Queries the terminal's size, at the start and after SIGWINCH: 1 x 1 to CANVAS_MAX_*. */
void term_size(struct term *t, int *cols, int *rows);

/*
 * Releases the terminal before SIGSTOP, and takes it again at SIGCONT. term_resume() returns false
 * if the process was continued in the background: then the shell keeps the terminal until the next
 * SIGCONT.
 */
void term_suspend(struct term *t);
bool term_resume(struct term *t);

/* Copies text to the terminal's clipboard, see clipboard_sequence(). False: not supported. */
bool term_copy(struct term *t, const char *text);

/* True if only ASCII can be shown: the locale's character set is not UTF-8, or the font of that
 * TERM is too small. */
bool term_ascii(void);

/* Bytes written to the terminal so far. */
uint64_t term_sent(const struct term *t);

/*
 * Formats a canvas as text with escape sequences of ECMA-48 for a theme's colours, to print a
 * screen instead of displaying it.
 */

/* Row y, with 256 colours; resets attributes at its end. */
void ansi_row(struct buf *b, const struct canvas *c, int y, enum theme theme);

/*
 * Copies text to the terminal's clipboard, also through SSH, with the control sequence OSC 52 of
 * xterm (ctlseqs, "Manipulate Selection Data").
 */

#define CLIPBOARD_MAX 2048 /* maximum bytes of text */

/*
 * Appends the sequence for a terminal of that type ($TERM). For tmux and screen it is wrapped; tmux
 * passes it on if so configured. False, and nothing appended, if the terminal would print it as
 * text, or if the text is too long.
 */
bool clipboard_sequence(struct buf *b, const char *type, bool tmux, const char *text);

/*
 * Restores the terminal if a signal kills the program, and lets it die of that signal. For a fault
 * (SEGV, BUS, ABRT ...) a line has its address. A signal handler has no argument for state, so this
 * is the only state outside of main.
 */

/* From now on faults are reported, even without a terminal to restore. */
void crash_restore_init(void);

/* The same, and restores the terminal. text restores it; up to 256 bytes are copied. */
void crash_restore_arm(const struct tty *tty, const char *text);

/* The terminal has been restored by other means. */
void crash_restore_disarm(void);

/* Removes the handlers. */
void crash_restore_fini(void);

#endif
