#include "config.h"

#include "ui/term.h"

#define NCURSES_NOMACROS
#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "control/keymap.h"
#include "ui/private.h"
#include "util/alloc.h"
#include "util/attr.h"
#include "util/number.h"

#define LEAVE_MS   500 /* to write the last bytes */
#define ESCAPE_MS  25  /* for the rest of a key's escape sequence */
#define CELL_BYTES 128 /* at most: a cell with its position, attributes, colours and marks */
/* Key codes of our own. */
enum {
	KEY_SGR = KEY_F(63), /* start of a mouse event */
	KEY_PASTE = KEY_F(62),
	KEY_PASTE_END = KEY_F(61),
	KEY_ALT_B = KEY_F(60),
	KEY_ALT_F = KEY_F(59),
	KEY_ALT_D = KEY_F(58),
	KEY_ALT_BACKSPACE = KEY_F(57),
	KEY_SYNC = KEY_F(56), /* the terminal answers that it has synchronized output */
	KEY_NO_SYNC = KEY_F(55)
};

#define MODE_BYTES 512 /* at most: bytes that are not cells, for example to clear the screen */

struct term {
	struct tty tty;
	struct terminfo info;
	struct output_pipe pipe;
	WINDOW *keys; /* a pad, because reading from it never repaints */
	FILE *in;     /* a copy of tty.in for curses */
	size_t slice; /* cells that certainly fit into the pipe */
	bool clear;   /* the next redraw must be complete */
	struct mouse mouse;
	bool mouse_wanted, mouse_on; /* requested; enabled in the terminal */
	bool synchronized;           /* it can show an update in one piece */
	int colors;                  /* in use; 0: none */
	bool defaults;               /* the terminal's default colours can be used */
	attr_t attrs[STYLES];
	short pairs[STYLES];
};

static const struct {
	int code;
	uint32_t key;
} keypad_keys[] = {
	{ KEY_UP, KEYC_UP },
	{ KEY_DOWN, KEYC_DOWN },
	{ KEY_LEFT, KEYC_LEFT },
	{ KEY_RIGHT, KEYC_RIGHT },
	{ KEY_PPAGE, KEYC_PGUP },
	{ KEY_NPAGE, KEYC_PGDN },
	{ KEY_HOME, KEYC_HOME },
	{ KEY_FIND, KEYC_HOME },
	{ KEY_END, KEYC_END },
	{ KEY_SELECT, KEYC_END },
	{ KEY_DC, KEYC_DELETE },
	{ KEY_BTAB, KEYC_BACKTAB },
	{ KEY_PASTE, KEYC_PASTE },
	{ KEY_PASTE_END, KEYC_PASTE_END },
	{ KEY_ALT_B, KEYC_ALT_B },
	{ KEY_ALT_F, KEYC_ALT_F },
	{ KEY_ALT_D, KEYC_ALT_D },
	{ KEY_ALT_BACKSPACE, KEYC_ALT_BACKSPACE },
	{ KEY_ENTER, KEYC_ENTER },
	{ KEY_BACKSPACE, KEYC_BACKSPACE },
	{ KEY_F(1), KEYC_F1 },
	{ KEY_F(2), KEYC_F2 },
	{ KEY_F(3), KEYC_F3 },
	{ KEY_F(4), KEYC_F4 },
	{ KEY_F(5), KEYC_F5 },
	{ KEY_F(6), KEYC_F6 },
	{ KEY_F(7), KEYC_F7 },
	{ KEY_F(8), KEYC_F8 },
	{ KEY_F(9), KEYC_F9 },
	{ KEY_F(10), KEYC_F10 },
};

/* Sequences that terminals send for a key although TERM differs; added unless they have another
 * meaning. */
