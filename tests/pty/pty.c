#include "config.h"

#include "pty.h"

#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>

#include <cmocka.h>

/* A program that has exited, without output for this long, has written everything. */
#define QUIET_MS 100

struct pty {
	struct pty *next;
	int master, slave;
	int events;   /* from the keeper: struct event */
	int commands; /* to the keeper: 'f' or 'b' */
	pid_t keeper, program;
	struct termios found;
	VTerm *vt;
	VTermScreen *screen;
	int cols, rows;
	uint64_t bytes;
	bool escaped, alternate, cursor_shown, mouse;
	char row[8192];
	char newest[16384]; /* the bytes read last */
	size_t n_newest;
};

struct event {
	pid_t pid; /* the program's, at first */
	struct pty_end end;
};

int64_t
pty_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* The keeper and the program, after fork: no assertions here, because a failure would continue
 * the tests in the child. */

static volatile pid_t kept;

static void
pass_on(int sig)
{
	if (kept > 0)
		kill(kept, sig);
}

static void
run_program(const struct pty_run *run)
{
	const char *const *e;
	char name[64];

	setpgid(0, 0);
	tcsetpgrp(STDIN_FILENO, getpid());
	signal(SIGTTOU, SIG_DFL);
	/* Shells ignore these for background jobs, which the tests may be. */
	signal(SIGINT, SIG_DFL);
	signal(SIGQUIT, SIG_DFL);
	signal(SIGHUP, run->ignore_hup ? SIG_IGN : SIG_DFL);
	setenv("TERM", "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	unsetenv("NO_COLOR");
	/* The terminal's size is used, not the environment's. */
	setenv("COLUMNS", "13", 1);
	setenv("LINES", "7", 1);
	for (e = run->env; e != NULL && *e != NULL; e++) {
		size_t n = strcspn(*e, "=");

		if ((*e)[n] == '\0') {
			unsetenv(*e);
		} else if (n < sizeof name) {
			memcpy(name, *e, n);
			name[n] = '\0';
			setenv(name, *e + n + 1, 1);
		}
	}
	execvp(run->argv[0], (char *const *)(uintptr_t)run->argv);
	_exit(127);
}

static struct pty_end
end_of(int status, const struct rusage *ru)
{
	struct pty_end end = { .change = PTY_EXITED, .status = WEXITSTATUS(status) };

	if (WIFSTOPPED(status))
		end = (struct pty_end){ .change = PTY_STOPPED, .status = WSTOPSIG(status) };
	else if (WIFSIGNALED(status))
		end = (struct pty_end){ .change = PTY_KILLED, .status = WTERMSIG(status) };
	end.cpu_ms = (unsigned)((ru->ru_utime.tv_sec + ru->ru_stime.tv_sec) * 1000 +
	    (ru->ru_utime.tv_usec + ru->ru_stime.tv_usec) / 1000);
	return end;
}

/* Handles job control like a shell. */
static void
keep(int events, int commands)
{
	struct event ev = { .pid = kept };
	struct rusage ru;
	int status;
	char command;

	(void)!write(events, &ev, sizeof ev);
	for (;;) {
		while (wait4(kept, &status, WUNTRACED, &ru) < 0)
			if (errno != EINTR)
				_exit(1);
		tcsetpgrp(STDIN_FILENO, getpgrp());
		ev.end = end_of(status, &ru);
		(void)!write(events, &ev, sizeof ev);
		if (ev.end.change != PTY_STOPPED)
			break;
		if (read(commands, &command, 1) == 1) {
			if (command == 'f')
				tcsetpgrp(STDIN_FILENO, kept);
			kill(kept, SIGCONT);
		}
	}
	/* The session, and so the terminal's mode, lasts until the test has checked it. */
	while (read(commands, &command, 1) > 0)
		;
	_exit(0);
}

static void
lead_session(const struct pty_run *run, int slave, int events, int commands)
{
	setsid();
	ioctl(slave, TIOCSCTTY, 0);
	dup2(slave, STDIN_FILENO);
	dup2(slave, STDOUT_FILENO);
	dup2(slave, STDERR_FILENO);
	close(slave);
	signal(SIGTTOU, SIG_IGN);
	(void)!write(STDOUT_FILENO, PTY_PROMPT "\n", strlen(PTY_PROMPT "\n"));
	kept = fork();
	if (kept == 0)
		run_program(run);
	setpgid(kept, kept);
	signal(SIGHUP, pass_on);
	signal(SIGPIPE, SIG_IGN);
	keep(events, commands);
}

/* The test's side. */

static int
on_property(VTermProp prop, VTermValue *val, void *arg)
{
	struct pty *p = arg;

	if (prop == VTERM_PROP_ALTSCREEN)
		p->alternate = val->boolean != 0;
	else if (prop == VTERM_PROP_CURSORVISIBLE)
		p->cursor_shown = val->boolean != 0;
	else if (prop == VTERM_PROP_MOUSE)
		p->mouse = val->number != VTERM_PROP_MOUSE_NONE;
	return 1;
}

static const VTermScreenCallbacks callbacks = { .settermprop = on_property };

static void
new_screen(struct pty *p, int cols, int rows)
{
	p->cols = cols;
	p->rows = rows;
	p->vt = vterm_new(rows, cols);
	assert_non_null(p->vt);
	vterm_set_utf8(p->vt, 1);
	p->screen = vterm_obtain_screen(p->vt);
	vterm_screen_set_callbacks(p->screen, &callbacks, p);
	vterm_screen_enable_altscreen(p->screen, 1);
	vterm_screen_reset(p->screen, 1);
}

static struct pty
    *living; /* all terminals: a keeper must not hold a descriptor that ends another one */

static void
close_others(void)
{
	for (const struct pty *p = living; p != NULL; p = p->next) {
		close(p->commands);
		close(p->events);
		if (p->master >= 0) {
			close(p->master);
			close(p->slave);
		}
	}
}

static void
no_inherit(int fd)
{
	fcntl(fd, F_SETFD, FD_CLOEXEC);
}

struct pty *
pty_new(const struct pty_run *run)
{
	struct pty *p = calloc(1, sizeof *p);
	struct winsize size = { .ws_col = (unsigned short)(run->cols > 0 ? run->cols : 80),
		.ws_row = (unsigned short)(run->rows > 0 ? run->rows : 24) };
	int events[2], commands[2];
	struct event ev;

	assert_non_null(p);
	assert_int_equal(openpty(&p->master, &p->slave, NULL, NULL, &size), 0);
	assert_int_equal(pipe(events), 0);
	assert_int_equal(pipe(commands), 0);
	no_inherit(p->master);
	no_inherit(p->slave);
	for (int i = 0; i < 2; i++) {
		no_inherit(events[i]);
		no_inherit(commands[i]);
	}
	assert_int_equal(tcgetattr(p->slave, &p->found), 0);
	p->keeper = fork();
	assert_true(p->keeper >= 0);
	if (p->keeper == 0) {
		close_others();
		close(p->master);
		close(events[0]);
		close(commands[1]);
		lead_session(run, p->slave, events[1], commands[0]);
	}
	close(events[1]);
	close(commands[0]);
	p->events = events[0];
	p->commands = commands[1];
	fcntl(p->master, F_SETFL, O_NONBLOCK);
	new_screen(p, size.ws_col, size.ws_row);
	assert_int_equal(read(p->events, &ev, sizeof ev), sizeof ev);
	p->program = ev.pid;
	p->next = living;
	living = p;
	return p;
}

void
pty_del(struct pty *p)
{
	struct pty **at = &living;

	while (*at != p)
		at = &(*at)->next;
	*at = p->next;
	if (p->program > 0)
		kill(p->program, SIGKILL);
	close(p->commands);
	close(p->events);
	if (p->master >= 0) {
		close(p->master);
		close(p->slave);
	}
	waitpid(p->keeper, NULL, 0);
	vterm_free(p->vt);
	free(p);
}

void
pty_send(struct pty *p, const char *keys)
{
	assert_int_equal(write(p->master, keys, strlen(keys)), (int)strlen(keys));
}

void
pty_signal(struct pty *p, int sig)
{
	assert_int_equal(kill(p->program, sig), 0);
}

/* A terminal may keep any part of the picture on a resize: this one keeps nothing. */
void
pty_resize(struct pty *p, int cols, int rows)
{
	struct winsize size = { .ws_col = (unsigned short)cols, .ws_row = (unsigned short)rows };
	bool alternate = p->alternate, shown = p->cursor_shown;

	vterm_free(p->vt);
	new_screen(p, cols > 0 ? cols : 80, rows > 0 ? rows : 24);
	vterm_input_write(p->vt, PTY_PROMPT "\r\n", strlen(PTY_PROMPT "\r\n"));
	if (alternate)
		vterm_input_write(p->vt, "\033[?1049h", 8);
	if (!shown)
		vterm_input_write(p->vt, "\033[?25l", 6);
	assert_int_equal(ioctl(p->master, TIOCSWINSZ, &size), 0);
}

void
pty_hang_up(struct pty *p)
{
	close(p->slave);
	close(p->master);
	p->master = p->slave = -1;
}

void
pty_continue(struct pty *p, bool foreground)
{
	assert_int_equal(write(p->commands, foreground ? "f" : "b", 1), 1);
}

static void
keep_newest(struct pty *p, const char *bytes, size_t n)
{
	size_t room = sizeof p->newest, old;

	if (n > room) {
		bytes += n - room;
		n = room;
	}
	old = p->n_newest < room - n ? p->n_newest : room - n;
	memmove(p->newest, p->newest + p->n_newest - old, old);
	memcpy(p->newest + old, bytes, n);
	p->n_newest = old + n;
}

/* libvterm stores what DECSC saves where the main screen's cursor is saved, which curses does while
 * it scrolls, and restores the visibility with it: so the last sequence counts. */
static void
note_cursor(struct pty *p)
{
	static const char sequence[] = "\033[?25";
	const size_t n = sizeof sequence - 1;

	for (size_t end = p->n_newest; end > n; end--) {
		const char *at = p->newest + end - n - 1;

		if (memcmp(at, sequence, n) == 0 && (at[n] == 'h' || at[n] == 'l')) {
			p->cursor_shown = at[n] == 'h';
			return;
		}
	}
}

/* Reads output for at most ms, and no longer than until an event has arrived. */
static void
take_output(struct pty *p, int ms)
{
	struct pollfd fds[] = { { .fd = p->master, .events = POLLIN },
		{ .fd = p->events, .events = POLLIN } };
	char bytes[65536];
	ssize_t n;

	(void)poll(fds, 2, ms < 0 ? 0 : ms);
	if ((fds[0].revents & POLLIN) == 0)
		return;
	n = read(p->master, bytes, sizeof bytes);
	if (n <= 0)
		return;
	p->bytes += (uint64_t)n;
	p->escaped = p->escaped || memchr(bytes, '\033', (size_t)n) != NULL;
	keep_newest(p, bytes, (size_t)n);
	vterm_input_write(p->vt, bytes, (size_t)n);
	note_cursor(p);
}

bool
pty_ended(const struct pty *p)
{
	struct pollfd fd = { .fd = p->events, .events = POLLIN };

	return poll(&fd, 1, 0) > 0;
}

void
pty_read(struct pty *p, int ms)
{
	int64_t end = pty_now_ms() + ms, left;

	while ((left = end - pty_now_ms()) > 0) {
		if (pty_ended(p))
			poll(NULL, 0, 1);
		take_output(p, (int)left);
	}
}

static bool
has_text(struct pty *p, const char *text)
{
	for (int y = 0; y < p->rows; y++)
		if (strstr(pty_row(p, y), text) != NULL)
			return true;
	return false;
}

static bool
wait_text(struct pty *p, const char *text, bool there, int ms)
{
	int64_t end = pty_now_ms() + ms;

	while (has_text(p, text) != there) {
		if (pty_now_ms() >= end)
			return false;
		if (pty_ended(p))
			poll(NULL, 0, 1);
		take_output(p, (int)(end - pty_now_ms()));
	}
	return true;
}

bool
pty_wait_text(struct pty *p, const char *text, int ms)
{
	return wait_text(p, text, true, ms);
}

bool
pty_wait_no_text(struct pty *p, const char *text, int ms)
{
	return wait_text(p, text, false, ms);
}

struct pty_end
pty_wait_end(struct pty *p, int ms)
{
	int64_t end = pty_now_ms() + ms, left;
	struct event ev = { .pid = 0 };
	uint64_t before;

	while (!pty_ended(p) && (left = end - pty_now_ms()) > 0)
		take_output(p, (int)left);
	if (!pty_ended(p) || read(p->events, &ev, sizeof ev) != sizeof ev)
		return (struct pty_end){ .change = PTY_NOTHING };
	if (ev.end.change != PTY_STOPPED)
		p->program = 0;
	/* The last output may still be in the pipe. */
	do {
		before = p->bytes;
		pty_read(p, QUIET_MS);
	} while (p->bytes != before);
	return ev.end;
}

const char *
pty_row(struct pty *p, int y)
{
	VTermRect rect = { .start_row = y, .end_row = y + 1, .start_col = 0, .end_col = p->cols };
	size_t n = vterm_screen_get_text(p->screen, p->row, sizeof p->row - 1, rect);

	while (n > 0 && p->row[n - 1] == ' ')
		n--;
	p->row[n] = '\0';
	return p->row;
}

static VTermScreenCell
cell_at(const struct pty *p, int x, int y)
{
	VTermPos pos = { .row = y, .col = x };
	VTermScreenCell cell;

	assert_true(vterm_screen_get_cell(p->screen, pos, &cell));
	return cell;
}

bool
pty_colored(const struct pty *p, int x, int y)
{
	VTermScreenCell cell = cell_at(p, x, y);

	return !VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) || !VTERM_COLOR_IS_DEFAULT_BG(&cell.bg);
}

