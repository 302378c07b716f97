/*
 * Terminal handling in ui/term.c, tested with tests/pty/term_demo.c. TERM_DEMO names that program.
 */
#include "config.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cases.h"
#include "pty.h"

#define SKIPPED 77

static const char *demo_argv[2], *busy_argv[3];

static const struct subject demo = {
	.argv = demo_argv,
	.busy = busy_argv,
	.first = "count ",
	.key = "\033OB",
	.answer = "key Down.",
	.leave = "q",
};

static void
test_first_screen(void **state)
{
	(void)state;
	case_first_screen(&demo);
}

static void
test_size_is_the_terminals(void **state)
{
	const struct pty_run run = { .argv = demo_argv, .cols = 91, .rows = 33 };
	struct pty *p = pty_new(&run);

	(void)state;
	assert_true(pty_wait_text(p, "size 91x33", 2000));
	pty_resize(p, 70, 9);
	assert_true(pty_wait_text(p, "size 70x9", 2000));
	pty_del(p);
}

static const struct {
	const char *sent, *name;
} keys[] = {
	{ "x", "U+0078" },
	{ "\u00e9", "U+00E9" },
	{ "\U0001f600", "U+1F600" },
	{ "\r", "Enter" },
	{ "\t", "Tab" },
	{ "\177", "Backspace" },
	{ "\b", "Backspace" },
	{ "\033", "Esc" },
	{ "\033OA", "Up" },
	{ "\033[B", "Down" }, /* sent by terminals that ignore smkx */
	{ "\033OC", "Right" },
	{ "\033[D", "Left" },
	{ "\033[5~", "PgUp" },
	{ "\033[6~", "PgDn" },
	{ "\033OH", "Home" },
	{ "\033[1~", "Home" },
	{ "\033OF", "End" },
	{ "\033[4~", "End" },
	{ "\033[3~", "Delete" },
	{ "\033[Z", "BackTab" },
	{ "\033OP", "F1" },
	{ "\033[14~", "F4" },
	{ "\033[21~", "F10" },
	{ "\023", "Ctrl-S" },
	{ "\021", "Ctrl-Q" },
	{ "\026", "Ctrl-V" },
};

static void
test_keys(void **state)
{
	struct pty *p = started(&demo);
	char text[64];

	(void)state;
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		/* A key in between, so that equal names can be distinguished. */
		pty_send(p, ".");
		assert_true(pty_wait_text(p, "key U+002E.", 2000));
		pty_send(p, keys[i].sent);
		snprintf(text, sizeof text, "key %s.", keys[i].name);
		if (!pty_wait_text(p, text, 2000))
			fail_msg("wanted \"%s\", got \"%s\"", text, pty_row(p, 1));
	}
	pty_del(p);
}

static void
test_interrupt_key_leaves(void **state)
{
	struct pty *p = started(&demo);

	(void)state;
	pty_send(p, "\003");
	assert_left(p, 2000);
	pty_del(p);
}

/* Captured packets come from standard input; keys still come from the terminal. */
static void
test_keys_beside_a_pipe(void **state)
{
	char line[512];
	const char *argv[] = { "/bin/sh", "-c", line, NULL };
	const struct pty_run run = { .argv = argv };
	struct pty *p;

	(void)state;
	snprintf(line, sizeof line, "exec '%s' < /dev/null", demo_argv[0]);
	p = pty_new(&run);
	assert_true(pty_wait_text(p, demo.first, 2000));
	pty_send(p, demo.key);
	assert_true(pty_wait_text(p, demo.answer, 2000));
	pty_send(p, "q");
	assert_left(p, 2000);
	pty_del(p);
}

static void
test_wide_and_combining(void **state)
{
	struct pty *p = started(&demo);

	(void)state;
	pty_send(p, "w");
	assert_true(pty_wait_text(p, "[\u4e2d\u6587] e\u0301 \u2588|", 2000));
	pty_del(p);
}

static void
test_plain_locale_shows_ascii(void **state)
{
	const char *env[] = { "LC_ALL=C", NULL };
	const struct pty_run run = { .argv = demo_argv, .env = env };
	struct pty *p = pty_new(&run);

	(void)state;
	assert_true(pty_wait_text(p, demo.first, 2000));
	pty_send(p, "w");
	assert_true(pty_wait_text(p, "|", 2000));
	for (const char *c = pty_row(p, 3); *c != '\0'; c++)
		assert_in_range((unsigned char)*c, ' ', '~');
	pty_del(p);
}

static void
test_cursor_shown_where_asked(void **state)
{
	struct pty *p = started(&demo);
	int x, y;

	(void)state;
	pty_send(p, "p");
	assert_true(pty_wait_text(p, "key U+0070.", 2000));
	pty_read(p, 50);
	assert_true(pty_cursor_shown(p));
	pty_cursor(p, &x, &y);
	assert_int_equal(x, 4);
	assert_int_equal(y, 4);
	pty_send(p, "p.");
	assert_true(pty_wait_text(p, "key U+002E.", 2000));
	pty_read(p, 50);
	assert_false(pty_cursor_shown(p));
	pty_del(p);
}

