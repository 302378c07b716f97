/* Signals that arrive in one turn of the loop: the last one decides. */
#include "config.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/loop.h"
#include "feed/feed.h"
#include "platform/clock.h"
#include "util/attr.h"

struct fixture {
	struct options o;
	struct feed feed;
	struct loop loop;
	struct buf err;
	char err_text[128];
};

/* With the signals of a screen, though there is none. */
static void
begin(struct fixture *f)
{
	char screen;

	*f = (struct fixture){ .o = { .memory = LEDGER_MEMORY_MIN, .demo = true } };
	buf_init(&f->err, f->err_text, sizeof(f->err_text));
	feed_open_live(&f->feed, &f->o, true);
	feed_open_files(&f->feed);
	loop_init(&f->loop, &f->feed, (struct term *)(void *)&screen, NULL, &f->err);
	f->loop.term = NULL;
}

static unsigned
turn(struct fixture *f)
{
	bool gone;

	return loop_turn(&f->loop, 0, true, &gone) & (GOT_STOP | GOT_CONT);
}

static void
test_the_last_one_counts(void **state ATTR_UNUSED)
{
	struct fixture f;

	begin(&f);
	raise(SIGTSTP);
	raise(SIGCONT);
	assert_int_equal(turn(&f), GOT_CONT);
	raise(SIGCONT);
	raise(SIGTSTP);
	assert_int_equal(turn(&f), GOT_CONT | GOT_STOP);
	raise(SIGTSTP);
	assert_int_equal(turn(&f), GOT_STOP);
	assert_int_equal(turn(&f), 0);
	feed_close(&f.feed);
}

/* It is continued while it still restores the terminal. */
static void
continued_before_it_stops(struct fixture *f)
{
	begin(f);
	raise(SIGTSTP);
	if (turn(f) != GOT_STOP)
		_exit(1);
	raise(SIGCONT);
	signals_stop_self();
	_exit(turn(f) == GOT_CONT ? 0 : 2);
}

static void
test_it_does_not_stay_stopped(void **state ATTR_UNUSED)
{
	struct fixture f;
	int status;
	pid_t pid = fork();

	if (pid == 0)
		continued_before_it_stops(&f);
	assert_int_equal(waitpid(pid, &status, WUNTRACED), pid);
	if (WIFSTOPPED(status))
		kill(pid, SIGKILL);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* SIGPIPE and SIGXFSZ become an error of write(2), with a screen or not. */
static void
test_what_it_ignores(void **state ATTR_UNUSED)
{
	static const int ignored[] = { SIGPIPE, SIGXFSZ };
	struct sigaction sa;
	struct fixture f;

	for (size_t i = 0; i < NITEMS(ignored); i++)
		signal(ignored[i], SIG_DFL);
	begin(&f);
	for (size_t i = 0; i < NITEMS(ignored); i++) {
		assert_int_equal(sigaction(ignored[i], NULL, &sa), 0);
		assert_ptr_equal(sa.sa_handler, SIG_IGN);
	}
	feed_close(&f.feed);
}

/* A wait does not end early, which would cause a busy loop for the rest. */
static void
test_it_sleeps_long_enough(void **state ATTR_UNUSED)
{
	struct fixture f;
	bool gone;

	begin(&f);
	f.feed.packets_left = 0; /* nothing else is waited for */
	f.feed.housekeep_at = UINT64_MAX;
	for (int i = 0; i < 10; i++) {
		uint64_t until = clock_monotonic() + 3950000;

		loop_turn(&f.loop, until, false, &gone);
		assert_true(clock_monotonic() >= until);
	}
	feed_close(&f.feed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_last_one_counts),
		cmocka_unit_test(test_it_does_not_stay_stopped),
		cmocka_unit_test(test_what_it_ignores),
		cmocka_unit_test(test_it_sleeps_long_enough),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
