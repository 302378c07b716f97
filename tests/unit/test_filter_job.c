#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pcap/pcap.h>
#include <poll.h>
#include <string.h>
#include <time.h>

#include "capture/private.h"
#include "capture/source.h"
#include "util/alloc.h"
#include "util/attr.h"

#define SOON 0.1 /* s: much less than the slow filter needs */

struct stage {
	struct source *source;
	char err_text[512], slow[1024];
	struct buf err;
};

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int
set_up(void **state)
{
	static struct stage s;
	const struct source_config c = { .kind = SOURCE_DEMO, .filter = "" };
	struct buf slow;

	buf_init(&s.err, s.err_text, sizeof(s.err_text));
	s.source = source_open(&c, &s.err);
	buf_init(&slow, s.slow, sizeof(s.slow));
	for (unsigned port = 1000; slow.len < sizeof(s.slow) - 40; port += 10)
		buf_addf(&slow, "%sportrange %u-%u", slow.len > 0 ? " or " : "", port, port + 5);
	*state = &s;
	return s.source == NULL;
}

static int
tear_down(void **state)
{
	struct stage *s = *state;

	source_del(s->source);
	return 0;
}

static struct filter_job *
start(struct stage *s, const char *text)
{
	struct filter_job *job = filter_job_new(&s->source, 1, text, FILTER_JOB_SECONDS, &s->err);

	assert_non_null(job);
	assert_string_equal(filter_job_text(job), text);
	return job;
}

static enum filter_job_state
wait_for(struct stage *s, struct filter_job *job)
{
	struct pollfd p = { .fd = filter_job_fd(job), .events = POLLIN };
	enum filter_job_state state;

	do
		assert_int_equal(poll(&p, 1, 10000), 1);
	while ((state = filter_job_read(job, &s->err)) == FILTER_WAITS);
	return state;
}

/* A slow filter has been compiled when it is read. */
static void
a_slow_filter_holds_nobody(void **state)
{
	struct stage *s = *state;
	double began = now(), took;
	struct filter_job *job = start(s, s->slow);

	assert_true(now() - began < SOON);
	assert_int_equal(filter_job_read(job, &s->err), FILTER_WAITS);
	assert_int_equal(wait_for(s, job), FILTER_READY);
	took = now() - began;
	filter_job_del(job);
	began = now();
	assert_true(source_set_filter(s->source, s->slow, &s->err));
	assert_true(now() - began < took / 2);
}

static void
a_wrong_filter_is_refused(void **state)
{
	struct stage *s = *state;
	struct filter_job *job = start(s, "port port");

	assert_int_equal(wait_for(s, job), FILTER_REFUSED);
	assert_non_null(strstr(s->err.s, "port port"));
	filter_job_del(job);
}

static void
one_that_is_given_up_leaves_nothing(void **state)
{
	struct stage *s = *state;

	filter_job_del(start(s, s->slow));
	filter_job_del(NULL);
}

static void
a_long_text_is_refused_at_once(void **state)
{
	struct stage *s = *state;
	char text[1100];

	memset(text, ' ', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_null(filter_job_new(&s->source, 1, text, 0, &s->err));
	assert_non_null(strstr(s->err.s, "1024"));
}

/* The kernel's filter handles VLAN tags differently from a file's, so there are two programs. */
static void
a_live_program_is_not_for_files(void **state)
{
	struct stage *s = *state;
	pcap_t *p = pcap_open_dead(DLT_EN10MB, 65535);
	struct filter_key key = filter_key(p);
	struct bpf_program all = { .bf_len = 1, .bf_insns = xcalloc(1, sizeof(struct bpf_insn)) };
	struct bpf_program *made;

	assert_false(key.live);
	key.live = true;
	filter_cache_program(&key, "vlan 7", &all);
	made = filter_compile(p, "vlan 7", &s->err);
	assert_non_null(made);
	assert_true(made->bf_len > 1);
	filter_free(made);
	pcap_close(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_slow_filter_holds_nobody, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_wrong_filter_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    one_that_is_given_up_leaves_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_long_text_is_refused_at_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_live_program_is_not_for_files, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
