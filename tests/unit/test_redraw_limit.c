/* Terminal throughput, and the limit of redraws on a slow terminal. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/loop.h"

#define S  UINT64_C(1000000000)
#define MS UINT64_C(1000000)

static void
a_fast_line_takes_every_picture(void **state)
{
	struct redraw_limit b;

	(void)state;
	redraw_limit_init(&b);
	assert_true(redraw_limit_allows(&b, S));
	for (uint64_t i = 10; i < 100; i++) {
		uint64_t now = i * 100 * MS;

		assert_true(redraw_limit_allows(&b, now));
		redraw_limit_start(&b, now);
		redraw_limit_update(&b, false, i * 60, now);
		assert_int_equal(redraw_limit_delay(&b, 0.1), 0);
	}
}

static void
a_slow_line_is_free_half_of_the_time(void **state)
{
	struct redraw_limit b;

	(void)state;
	redraw_limit_init(&b);
	redraw_limit_start(&b, 10 * S);
	redraw_limit_update(&b, true, 100, 11 * S);
	assert_false(redraw_limit_allows(&b, 11 * S));
	redraw_limit_update(&b, false, 300, 12 * S);
	assert_false(redraw_limit_allows(&b, 13 * S));
	assert_true(redraw_limit_allows(&b, 14 * S));
	assert_int_equal(redraw_limit_delay(&b, 1), 4);
	assert_int_equal(redraw_limit_delay(&b, 4), 0);
	/* The next one is sent immediately. */
	redraw_limit_start(&b, 14 * S);
	redraw_limit_update(&b, false, 400, 14 * S);
	assert_true(redraw_limit_allows(&b, 14 * S + 1));
	assert_int_equal(redraw_limit_delay(&b, 1), 0);
}

static void
a_line_that_was_held_up_is_tried_again(void **state)
{
	struct redraw_limit b;

	(void)state;
	redraw_limit_init(&b);
	redraw_limit_start(&b, 10 * S);
	redraw_limit_update(&b, true, 100, 3600 * S);
	assert_false(redraw_limit_allows(&b, 3600 * S));
	redraw_limit_update(&b, false, 300, 3600 * S);
	assert_true(redraw_limit_allows(&b, 3600 * S));
	assert_int_equal(redraw_limit_delay(&b, 1), 10);
}

static void
bytes_are_counted_from_the_first_picture_on(void **state)
{
	struct redraw_limit b;

	(void)state;
	redraw_limit_init(&b);
	redraw_limit_update(&b, false, 100, S);
	redraw_limit_start(&b, 2 * S);
	redraw_limit_update(&b, false, 3000, 2 * S);
	assert_true(b.rate < 0);
	for (uint64_t i = 1; i <= 9; i++) {
		redraw_limit_update(&b, false, 3000 + i * 500, (2 + i) * S);
		assert_true(b.rate < 0);
	}
	redraw_limit_update(&b, false, 8000, 12 * S);
	assert_int_equal(b.rate, 500);
	redraw_limit_update(&b, false, 9999, 21 * S);
	assert_int_equal(b.rate, 500);
	redraw_limit_update(&b, false, 8000, 22 * S);
	assert_int_equal(b.rate, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fast_line_takes_every_picture),
		cmocka_unit_test(a_slow_line_is_free_half_of_the_time),
		cmocka_unit_test(a_line_that_was_held_up_is_tried_again),
		cmocka_unit_test(bytes_are_counted_from_the_first_picture_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