static const struct {
	const char *sequence;
	int code;
} stray_keys[] = {
	{ "\033[A", KEY_UP },
	{ "\033[B", KEY_DOWN },
	{ "\033[C", KEY_RIGHT },
	{ "\033[D", KEY_LEFT },
	{ "\033OA", KEY_UP },
	{ "\033OB", KEY_DOWN },
	{ "\033OC", KEY_RIGHT },
	{ "\033OD", KEY_LEFT },
	{ "\033[H", KEY_HOME },
	{ "\033[F", KEY_END },
	{ "\033OH", KEY_HOME },
	{ "\033OF", KEY_END },
	{ "\033[1~", KEY_HOME },
	{ "\033[4~", KEY_END },
	{ "\033[7~", KEY_HOME },
	{ "\033[8~", KEY_END },
	{ "\033[3~", KEY_DC },
	{ "\033[5~", KEY_PPAGE },
	{ "\033[6~", KEY_NPAGE },
	{ "\033[Z", KEY_BTAB },
	{ "\033OP", KEY_F(1) },
	{ "\033OQ", KEY_F(2) },
	{ "\033OR", KEY_F(3) },
	{ "\033OS", KEY_F(4) },
	{ "\033[11~", KEY_F(1) },
	{ "\033[12~", KEY_F(2) },
	{ "\033[13~", KEY_F(3) },
	{ "\033[14~", KEY_F(4) },
	{ "\033[200~", KEY_PASTE },
	{ "\033[201~", KEY_PASTE_END },
	{ "\033b", KEY_ALT_B },
	{ "\033f", KEY_ALT_F },
	{ "\033d", KEY_ALT_D },
	{ "\033\177", KEY_ALT_BACKSPACE },
	{ "\033\b", KEY_ALT_BACKSPACE },
	{ "\033[?2026;1$y", KEY_SYNC },
	{ "\033[?2026;2$y", KEY_SYNC },
	{ "\033[?2026;0$y", KEY_NO_SYNC },
	{ "\033[?2026;4$y", KEY_NO_SYNC },
};

static const struct {
	uint8_t bit;
	attr_t attr;
} look_attrs[] = {
	{ LOOK_BOLD, A_BOLD },
	{ LOOK_DIM, A_DIM },
	{ LOOK_UNDERLINE, A_UNDERLINE },
	{ LOOK_REVERSE, A_REVERSE },
};

/* curses installs handlers for these if they have the default action. */
static const int curses_signals[] = { SIGINT, SIGTERM, SIGTSTP, SIGWINCH };

/* The looks for curses: attributes, and a colour pair for each style that has colours. */
static void
term_init_styles(struct term *t, enum theme theme)
{
	unsigned st, i;

	for (st = 0; st < STYLES; st++) {
		const struct look *look = theme_look(theme, (enum style)st, t->colors);
		short fg = look->fg, bg = look->bg;

		t->attrs[st] = A_NORMAL;
		t->pairs[st] = 0;
		for (i = 0; i < NITEMS(look_attrs); i++)
			if ((look->bits & look_attrs[i].bit) != 0)
				t->attrs[st] |= look_attrs[i].attr;
		if (fg == LOOK_DEFAULT && bg == LOOK_DEFAULT)
			continue;
		if (!t->defaults) {
			fg = fg == LOOK_DEFAULT ? COLOR_WHITE : fg;
			bg = bg == LOOK_DEFAULT ? COLOR_BLACK : bg;
		}
		if (init_pair((short)(st + 1), fg, bg) == OK)
			t->pairs[st] = (short)(st + 1);
	}
}

static void
term_init_colors(struct term *t, enum term_color color)
{
	const char *no_color = getenv("NO_COLOR"); /* https://no-color.org: set and not empty */
	bool wanted = color != TERM_COLOR_NEVER;

	if (color == TERM_COLOR_AUTO && no_color != NULL && no_color[0] != '\0')
		wanted = false;
	t->defaults = true;
	if (wanted && has_colors() && start_color() == OK && COLOR_PAIRS > STYLES) {
		t->colors = COLORS;
		t->defaults = use_default_colors() == OK;
	}
	term_init_styles(t, THEME_DARK);
}

static void
term_init_keys(struct term *t)
{
	unsigned i;

	nodelay(t->keys, TRUE);
	keypad(t->keys, TRUE);
	set_escdelay(ESCAPE_MS);
	define_key("\033[<", KEY_SGR);
	for (i = 0; i < NITEMS(stray_keys); i++)
		if (key_defined(stray_keys[i].sequence) == 0)
			define_key(stray_keys[i].sequence, stray_keys[i].code);
}

