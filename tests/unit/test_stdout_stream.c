#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "export/file.h"

#define LINES 20000 /* of 8 bytes: more than a pipe holds */

/* A stream into a pipe with a non-blocking read end, with text in it. */
struct fixture {
	struct stdout_stream s;
	int reader;
};

static int
set_up(void **state)
{
	static struct fixture f;
	int ends[2];

	/* A forbidden wait ends the test. */
	alarm(20);
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(ends), 0);
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	f = (struct fixture){ .s = { .fd = ends[1], .reopened = true }, .reader = ends[0] };
	buf_new(&f.s.text);
	for (unsigned i = 0; i < LINES; i++)
		buf_addf(&f.s.text, "%07u\n", i);
	*state = &f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	stdout_stream_close(&f->s);
	close(f->reader);
	return 0;
}

static void
test_a_sleeping_reader_is_not_waited_for(void **state)
{
	struct fixture *f = *state;
	struct buf got;
	char bytes[4096], line[16];
	ssize_t n;

	assert_int_equal(stdout_stream_flush(&f->s), 0);
	assert_true(stdout_stream_pending(&f->s));
	assert_int_equal(stdout_stream_fd(&f->s), f->s.fd);
	buf_new(&got);
	while ((n = read(f->reader, bytes, sizeof(bytes))) > 0) {
		buf_add(&got, bytes, (size_t)n);
		assert_int_equal(stdout_stream_flush(&f->s), 0);
	}
	assert_false(stdout_stream_pending(&f->s));
	assert_int_equal(stdout_stream_fd(&f->s), -1);
	assert_int_equal(got.len, LINES * 8);
	snprintf(line, sizeof(line), "%07u\n", LINES - 1);
	assert_memory_equal(got.s + got.len - 8, line, 8);
	buf_del(&got);
}

static void
test_a_reader_that_has_gone_is_said(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(stdout_stream_flush(&f->s), 0);
	close(f->reader);
	assert_int_equal(stdout_stream_flush(&f->s), EPIPE);
	assert_false(stdout_stream_pending(&f->s));
	f->reader = -1;
}

static void
test_what_is_drained_is_all_taken(void **state)
{
	struct fixture *f = *state;

	close(f->s.fd);
	f->s.fd = open("/dev/null", O_WRONLY);
	assert_int_equal(stdout_stream_drain(&f->s), 0);
	assert_false(stdout_stream_pending(&f->s));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    test_a_sleeping_reader_is_not_waited_for, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    test_a_reader_that_has_gone_is_said, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    test_what_is_drained_is_all_taken, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("stream", tests, NULL, NULL);
}