/* A redraw in which two digits change sends little more than two digits. */
static void
test_at_rest_few_bytes(void **state)
{
	struct pty *p = started(&demo);
	uint64_t before;

	(void)state;
	pty_read(p, 200);
	before = pty_bytes(p);
	pty_read(p, 3100);
	assert_in_range(pty_bytes(p) - before, 3, 3 * 40);
	pty_del(p);
}

static const struct {
	const char *env[3];
	bool color;
} colors[] = {
	{ { "TERM=xterm-256color", NULL }, true },
	{ { "TERM=xterm", NULL }, true },
	{ { "TERM=linux", NULL }, true },
	{ { "TERM=xterm-256color", "NO_COLOR=1", NULL }, false },
	{ { "TERM=xterm-256color", "NO_COLOR=", NULL }, true },
	{ { "TERM=vt100", NULL }, false },
	{ { "TERM=xterm-mono", NULL }, false },
};

static void
test_colors_by_terminal(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof colors / sizeof colors[0]; i++) {
		const struct pty_run run = { .argv = demo_argv, .env = colors[i].env };
		struct pty *p = pty_new(&run);

		if (!pty_wait_text(p, demo.first, 2000))
			fail_msg("no picture with %s", colors[i].env[0]);
		if (pty_colored(p, 0, 0) != colors[i].color)
			fail_msg("%s: colour where none is wanted, or none", colors[i].env[0]);
		pty_send(p, "q");
		assert_int_equal(pty_wait_end(p, 2000).change, PTY_EXITED);
		assert_true(pty_mode_as_found(p));
		pty_del(p);
	}
}

static void
test_sleeping_reader_holds_nothing_up(void **state)
{
	const struct pty_run run = { .argv = busy_argv, .cols = 500, .rows = 200 };
	struct pty *p = pty_new(&run);

	(void)state;
	assert_true(pty_wait_text(p, demo.first, 2000));
	poll(NULL, 0, 1500);
	pty_send(p, ".");
	assert_true(pty_wait_text(p, "key U+002E.", 2000));
	assert_true(pty_wait_text(p, "worst show short", 100));
	pty_del(p);
}

static void
test_leaves(void **state)
{
	(void)state;
	case_leaves(&demo);
}

static void
test_signals_leave(void **state)
{
	(void)state;
	case_signal_leaves(&demo, SIGTERM);
	case_signal_leaves(&demo, SIGINT);
	case_signal_leaves(&demo, SIGHUP);
	case_signal_leaves(&demo, SIGQUIT);
}

static void
test_faults(void **state)
{
	(void)state;
	case_fault(&demo, SIGSEGV);
	case_fault(&demo, SIGABRT);
	case_fault(&demo, SIGBUS);
}

static void
test_stop(void **state)
{
	(void)state;
	case_stop(&demo);
}

static void
test_background(void **state)
{
	(void)state;
	case_background(&demo);
}

static void
test_resizes(void **state)
{
	(void)state;
	case_resizes(&demo);
}

static void
test_sleeping_reader(void **state)
{
	(void)state;
	case_sleeping_reader(&demo);
}

static void
test_leaves_unread(void **state)
{
	(void)state;
	case_leaves_unread(&demo);
}

static void
test_hang_up(void **state)
{
	(void)state;
	case_hang_up(&demo, false);
	case_hang_up(&demo, true);
}

static void
test_bad_types(void **state)
{
	(void)state;
	case_bad_type(&demo, "TERM", "TERM is not set");
	case_bad_type(&demo, "TERM=", "TERM is not set");
	case_bad_type(&demo, "TERM=dumb", "TERM=dumb: ");
	case_bad_type(&demo, "TERM=no-such-thing", "TERM=no-such-thing: unknown terminal type");
	case_bad_type(&demo, "TERM=\033]0;x\a/../x", "]0;x");
}

static void
test_no_terminal(void **state)
{
	(void)state;
	case_no_terminal(&demo);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_screen),
		cmocka_unit_test(test_size_is_the_terminals),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_interrupt_key_leaves),
		cmocka_unit_test(test_keys_beside_a_pipe),
		cmocka_unit_test(test_wide_and_combining),
		cmocka_unit_test(test_plain_locale_shows_ascii),
		cmocka_unit_test(test_cursor_shown_where_asked),
		cmocka_unit_test(test_at_rest_few_bytes),
		cmocka_unit_test(test_colors_by_terminal),
		cmocka_unit_test(test_sleeping_reader_holds_nothing_up),
		cmocka_unit_test(test_leaves),
		cmocka_unit_test(test_signals_leave),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_background),
		cmocka_unit_test(test_resizes),
		cmocka_unit_test(test_sleeping_reader),
		cmocka_unit_test(test_leaves_unread),
		cmocka_unit_test(test_hang_up),
		cmocka_unit_test(test_bad_types),
		cmocka_unit_test(test_no_terminal),
	};

	demo_argv[0] = busy_argv[0] = getenv("TERM_DEMO");
	busy_argv[1] = "busy";
	if (demo_argv[0] == NULL) {
		fputs("skipped: TERM_DEMO does not name the demo program\n", stderr);
		return SKIPPED;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
