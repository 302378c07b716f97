/* The arithmetic of the coverage: packets in flight, losses, counters that wrap and restart. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/coverage.h"
#include "ledger.h"
#include "screen/screen.h"
#include "util/number.h"

static struct tally
frames(uint64_t n)
{
	return (struct tally){ n, n * 100 };
}

/* At second s the interface's counters are at `counted`, and `captured` more packets were
 * captured. */
static void
second(struct coverage_counter *t, uint64_t s, uint64_t counted, uint64_t captured)
{
	struct tally c = frames(counted), got = frames(captured);

	coverage_add(t, &c, &got, 0, s * S);
}

static void
begin(struct coverage_counter *t, uint64_t counters)
{
	struct tally c = frames(counters);

	coverage_start(t, &c, 0);
}

static void
assert_says(const struct coverage_counter *t, uint64_t counted, uint64_t missing, unsigned percent)
{
	struct coverage w = coverage_get(t);

	assert_true(w.known);
	assert_int_equal(w.counted, counted);
	assert_int_equal(w.missing, missing);
	assert_int_equal(coverage_percent(w), percent);
}

static void
nothing_is_said_before_something_was_counted(void **state)
{
	struct coverage_counter t = { 0 };

	(void)state;
	assert_false(coverage_get(&t).known);
	second(&t, 1, 1000, 1000); /* not started */
	assert_false(coverage_get(&t).known);
	begin(&t, 5000);
	assert_false(coverage_get(&t).known);
	second(&t, 1, 5000, 0);
	assert_false(coverage_get(&t).known);
	second(&t, 2, 5001, 1);
	assert_says(&t, 1, 0, 100);
	coverage_stop(&t);
	assert_false(coverage_get(&t).known);
}

static void
what_is_under_way_is_not_missing(void **state)
{
	struct coverage_counter t;

	(void)state;
	begin(&t, 70);
	second(&t, 1, 70 + 1000, 900);
	assert_says(&t, 1000, 0, 100);
	second(&t, 2, 70 + 2000, 1000);
	assert_says(&t, 2000, 0, 100);
	/* No traffic: a packet that has not arrived by now is lost. */
	second(&t, 3, 70 + 2000, 60);
	assert_says(&t, 2000, 40, 98);
	second(&t, 4, 70 + 2000, 0);
	assert_says(&t, 2000, 40, 98);
}

static void
a_steady_loss_shows_while_traffic_goes_on(void **state)
{
	struct coverage_counter t;

	(void)state;
	begin(&t, 0);
	for (uint64_t s = 1; s <= 100; s++)
		second(&t, s, s * 1000, 500);
	/* Less than the last second may still bring. */
	assert_says(&t, 100000, 49000, 51);
}

static void
fast_pictures_give_packets_a_second_all_the_same(void **state)
{
	struct tally none = { 0, 0 };
	struct coverage_counter t;

	(void)state;
	begin(&t, 0);
	for (uint64_t i = 1; i <= 9; i++) {
		struct tally c = frames(i * 100);

		coverage_add(&t, &c, &none, 0, i * S / 10);
		assert_says(&t, i * 100, 0, 100);
	}
}

static void
one_that_is_missing_is_not_a_hundred_percent(void **state)
{
	struct coverage_counter t;

	(void)state;
	begin(&t, 0);
	second(&t, 1, 1000000, 999999);
	second(&t, 2, 1000000, 0);
	assert_says(&t, 1000000, 1, 99);
}

static void
more_captured_than_counted_is_all(void **state)
{
	struct coverage_counter t;

	(void)state;
	begin(&t, 0);
	second(&t, 1, 10, 30);
	second(&t, 2, 10, 0);
	assert_says(&t, 10, 0, 100);
}

static void
what_the_kernel_dropped_is_missing_at_once(void **state)
{
	struct tally c = frames(1000), got = frames(800);
	struct coverage_counter t;

	(void)state;
	begin(&t, 0);
	coverage_add(&t, &c, &got, 200, S);
	assert_says(&t, 1000, 200, 80);
	coverage_add(&t, &c, &(struct tally){ 0, 0 }, 5000, 2 * S);
	assert_says(&t, 1000, 1000, 0);
}

static void
counters_of_32_bits_wrap(void **state)
{
	uint64_t last = UINT32_MAX - 9, more;
	struct tally c = { UINT32_MAX - 9, UINT32_MAX - 999 };
	struct coverage_counter t;

	(void)state;
	assert_true(counter_step(10, &last, &more));
	assert_int_equal(more, 20);
	coverage_start(&t, &c, 0);
	c = (struct tally){ 10, 1000 };
	coverage_add(&t, &c, &(struct tally){ 20, 2000 }, 0, S);
	coverage_add(&t, &c, &(struct tally){ 0, 0 }, 0, 2 * S);
	assert_says(&t, 20, 0, 100);
	assert_int_equal(t.counted.bytes, 2000);
}

static void
counters_of_64_bits_do_not(void **state)
{
	uint64_t last = UINT64_MAX - 4, more;

	(void)state;
	assert_true(counter_step(UINT64_MAX, &last, &more));
	assert_int_equal(more, 4);
	/* 18 exabytes later it has restarted. */
	assert_false(counter_step(5, &last, &more));
	assert_int_equal(more, 0);
	assert_int_equal(last, 5);
	last = (uint64_t)UINT32_MAX + 1;
	assert_false(counter_step(1, &last, &more));
}

