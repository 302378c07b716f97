/* Reports on standard output: at once, or in a child. */
#include "config.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "export/report.h"
#include "ledger.h"
#include "util/alloc.h"

#define FEW  10
#define MANY 2000 /* flows whose report has too many steps for this process */

struct fixture {
	struct report_output w;
	struct ledger *l;
	struct scope scope;
	struct report report;
	struct buf err, got;
	char err_text[256];
	int reader;
};

static const char *
no_link(uint16_t linktype)
{
	(void)linktype;
	return "EN10MB";
}

static int
set_up(void **state)
{
	static struct fixture f;
	int ends[2];

	alarm(20);
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(ends), 0);
	f = (struct fixture){ .l = ledger_small(), .reader = ends[0] };
	f.w.out = (struct stdout_stream){ .fd = ends[1], .reopened = true };
	f.scope = (struct scope){ .ledger = f.l, .classes = SCOPE_ALL, .ip4 = true, .ip6 = true };
	f.report = (struct report){
		.format = REPORT_JSON, .now = 2 * S, .interval = S, .linktype_name = no_link
	};
	buf_new(&f.w.out.text);
	buf_new(&f.got);
	buf_init(&f.err, f.err_text, sizeof(f.err_text));
	*state = &f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	report_output_close(&f->w);
	close(f->reader);
	buf_del(&f->got);
	ledger_del(f->l);
	return 0;
}

static void
count(struct fixture *f, uint32_t flows)
{
	for (uint32_t i = 0; i < flows; i++)
		count1(f->l, packet(17, 0x0a000000 + i, 1000, 0xc0000201, 53, 100, S));
	ledger_tick(f->l, 2 * S);
}

static void
begin(struct fixture *f)
{
	int error;

	assert_true(report_output_write(&f->w, &f->report, &f->scope, f->l, &f->err, &error));
	assert_int_equal(0, error);
}

/* Reads until all writers have closed. */
static void
read_all(struct fixture *f)
{
	char bytes[4096];
	ssize_t n;

	close(f->w.out.fd);
	while ((n = read(f->reader, bytes, sizeof(bytes))) > 0)
		buf_add(&f->got, bytes, (size_t)n);
	assert_int_equal(0, n);
}

static void
assert_report(struct fixture *f)
{
	struct buf want;

	buf_new(&want);
	ledger_flush(f->l);
	assert_true(report_write(&want, &f->report, &f->scope, &f->err));
	assert_string_equal(want.s, f->got.s);
	buf_del(&want);
}

static void
test_at_once(void **state)
{
	struct fixture *f = *state;

	count(f, FEW);
	assert_in_range(report_output_steps(&f->report, f->l), 1, REPORT_OUTPUT_STEPS);
	begin(f);
	assert_int_equal(0, f->w.pid);
	assert_false(report_output_busy(&f->w));
	read_all(f);
	assert_report(f);
}

/* The child has a copy of the ledger, whatever is counted meanwhile. */
static void
test_beside(void **state)
{
	struct fixture *f = *state;
	void *table = pages_new((size_t)16 << 20);
	uint64_t packets;

	count(f, MANY);
	packets = f->l->totals.all.packets;
	assert_true(report_output_steps(&f->report, f->l) > REPORT_OUTPUT_STEPS);
	begin(f);
	assert_true(f->w.pid > 0);
	assert_true(report_output_busy(&f->w));
	/* More than a pipe holds, without a reader: the child blocks, and the parent does not. */
	assert_int_equal(0, report_output_poll(&f->w, &f->err));
	assert_true(report_output_busy(&f->w));
	read_all(f);
	assert_false(pages_rebuild_huge());
	assert_int_equal(0, report_output_finish(&f->w, &f->err));
	assert_false(report_output_busy(&f->w));
	assert_report(f);
	assert_int_equal(packets, f->l->totals.all.packets);
#ifdef __linux__
	assert_true(pages_rebuild_huge());
#endif
	pages_del(table);
}

/* The reported rows count, not all of them. */
static void
test_steps(void **state)
{
	struct fixture *f = *state;
	uint64_t all;

	count(f, MANY);
	ledger_flush(f->l);
	all = report_output_steps(&f->report, f->l);
	f->report.top = 10;
	assert_true(report_output_steps(&f->report, f->l) < all / 4);
	assert_true(report_output_steps(&f->report, f->l) > MANY);
}

static void
test_last_one_is_written_here(void **state)
{
	struct fixture *f = *state;

	count(f, MANY);
	f->report.last = true;
	begin(f);
	assert_int_equal(0, f->w.pid);
	assert_true(report_output_busy(&f->w));
}

/* If the reader closes, the parent gets the child's error. */
static void
test_gone_reader(void **state)
{
	struct fixture *f = *state;

	count(f, MANY);
	close(f->reader);
	begin(f);
	assert_int_equal(EPIPE, report_output_finish(&f->w, &f->err));
	assert_int_equal(0, f->err.len);
}

static void
test_killed_child(void **state)
{
	struct fixture *f = *state;

	count(f, MANY);
	begin(f);
	assert_int_equal(0, kill(f->w.pid, SIGKILL));
	assert_int_equal(0, report_output_finish(&f->w, &f->err));
	assert_string_equal("report lost: the writer process was killed by signal 9", f->err.s);
	assert_false(report_output_busy(&f->w));
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(at_once),
		TEST(beside),
		TEST(steps),
		TEST(last_one_is_written_here),
		TEST(gone_reader),
		TEST(killed_child),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