/* newterm() without the handlers that curses installs for some signals. */
static SCREEN *
term_newterm(FILE *out, FILE *in)
{
	struct sigaction before[NITEMS(curses_signals)];
	SCREEN *screen;
	unsigned i;

	for (i = 0; i < NITEMS(curses_signals); i++)
		sigaction(curses_signals[i], NULL, &before[i]);
	screen = newterm(NULL, out, in);
	for (i = 0; i < NITEMS(curses_signals); i++)
		sigaction(curses_signals[i], &before[i], NULL);
	return screen;
}

static bool
term_open_screen(struct term *t, struct buf *err)
{
	int fd = fcntl(t->tty.in, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);

	t->in = fd < 0 ? NULL : fdopen(fd, "r");
	if (t->in == NULL) {
		buf_setf(err, "cannot open a descriptor for keys: %s", strerror(errno));
		if (fd >= 0)
			close(fd);
		return false;
	}
	/* The variables may belong to another window, and use_env(FALSE) fails if terminfo has
	 * no size. */
	unsetenv("LINES");
	unsetenv("COLUMNS");
	t->keys = term_newterm(t->pipe.file, t->in) == NULL ? NULL : newpad(1, 1);
	if (t->keys == NULL && !tty_lacks_files(t->tty.out, err))
		buf_setf(err, "not enough memory for the screen");
	return t->keys != NULL;
}

/*
 * Lets the terminal scroll moved lines. Content lost by that is redrawn in the same update, so this
 * is used only if the whole screen fits into the pipe.
 */
static void
term_set_scrolling(struct term *t)
{
	idlok(stdscr, (size_t)getmaxx(stdscr) * (size_t)getmaxy(stdscr) <= t->slice);
}

static void
term_init_screen(struct term *t, enum term_color color)
{
	size_t room = output_pipe_room(&t->pipe);

	t->slice = room > MODE_BYTES + CELL_BYTES ? (room - MODE_BYTES) / CELL_BYTES : 1;
	/* Enter is '\r', and a newline does not return the cursor, as tty_set_raw() sets it. */
	nonl();
	noecho();
	typeahead(-1); /* pending keys do not interrupt a redraw */
	term_set_scrolling(t);
	term_init_keys(t);
	term_init_colors(t, color);
}

/* Sends a sequence of modern terminals, which are those that have a mouse. */
static void
term_send(struct term *t, const char *sequence)
{
	if (!t->info.mouse)
		return;
	fputs(sequence, t->pipe.file);
	fflush(t->pipe.file);
	output_pipe_collect(&t->pipe);
}

/* Enables or disables mouse events in the terminal. */
static void
term_send_mouse_mode(struct term *t, bool on)
{
	if (on == t->mouse_on)
		return;
	term_send(t, on ? MOUSE_ON : MOUSE_OFF);
	t->mouse_on = on;
}

static void
term_acquire(struct term *t)
{
	tty_set_raw(&t->tty);
	crash_restore_arm(&t->tty, t->info.restore);
	term_send(t, PASTE_ON SYNC_ASK);
	t->clear = true;
}

/* Drops a redraw that the terminal does not accept, so that the final sequences are sent. */
static void
term_release(struct term *t)
{
	if (!t->tty.taken)
		return;
	term_flush(t);
	output_pipe_drop(&t->pipe);
	term_send_mouse_mode(t, false);
	term_send(t, PASTE_OFF);
	endwin();
	output_pipe_collect(&t->pipe);
	output_pipe_drain(&t->pipe, &t->tty, LEAVE_MS);
	output_pipe_drop(&t->pipe);
	crash_restore_disarm();
	tty_restore(&t->tty);
}

static bool
term_open(struct term *t, struct buf *err)
{
	bool ok;

	terminfo_init();
	ok = output_pipe_open(&t->pipe, err) && terminfo_read(&t->info, t->tty.out, err) &&
	    term_open_screen(t, err);
	terminfo_fini();
	return ok;
}