static void
an_interface_made_anew_begins_anew(void **state)
{
	struct coverage_counter t;

	(void)state;
	begin(&t, 1000);
	second(&t, 1, 3000, 0);
	second(&t, 2, 3000, 0);
	assert_says(&t, 2000, 2000, 0);
	second(&t, 3, 50, 10);
	assert_false(coverage_get(&t).known);
	second(&t, 4, 150, 100);
	second(&t, 5, 150, 0);
	assert_says(&t, 100, 0, 100);
}

static void
a_merged_frame_stands_for_its_segments(void **state)
{
	struct tally m = coverage_count_merged(1514, 1500);

	(void)state;
	assert_int_equal(m.packets, 1);
	assert_int_equal(m.bytes, 1514);
	/* Ten segments of 1448 bytes under one header of 66. */
	m = coverage_count_merged(66 + 10 * 1448, 1500);
	assert_int_equal(m.packets, 10);
	assert_int_equal(m.bytes, 10 * 1514);
	m = coverage_count_merged(66 + 10 * 1448 + 1, 1500);
	assert_int_equal(m.packets, 11);
	m = coverage_count_merged(9000, 0);
	assert_int_equal(m.packets, 1);
}

static void
merged_frames_are_compared_by_what_matches_better(void **state)
{
	struct coverage_counter t;

	(void)state;
	begin(&t, 0);
	t.estimated = true;
	/* The packet estimate was too low; by bytes, all but 0.4 % was captured. */
	coverage_add(&t, &(struct tally){ 1000, 1000000 }, &(struct tally){ 700, 996000 }, 0, S);
	coverage_add(&t, &(struct tally){ 1000, 1000000 }, &(struct tally){ 0, 0 }, 0, 2 * S);
	assert_says(&t, 1000, 4, 100);
	assert_true(coverage_get(&t).estimated);
}

static void
several_sources_together(void **state)
{
	struct coverage x = { true, false, 100, 0 }, y = { true, true, 100, 50 }, no = { 0 };

	(void)state;
	assert_int_equal(coverage_percent(coverage_sum(x, y)), 75);
	assert_true(coverage_sum(x, y).estimated);
	assert_false(coverage_sum(x, no).known);
}

/* The coverage in the totals line. */
static bool
screen_says(struct ledger *l, const char *words)
{
	struct screen_info f = {
		.source = "eth0", .mode = "LIVE", .tty_rate_known = true, .tty_rate = 640
	};
	struct canvas c;
	struct state st;
	char text[1024];
	struct buf b;
	bool found = false;

	state_init(&st);
	canvas_init(&c, false);
	canvas_resize(&c, 80, 24);
	screen_paint(&c, &st, l, &f);
	for (int y = 0; y < 4; y++) {
		buf_init(&b, text, sizeof(text));
		canvas_text(&c, y, &b);
		found |= strstr(text, words) != NULL;
	}
	canvas_fini(&c);
	state_fini(&st);
	return found;
}

static void
the_screen_says_it(void **state)
{
	struct ledger *l = ledger_small();
	struct coverage *w = &l->source[0].coverage;

	(void)state;
	assert_true(screen_says(l, "tty  0.6 kB/s"));
	assert_false(screen_says(l, "saw"));
	*w = (struct coverage){ .known = true, .counted = 1000 };
	assert_true(screen_says(l, "saw 100 %"));
	assert_false(screen_says(l, "dropped"));
	l->source[0].drops_known = true;
	assert_true(screen_says(l, "saw 100 %  dropped 0"));
	w->missing = 1;
	assert_true(screen_says(l, "saw  99 %"));
	w->estimated = true;
	assert_true(screen_says(l, "saw ~100 %"));
	/* Another source that cannot be compared; after its removal it no longer matters. */
	assert_int_equal(ledger_add_source(l, "any", 1, 1), 1);
	assert_false(screen_says(l, "saw"));
	l->source[1].state = SOURCE_ENDED;
	assert_true(screen_says(l, "saw ~100 %"));
	l->source[0].state = SOURCE_ENDED;
	assert_false(screen_says(l, "saw"));
	ledger_del(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_said_before_something_was_counted),
		cmocka_unit_test(what_is_under_way_is_not_missing),
		cmocka_unit_test(a_steady_loss_shows_while_traffic_goes_on),
		cmocka_unit_test(fast_pictures_give_packets_a_second_all_the_same),
		cmocka_unit_test(one_that_is_missing_is_not_a_hundred_percent),
		cmocka_unit_test(more_captured_than_counted_is_all),
		cmocka_unit_test(what_the_kernel_dropped_is_missing_at_once),
		cmocka_unit_test(counters_of_32_bits_wrap),
		cmocka_unit_test(counters_of_64_bits_do_not),
		cmocka_unit_test(an_interface_made_anew_begins_anew),
		cmocka_unit_test(a_merged_frame_stands_for_its_segments),
		cmocka_unit_test(merged_frames_are_compared_by_what_matches_better),
		cmocka_unit_test(several_sources_together),
		cmocka_unit_test(the_screen_says_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
