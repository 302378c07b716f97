#include "config.h"

#include "cases.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct pty *
start(const struct pty_run *run, const struct subject *s)
{
	struct pty *p = pty_new(run);

	if (!pty_wait_text(p, s->first, SOON))
		fail_msg("no \"%s\" on the first screen; top row: \"%s\"", s->first, pty_row(p, 0));
	return p;
}

struct pty *
started(const struct subject *s)
{
	const struct pty_run run = { .argv = s->argv };

	return start(&run, s);
}

void
assert_restored(struct pty *p)
{
	assert_false(pty_alternate(p));
	assert_true(pty_cursor_shown(p));
	assert_false(pty_mouse(p));
	assert_string_equal(pty_row(p, 0), PTY_PROMPT);
	assert_true(pty_mode_as_found(p));
}

void
assert_left(struct pty *p, int ms)
{
	struct pty_end end = pty_wait_end(p, ms);

	assert_int_equal(end.change, PTY_EXITED);
	assert_int_equal(end.status, 0);
	assert_restored(p);
}

void
case_first_screen(const struct subject *s)
{
	const struct pty_run run = { .argv = s->argv };
	struct pty *p = pty_new(&run);

	assert_true(pty_wait_text(p, s->first, 1000));
	assert_true(pty_alternate(p));
	assert_false(pty_cursor_shown(p));
	assert_false(pty_mode_as_found(p));
	pty_del(p);
}

void
case_leaves(const struct subject *s)
{
	struct pty *p = started(s);

	pty_send(p, s->leave);
	assert_left(p, SOON);
	pty_del(p);
}

void
case_signal_leaves(const struct subject *s, int sig)
{
	struct pty *p = started(s);

	pty_signal(p, sig);
	assert_left(p, SOON);
	pty_del(p);
}

void
case_fault(const struct subject *s, int sig)
{
	struct pty *p = started(s);
	struct pty_end end;

	pty_signal(p, sig);
	end = pty_wait_end(p, SOON);
	assert_int_equal(end.change, PTY_KILLED);
	assert_int_equal(end.status, sig);
	assert_restored(p);
	pty_del(p);
}

static void
stop(struct pty *p)
{
	pty_send(p, "\032");
	assert_int_equal(pty_wait_end(p, SOON).change, PTY_STOPPED);
	assert_restored(p);
}

void
case_stop(const struct subject *s)
{
	struct pty *p = started(s);

	for (int i = 0; i < 2; i++) {
		stop(p);
		pty_continue(p, true);
		assert_true(pty_wait_text(p, s->first, SOON));
		assert_true(pty_alternate(p));
		assert_false(pty_mode_as_found(p));
	}
	pty_send(p, s->key);
	assert_true(pty_wait_text(p, s->answer, SOON));
	pty_signal(p, SIGTERM);
	assert_left(p, SOON);
	pty_del(p);
}

/* Continued in the background, it does not touch the terminal, and can be ended there. */
void
case_background(const struct subject *s)
{
	struct pty *p = started(s);
	uint64_t before;

	stop(p);
	before = pty_bytes(p);
	pty_continue(p, false);
	assert_int_equal(pty_wait_end(p, 1500).change, PTY_NOTHING);
	pty_signal(p, SIGTERM);
	assert_left(p, SOON);
	assert_int_equal(pty_bytes(p), before);
	pty_del(p);
}

void
case_resizes(const struct subject *s)
{
	static const struct {
		int cols, rows;
	} edges[] = { { 1, 1 }, { 500, 200 }, { 2, 1 }, { 1, 200 }, { 500, 1 }, { 0, 0 }, { 80, 2 },
		{ 1000, 500 } };
	const size_t n = sizeof edges / sizeof edges[0];
	const struct pty_run run = { .argv = s->busy };
	struct pty *p = start(&run, s);
	unsigned random = 1;

	for (unsigned i = 0; i < 300; i++) {
		random = random * 1103515245 + 12345;
		if (i % 10 == 0)
			pty_resize(p, edges[i / 10 % n].cols, edges[i / 10 % n].rows);
		else
			pty_resize(
			    p, (int)(1 + (random >> 16) % 500), (int)(1 + (random >> 8) % 200));
		pty_read(p, 5);
	}
	pty_resize(p, 80, 24);
	assert_true(pty_wait_text(p, s->first, SOON));
	pty_send(p, s->leave);
	assert_left(p, SOON);
	pty_del(p);
}

void
case_sleeping_reader(const struct subject *s)
{
	const struct pty_run run = { .argv = s->busy, .cols = 200, .rows = 50 };
	struct pty *p = start(&run, s);
	int64_t began;

	poll(NULL, 0, 3000);
	began = pty_now_ms();
	pty_send(p, s->key);
	assert_true(pty_wait_text(p, s->answer, SOON));
	assert_in_range(pty_now_ms() - began, 0, 100);
	pty_del(p);
}

/* It exits in time even if the terminal is not read. */
void
case_leaves_unread(const struct subject *s)
{
	const struct pty_run run = { .argv = s->busy, .cols = 200, .rows = 50 };
	struct pty *p = start(&run, s);
	int64_t began;

	poll(NULL, 0, 500);
	began = pty_now_ms();
	pty_signal(p, SIGTERM);
	while (!pty_ended(p) && pty_now_ms() - began < SOON)
		poll(NULL, 0, 10);
	assert_in_range(pty_now_ms() - began, 0, 1000);
	pty_read(p, 50);
	assert_true(pty_mode_as_found(p));
	pty_del(p);
}

void
case_hang_up(const struct subject *s, bool ignore_hup)
{
	const struct pty_run run = { .argv = s->argv, .ignore_hup = ignore_hup };
	struct pty *p = start(&run, s);
	struct pty_end end;

	pty_hang_up(p);
	end = pty_wait_end(p, 1000);
	assert_int_equal(end.change, PTY_EXITED);
	assert_in_range(end.cpu_ms, 0, 500);
	pty_del(p);
}

/* One line with the error, and no escape sequences. */
static void
assert_refused(struct pty *p, const char *said)
{
	struct pty_end end = pty_wait_end(p, SOON);

	assert_int_equal(end.change, PTY_EXITED);
	assert_int_equal(end.status, 1);
	if (strstr(pty_row(p, 1), said) == NULL)
		fail_msg("wanted \"%s\", got \"%s\"", said, pty_row(p, 1));
	assert_string_equal(pty_row(p, 2), "");
	assert_false(pty_escaped(p));
	assert_true(pty_mode_as_found(p));
	pty_del(p);
}

void
case_bad_type(const struct subject *s, const char *term, const char *said)
{
	const char *env[] = { term, NULL };
	const struct pty_run run = { .argv = s->argv, .env = env, .cols = 200 };

	assert_refused(pty_new(&run), said);
}

void
case_no_terminal(const struct subject *s)
{
	char line[512];
	const char *argv[] = { "/bin/sh", "-c", line, NULL };
	const struct pty_run run = { .argv = argv, .cols = 200 };
	size_t n = 0;

	for (int i = 0; s->argv[i] != NULL; i++)
		n += (size_t)snprintf(line + n, sizeof line - n, "'%s' ", s->argv[i]);
	snprintf(line + n, sizeof line - n, "> /dev/null");
	assert_refused(pty_new(&run), "standard output is not a terminal");
}
