/* The terminal output of pkttop in bytes. PKTTOP names the program, MKTRACE the generator of its
 * packets. */
#include "config.h"

#include <poll.h>
#include <setjmp.h>
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

static const char *demo_argv[] = { NULL, "--demo", NULL };
static const char *busy_argv[] = { NULL, "--demo", "--delay=0.1", NULL };

static const struct subject pkttop = { .argv = demo_argv, .first = "DEMO" };

/* While the screen is paused only the clock changes. */
static void
test_at_rest_only_the_clock(void **state)
{
	struct pty *p = started(&pkttop);
	uint64_t before;

	(void)state;
	pty_send(p, " ");
	pty_read(p, 1500);
	before = pty_bytes(p);
	pty_read(p, 3000);
	assert_in_range(pty_bytes(p) - before, 0, 3 * 60);
	pty_del(p);
}

/* A slow terminal gets fewer redraws, and the title shows that. */
static void
test_slow_line(void **state)
{
	const struct pty_run run = { .argv = busy_argv, .cols = 200, .rows = 50 };
	struct pty *p = pty_new(&run);

	(void)state;
	assert_true(pty_wait_text(p, "DEMO", 5000));
	poll(NULL, 0, 4000);
	pty_send(p, "j");
	assert_true(pty_wait_text(p, "slow terminal: redrawn every ", 2000));
	assert_true(pty_wait_no_text(p, "slow terminal", 12000));
	pty_del(p);
}

/* The terminal scrolls lines that move down, without remains of the old ones. */
static void
test_a_log_scrolls(void **state)
{
	struct pty *p = started(&pkttop);
	char rows[24][512];

	(void)state;
	pty_send(p, "5/proto=arp\r");
	pty_read(p, 5000);
	assert_true(pty_got(p, "\033[1;24r"));
	pty_send(p, " ");
	pty_read(p, 300);
	for (int y = 5; y < 22; y++)
		strlcpy(rows[y], pty_row(p, y), sizeof rows[y]);
	assert_non_null(strstr(rows[8], " arp "));
	pty_send(p, "\f");
	pty_read(p, 300);
	for (int y = 5; y < 22; y++)
		assert_string_equal(pty_row(p, y), rows[y]);
	pty_del(p);
}

/* Fifteen similar flows are the worst case. On each screen size the most used views. */
#define SECONDS 8
#define TRIES   3

static struct line {
	int cols, rows;
	const char *keys;
	uint64_t limit; /* bytes per second: the share of a slow link */
	uint64_t least; /* minimum of all tries */
	uint64_t before;
	struct pty *p;
} lines[] = {
	{ 80, 24, "1", 600, UINT64_MAX, 0, NULL },
	{ 80, 24, "2", 600, UINT64_MAX, 0, NULL },
	{ 80, 24, "1\r", 600, UINT64_MAX, 0, NULL },
	{ 80, 24, "5", 600, UINT64_MAX, 0, NULL },
	{ 160, 50, "1", 1200, UINT64_MAX, 0, NULL },
	{ 160, 50, "2", 1200, UINT64_MAX, 0, NULL },
	{ 160, 50, "5", 1200, UINT64_MAX, 0, NULL },
};

#define LINES (sizeof lines / sizeof lines[0])

static bool
is_within(const struct line *l)
{
	return l->least <= l->limit;
}

static bool
is_any_over(void)
{
	for (size_t i = 0; i < LINES; i++)
		if (!is_within(&lines[i]))
			return true;
	return false;
}

static void
start(struct line *l)
{
	static const char *const argv[] = { "/bin/sh", "-c",
		"\"$MKTRACE\" 60000 15 /dev/stdout | exec \"$PKTTOP\" --read=- --replay=0.004",
		NULL };
	const struct pty_run run = { .argv = argv, .cols = l->cols, .rows = l->rows };

	l->p = pty_new(&run);
	assert_true(pty_wait_text(l->p, "198.18.0.", 5000));
	pty_send(l->p, l->keys);
}

/* All at the same time, one slice each. */
static void
read_all(int ms)
{
	int64_t end = pty_now_ms() + ms;

	while (pty_now_ms() < end) {
		poll(NULL, 0, 20);
		for (size_t i = 0; i < LINES; i++)
			if (lines[i].p != NULL)
				pty_read(lines[i].p, 1);
	}
}

static void
stop(struct line *l)
{
	uint64_t bytes = (pty_bytes(l->p) - l->before) / SECONDS;

	l->least = bytes < l->least ? bytes : l->least;
	pty_send(l->p, "\033[21~"); /* F10: q would only close what the keys have opened */
	assert_left(l->p, 2000);
	pty_del(l->p);
	l->p = NULL;
}

/* Those that have not been within their limit yet. */
static void
measure(void)
{
	for (size_t i = 0; i < LINES; i++)
		if (!is_within(&lines[i]))
			start(&lines[i]);
	read_all(3000);
	for (size_t i = 0; i < LINES; i++)
		if (lines[i].p != NULL)
			lines[i].before = pty_bytes(lines[i].p);
	read_all(SECONDS * 1000);
	for (size_t i = 0; i < LINES; i++)
		if (lines[i].p != NULL)
			stop(&lines[i]);
}

/* The minimum of some tries: a busy machine delays redraws, and then the next one is larger. */
static void
test_bytes_a_second(void **state)
{
	unsigned over = 0;

	(void)state;
	if (getenv("MKTRACE") == NULL)
		skip();
	for (int i = 0; i < TRIES && is_any_over(); i++)
		measure();
	for (size_t i = 0; i < LINES; i++) {
		const struct line *l = &lines[i];

		print_message("%dx%d, key %.1s: %ju bytes a second, at most %ju\n", l->cols,
		    l->rows, l->keys, (uintmax_t)l->least, (uintmax_t)l->limit);
		over += !is_within(l) || l->least < 100;
	}
	assert_int_equal(over, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_at_rest_only_the_clock),
		cmocka_unit_test(test_slow_line),
		cmocka_unit_test(test_a_log_scrolls),
		cmocka_unit_test(test_bytes_a_second),
	};

	demo_argv[0] = busy_argv[0] = getenv("PKTTOP");
	if (demo_argv[0] == NULL) {
		fputs("skipped: PKTTOP does not name the program\n", stderr);
		return SKIPPED;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
