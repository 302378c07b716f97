/* The series of seconds and minutes compared with its complete input. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/time.h"

#define BEGIN (UINT64_C(1700000000) / 60 * 60 + 17) /* within a minute */
#define HOURS 26                                    /* more than a day remains of */

static struct time_series series;

/* The value of a second: with a pause of an hour and some of seconds. */
static uint64_t
packets_of(uint64_t second)
{
	uint64_t n = second - BEGIN;

	if ((n >= 7200 && n < 10800) || n % 11 == 5)
		return 0;
	return n % 97 + 1;
}

static void
add(uint64_t second, uint64_t packets)
{
	struct sample more = { 0 };

	tally_add(&more.way[second % SERIES_WAYS], packets, packets * 100);
	series_add(&series, second, &more);
}

/* Every sample, at an end so many seconds after the start. */
static void
assert_all(uint64_t newest)
{
	for (uint64_t ago = 0; ago <= SERIES_SECONDS; ago++) {
		const struct sample *s = series_second(&series, ago);

		if (ago == SERIES_SECONDS || newest - ago < BEGIN) {
			assert_null(s);
			break;
		}
		assert_int_equal(packets_of(newest - ago), series_sample_sum(s).packets);
		assert_int_equal(packets_of(newest - ago) * 100, series_sample_sum(s).bytes);
	}
	for (uint64_t ago = 0; ago < SERIES_MINUTES; ago++) {
		uint64_t first = (newest / 60 - ago) * 60, sum = 0;
		const struct sample *s = series_minute(&series, ago);

		if (first + 59 < BEGIN) {
			assert_null(s);
			break;
		}
		for (uint64_t i = first; i < first + 60 && i <= newest; i++)
			sum += i >= BEGIN ? packets_of(i) : 0;
		assert_int_equal(sum, series_sample_sum(s).packets);
	}
}

static void
test_a_day(void **state)
{
	(void)state;
	series_clear(&series);
	for (uint64_t second = BEGIN; second < BEGIN + HOURS * 3600; second++) {
		if (packets_of(second) > 0)
			add(second, packets_of(second));
		else
			series_advance(&series, second);
		if ((second - BEGIN) % 1709 == 0 || second == BEGIN + HOURS * 3600 - 1)
			assert_all(second);
	}
	assert_null(series_minute(&series, SERIES_MINUTES));
}

/* Late packets count in their own second, and nothing is counted twice or lost. */
static void
test_out_of_order(void **state)
{
	uint64_t last = BEGIN + 4000;

	(void)state;
	series_clear(&series);
	add(BEGIN, packets_of(BEGIN));
	series_advance(&series, last);
	for (uint64_t i = 1; i <= 3000; i++) {
		uint64_t second = BEGIN + 1 + i * 1237 % 4000; /* each at most once */

		if (second > last - SERIES_SECONDS && packets_of(second) > 0)
			add(second, packets_of(second));
	}
	for (uint64_t i = 1; i <= 3000; i++) {
		uint64_t second = BEGIN + 1 + i * 1237 % 4000;

		if (second <= last - SERIES_SECONDS)
			continue;
		assert_int_equal(packets_of(second),
		    series_sample_sum(series_second(&series, last - second)).packets);
	}
}

/* After a pause longer than the series, earlier samples are still there. */
static void
test_a_long_pause(void **state)
{
	(void)state;
	series_clear(&series);
	add(BEGIN, 5);
	add(BEGIN + 3 * 86400, 7);
	assert_int_equal(7, series_sample_sum(series_second(&series, 0)).packets);
	assert_int_equal(7, series_sample_sum(series_minute(&series, 0)).packets);
	for (uint64_t ago = 1; ago < SERIES_SECONDS; ago++)
		assert_int_equal(0, series_sample_sum(series_second(&series, ago)).packets);
	for (uint64_t ago = 1; ago < SERIES_MINUTES; ago++)
		assert_int_equal(0, series_sample_sum(series_minute(&series, ago)).packets);
	assert_int_equal(2, series.seconds.n);
	assert_int_equal(BEGIN, series_sample(&series, 0)->number);
	assert_int_equal(5, series_sample_sum(series_sample(&series, 0)).packets);
}

/* All seconds of `n` from BEGIN on, each once, by steps that may go back. */
static void
add_in_steps(uint64_t n, uint64_t step)
{
	series_clear(&series);
	for (uint64_t i = 0; i < n; i++)
		add(BEGIN + i * step % n, i * step % n + 1);
}

static void
test_any_order_gives_the_same(void **state)
{
	static const uint64_t steps[] = { 1, 3598, 1237 }; /* prime to 3599 */

	(void)state;
	for (size_t k = 0; k < sizeof(steps) / sizeof(steps[0]); k++) {
		add_in_steps(3599, steps[k]);
		assert_int_equal(3599, series.seconds.n);
		for (uint32_t i = 0; i < 3599; i++) {
			assert_int_equal(BEGIN + i, series_sample(&series, i)->number);
			assert_int_equal(
			    i + 1, series_sample_sum(series_sample(&series, i)).packets);
		}
	}
}

/* Distant days in any order: of each as much as there is room for, of the newest everything. */
static void
test_days_that_go_back(void **state)
{
	(void)state;
	series_clear(&series);
	for (uint64_t day = 10; day-- > 0;)
		for (uint64_t i = 0; i < 1000; i++)
			add(BEGIN + day * 86400 + i, day + 1);
	assert_int_equal(3600, series.seconds.n);
	for (uint32_t i = 0; i < 3600; i++) {
		uint64_t back = 3599 - i, day = 9 - back / 1000;

		assert_int_equal(day + 1, series_sample_sum(series_sample(&series, i)).packets);
		assert_int_equal(
		    BEGIN + day * 86400 + 999 - back % 1000, series_sample(&series, i)->number);
	}
	/* Older than all: there is no room, and it is not counted elsewhere. */
	add(BEGIN - 86400, 99);
	assert_int_equal(3600, series.seconds.n);
	assert_int_equal(7, series_sample_sum(series_sample(&series, 0)).packets);
}

/* The first second of 1970 is valid, too. */
static void
test_time_may_begin_at_0(void **state)
{
	(void)state;
	series_clear(&series);
	assert_true(series_is_empty(&series));
	add(0, 3);
	add(2, 4);
	assert_false(series_is_empty(&series));
	assert_int_equal(3, series.seconds.n);
	assert_int_equal(3, series_sample_sum(series_second(&series, 2)).packets);
	assert_null(series_second(&series, 3));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_day),
		cmocka_unit_test(test_out_of_order),
		cmocka_unit_test(test_a_long_pause),
		cmocka_unit_test(test_any_order_gives_the_same),
		cmocka_unit_test(test_days_that_go_back),
		cmocka_unit_test(test_time_may_begin_at_0),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
