/*
 * A minimal program that uses ui/term.h, for its tests: it shows a counter, the names of the keys
 * pressed, and delays of the loop.
 *
 *	term_demo [busy]	busy: all cells change, every 10 ms
 *
 * Keys: q quits, p shows the cursor, w shows wide and combining characters.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "control/keymap.h"
#include "screen/canvas.h"
#include "ui/term.h"
#include "util/attr.h"
#include "util/die.h"

#define LONG_SHOW 500 /* ms; includes delays of a busy machine */

struct demo {
	struct term *term;
	struct canvas canvas;
	char key[32]; /* name of the last one */
	uint64_t count;
	int64_t worst; /* ms of the slowest redraw */
	bool busy, cursor, wide, quit;
};

static int signal_pipe[2];

static const struct {
	uint32_t key;
	const char *name;
} names[] = {
	{ KEYC_ENTER, "Enter" },
	{ KEYC_ESC, "Esc" },
	{ KEYC_TAB, "Tab" },
	{ KEYC_BACKSPACE, "Backspace" },
	{ KEYC_UP, "Up" },
	{ KEYC_DOWN, "Down" },
	{ KEYC_LEFT, "Left" },
	{ KEYC_RIGHT, "Right" },
	{ KEYC_PGUP, "PgUp" },
	{ KEYC_PGDN, "PgDn" },
	{ KEYC_HOME, "Home" },
	{ KEYC_END, "End" },
	{ KEYC_DELETE, "Delete" },
	{ KEYC_BACKTAB, "BackTab" },
	{ KEYC_F1, "F1" },
	{ KEYC_F4, "F4" },
	{ KEYC_F10, "F10" },
	{ KEYC_CTRL('s'), "Ctrl-S" },
	{ KEYC_CTRL('q'), "Ctrl-Q" },
	{ KEYC_CTRL('v'), "Ctrl-V" },
};

static int64_t
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void
on_signal(int sig)
{
	char c = (char)sig;
	int saved = errno;

	if (write(signal_pipe[1], &c, 1) < 0)
		errno = saved;
}

static void
catch_signals(void)
{
	static const int caught[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT,
		SIGWINCH };
	struct sigaction act = { .sa_flags = SA_RESTART }, before;
	unsigned i;

	if (pipe(signal_pipe) != 0)
		die("no pipe");
	for (i = 0; i < 2; i++)
		fcntl(signal_pipe[i], F_SETFL, O_NONBLOCK);
	act.sa_handler = on_signal;
	sigemptyset(&act.sa_mask);
	for (i = 0; i < NITEMS(caught); i++) {
		sigaction(caught[i], NULL, &before);
		/* Also tests that term_new() does not change these. */
		if (before.sa_handler == SIG_DFL)
			sigaction(caught[i], &act, NULL);
		else if (before.sa_handler != SIG_IGN)
			die("a handler was there for signal %d", caught[i]);
	}
}

static void
resize(struct demo *d)
{
	int cols, rows;

	term_size(d->term, &cols, &rows);
	canvas_resize(&d->canvas, cols, rows);
}

static void
fill(struct demo *d)
{
	char text[2] = { (char)('a' + d->count % 26), '\0' };
	int x, y;

	for (y = 3; y < d->canvas.rows; y++) {
		for (x = 0; x < d->canvas.cols; x++) {
			int style = (int)((d->count + (uint64_t)x) % STYLES);

			canvas_put(&d->canvas, x, y, 1, (enum style)style, text);
		}
	}
}

static void
paint(struct demo *d)
{
	struct canvas *c = &d->canvas;
	char line[160];

	canvas_clear(c);
	snprintf(line, sizeof line, "count %llu size %dx%d", (unsigned long long)d->count, c->cols,
	    c->rows);
	canvas_put(c, 0, 0, c->cols, STYLE_TITLE, line);
	snprintf(line, sizeof line, "key %s.", d->key);
	canvas_put(c, 0, 1, c->cols, STYLE_PLAIN, line);
	if (d->busy) {
		snprintf(
		    line, sizeof line, "worst show %s", d->worst < LONG_SHOW ? "short" : "long");
		canvas_put(c, 0, 2, c->cols, STYLE_PLAIN, line);
	}
	if (d->busy)
		fill(d);
	if (d->wide)
		canvas_put(c, 0, 3, c->cols, STYLE_GOOD, "[\u4e2d\u6587] e\u0301 \u2588|");
	c->cursor_x = c->cursor_y = d->cursor ? 4 : -1;
	term_show(d->term, c, false);
}

static void
name_key(struct demo *d, uint32_t key)
{
	unsigned i;

	for (i = 0; i < NITEMS(names); i++) {
		if (names[i].key == key) {
			strlcpy(d->key, names[i].name, sizeof d->key);
			return;
		}
	}
	snprintf(d->key, sizeof d->key, "U+%04X", (unsigned)key);
}

static void
take_keys(struct demo *d)
{
	uint32_t key;
	bool gone;

	while (term_key(d->term, &key, &gone)) {
		name_key(d, key);
		d->cursor = d->cursor != (key == 'p');
		d->wide = d->wide != (key == 'w');
		if (key == 'q')
			d->quit = true;
	}
	if (gone)
		d->quit = true;
}

static void
take_signal(struct demo *d, int sig)
{
	switch (sig) {
	case SIGTSTP:
		term_suspend(d->term);
		raise(SIGSTOP);
		break;
	case SIGCONT:
		if (term_resume(d->term))
			resize(d);
		break;
	case SIGWINCH:
		resize(d);
		break;
	default:
		d->quit = true;
	}
}

static void
show(struct demo *d)
{
	int64_t began = now_ms();

	if (!term_flush(d->term))
		d->quit = true;
	if (term_ready(d->term))
		paint(d);
	if (!term_flush(d->term))
		d->quit = true;
	if (now_ms() - began > d->worst)
		d->worst = now_ms() - began;
}

static void
turn(struct demo *d)
{
	struct pollfd fds[] = { { .fd = term_input_fd(d->term), .events = POLLIN },
		{ .fd = term_pending(d->term) ? term_output_fd(d->term) : -1, .events = POLLOUT },
		{ .fd = signal_pipe[0], .events = POLLIN } };
	int wait = d->busy ? 10 : 1000;
	char sig;

	if (poll(fds, NITEMS(fds), wait) == 0)
		d->count++;
	while (read(signal_pipe[0], &sig, 1) == 1)
		take_signal(d, sig);
	take_keys(d);
	show(d);
}

static void
restore(void *term)
{
	term_del(term);
}

int
main(int argc, char **argv)
{
	struct demo d = { .busy = argc > 1 && strcmp(argv[1], "busy") == 0 };
	char text[256];
	struct buf err;

	setlocale(LC_ALL, "");
	buf_init(&err, text, sizeof text);
	d.term = term_new(TERM_COLOR_AUTO, &err);
	if (d.term == NULL)
		die("%s", err.s);
	exit_hook_set(restore, d.term);
	catch_signals();
	canvas_init(&d.canvas, term_ascii());
	resize(&d);
	show(&d);
	while (!d.quit)
		turn(&d);
	canvas_fini(&d.canvas);
	term_del(d.term);
	return EXIT_DONE;
}