struct term *
term_new(enum term_color color, struct buf *err)
{
	struct term *t = xcalloc(1, sizeof *t);

	if (!tty_open(&t->tty, err)) {
		free(t);
		return NULL;
	}
	if (!term_open(t, err)) {
		term_del(t);
		return NULL;
	}
	term_init_screen(t, color);
	term_acquire(t);
	return t;
}

void
term_del(struct term *t)
{
	if (t == NULL)
		return;
	term_release(t);
	crash_restore_fini();
	if (t->keys != NULL)
		delwin(t->keys);
	/* The screen stays: ncurses 6.4 crashes in delscreen() if it once lacked memory. */
	if (t->in != NULL)
		fclose(t->in);
	output_pipe_close(&t->pipe);
	tty_close(&t->tty);
	free(t);
}

void
term_set_theme(struct term *t, enum theme theme)
{
	term_init_styles(t, theme);
	t->clear = true;
}

void
term_set_mouse(struct term *t, bool on)
{
	t->mouse_wanted = on;
}

int
term_input_fd(const struct term *t)
{
	return t->tty.taken ? t->tty.in : -1;
}

int
term_output_fd(const struct term *t)
{
	return t->tty.taken ? t->tty.out : -1;
}

bool
term_pending(const struct term *t)
{
	return output_pipe_pending(&t->pipe);
}

bool
term_flush(struct term *t)
{
	return output_pipe_flush(&t->pipe, &t->tty);
}

bool
term_ready(const struct term *t)
{
	return t->tty.taken && !term_pending(t);
}

static void
term_refresh(struct term *t)
{
	wnoutrefresh(stdscr);
	doupdate();
	output_pipe_collect(&t->pipe);
}

static void
term_put_char(const struct term *t, int x, int y, const struct cell *cell, wchar_t base)
{
	wchar_t text[CELL_MARKS + 2];
	unsigned n = 0, i;
	cchar_t cc;

	text[n++] = base;
	for (i = 0; i < CELL_MARKS && cell->mark[i] != 0; i++)
		if (wcwidth((wchar_t)cell->mark[i]) == 0)
			text[n++] = (wchar_t)cell->mark[i];
	text[n] = L'\0';
	if (setcchar(&cc, text, t->attrs[cell->style], t->pairs[cell->style], NULL) == OK)
		mvwadd_wch(stdscr, y, x, &cc);
}

/*
 * Puts the character at x and returns its width in cells, as in the canvas. If the C library has
 * another width, puts a question mark instead, so that later cells keep their position.
 */
static int
term_put_cell(const struct term *t, const struct canvas *c, int x, int y, int cols)
{
	const struct cell *cell = &c->cell[y * c->cols + x];
	int width = x + 1 < cols && cell[1].ch == 0 ? 2 : 1;

	if (cell->ch != 0 && wcwidth((wchar_t)cell->ch) == width) {
		term_put_char(t, x, y, cell, (wchar_t)cell->ch);
	} else {
		term_put_char(t, x, y, cell, L'?');
		if (width == 2)
			term_put_char(t, x + 1, y, cell, L' ');
	}
	return width;
}

/*
 * Gives curses the cells in slices whose output certainly fits into the pipe, and empties the pipe
 * after each.
 */
static void
term_put_canvas(struct term *t, const struct canvas *c)
{
	int cols = c->cols < getmaxx(stdscr) ? c->cols : getmaxx(stdscr);
	int rows = c->rows < getmaxy(stdscr) ? c->rows : getmaxy(stdscr);
	size_t n = 0;
	int x, y;

	for (y = 0; y < rows; y++) {
		for (x = 0; x < cols; x += term_put_cell(t, c, x, y, cols)) {
			if (++n > t->slice) {
				term_refresh(t);
				n = 1;
			}
		}
	}
}

static void
term_paint(struct term *t, const struct canvas *c)
{
	bool hidden = c->cursor_x < 0 || c->cursor_y < 0;

	leaveok(stdscr, hidden);
	if (hidden)
		curs_set(0);
	if (t->clear) {
		werase(stdscr);
		clearok(curscr, TRUE);
		term_refresh(t);
		t->clear = false;
	}
	term_put_canvas(t, c);
	if (!hidden) {
		wmove(stdscr, c->cursor_y, c->cursor_x);
		curs_set(1);
	}
	term_refresh(t);
}