bool
pty_reversed(const struct pty *p, int x, int y)
{
	return cell_at(p, x, y).attrs.reverse;
}

void
pty_cursor(const struct pty *p, int *x, int *y)
{
	VTermPos pos;

	vterm_state_get_cursorpos(vterm_obtain_state(p->vt), &pos);
	*x = pos.col;
	*y = pos.row;
}

uint64_t
pty_bytes(const struct pty *p)
{
	return p->bytes;
}

bool
pty_got(const struct pty *p, const char *bytes)
{
	return memmem(p->newest, p->n_newest, bytes, strlen(bytes)) != NULL;
}

bool
pty_escaped(const struct pty *p)
{
	return p->escaped;
}

bool
pty_alternate(const struct pty *p)
{
	return p->alternate;
}

bool
pty_mouse(const struct pty *p)
{
	return p->mouse;
}

bool
pty_cursor_shown(const struct pty *p)
{
	return p->cursor_shown;
}

bool
pty_mode_as_found(const struct pty *p)
{
	struct termios now;

	assert_int_equal(tcgetattr(p->slave, &now), 0);
	return now.c_iflag == p->found.c_iflag && now.c_oflag == p->found.c_oflag &&
	    now.c_cflag == p->found.c_cflag && now.c_lflag == p->found.c_lflag &&
	    memcmp(now.c_cc, p->found.c_cc, sizeof now.c_cc) == 0;
}