/* An update without a change sends nothing. */
void
term_show(struct term *t, const struct canvas *c, bool clear)
{
	struct buf *out = &t->pipe.waiting;
	size_t before, begun;

	t->clear = t->clear || clear;
	if (!term_ready(t))
		return;
	term_send_mouse_mode(t, t->mouse_wanted);
	before = out->len;
	if (t->synchronized)
		buf_adds(out, SYNC_BEGIN);
	begun = out->len;
	term_paint(t, c);
	if (!t->synchronized)
		return;
	if (out->len > begun) {
		buf_adds(out, SYNC_END);
		return;
	}
	out->len = before;
	out->s[before] = '\0';
}

/* False if the key is unknown. */
static bool
term_translate_keypad(wint_t code, uint32_t *key)
{
	unsigned i;

	for (i = 0; i < NITEMS(keypad_keys); i++) {
		if ((wint_t)keypad_keys[i].code == code) {
			*key = keypad_keys[i].key;
			return true;
		}
	}
	return false;
}

static uint32_t
term_translate_char(wint_t ch)
{
	switch (ch) {
	case '\n': /* pasted lines */
		return KEYC_ENTER;
	case '\b': /* the backspace of older terminals */
		return KEYC_BACKSPACE;
	default:
		return (uint32_t)ch;
	}
}

bool
term_key(struct term *t, uint32_t *key, bool *gone)
{
	wint_t ch;
	int kind;

	*gone = false;
	if (!t->tty.taken)
		return false;
	while ((kind = wget_wch(t->keys, &ch)) != ERR) {
		if (kind == KEY_CODE_YES && ch == KEY_SGR) {
			ui_mouse_init(&t->mouse);
			continue;
		}
		if (kind == KEY_CODE_YES && ch == KEY_SYNC)
			t->synchronized = true;
		if (kind == OK && t->mouse.reading) {
			if (ui_mouse_feed(&t->mouse, (uint32_t)ch, key))
				return true;
			continue;
		}
		if (kind == KEY_CODE_YES && !term_translate_keypad(ch, key))
			continue;
		if (kind == OK)
			*key = term_translate_char(ch);
		return true;
	}
	*gone = tty_hung_up(&t->tty);
	return false;
}

void
term_size(struct term *t, int *cols, int *rows)
{
	if (!tty_size(&t->tty, cols, rows)) {
		*cols = t->info.cols;
		*rows = t->info.rows;
	}
	*cols = (int)clamp(*cols, 1, CANVAS_MAX_COLS);
	*rows = (int)clamp(*rows, 1, CANVAS_MAX_ROWS);
	if (*cols == getmaxx(stdscr) && *rows == getmaxy(stdscr))
		return;
	/* Not resizeterm(), which generates a key. */
	resize_term(*rows, *cols);
	term_set_scrolling(t);
	t->clear = true;
}

void
term_suspend(struct term *t)
{
	term_release(t);
}

bool
term_resume(struct term *t)
{
	if (!tty_foreground(&t->tty)) {
		term_release(t);
		return false;
	}
	term_acquire(t);
	return true;
}

bool
term_ascii(void)
{
	/* Their fonts have letters, but few of the line and block characters. */
	static const char *const plain[] = { "vt1", "vt2", "vt52", "linux", "ansi", "cons25" };
	const char *type = getenv("TERM");

	for (unsigned i = 0; type != NULL && i < NITEMS(plain); i++)
		if (strncmp(type, plain[i], strlen(plain[i])) == 0)
			return true;
	return strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
}

uint64_t
term_sent(const struct term *t)
{
	return t->pipe.sent;
}

/* Sent after the queued output of curses, so never within one of its sequences. */
bool
term_copy(struct term *t, const char *text)
{
	const char *type = getenv("TERM"), *tmux = getenv("TMUX");

	output_pipe_collect(&t->pipe);
	return clipboard_sequence(
	    &t->pipe.waiting, type != NULL ? type : "", tmux != NULL && *tmux != '\0', text);
}
