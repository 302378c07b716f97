/* The series of seconds and minutes, whole, against what went into it. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/series.h"

#define BEGIN (UINT64_C(1700000000) / 60 * 60 + 17) /* within a minute */
#define HOURS 26                                    /* more than a day is left of */

static struct series series;

/* What a second has: a pause of an hour and some of seconds among them. */
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

/* Every sample there is, at an end that is that many seconds after the beginning. */
static void
assert_all(uint64_t newest)
{
	for (uint64_t ago = 0; ago <= SERIES_SECONDS; ago++) {
		const struct sample *s = series_second(&series, ago);

		if (ago == SERIES_SECONDS || newest - ago < BEGIN) {
			assert_null(s);
			break;
		}
		assert_int_equal(packets_of(newest - ago), sample_sum(s).packets);
		assert_int_equal(packets_of(newest - ago) * 100, sample_sum(s).bytes);
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
		assert_int_equal(sum, sample_sum(s).packets);
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

/* Late packets go to their own second, and nothing is counted twice or lost. */
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
		assert_int_equal(
		    packets_of(second), sample_sum(series_second(&series, last - second)).packets);
	}
}

/* After a pause longer than the series nothing of what was before is left in it. */
static void
test_a_long_pause(void **state)
{
	(void)state;
	series_clear(&series);
	add(BEGIN, 5);
	add(BEGIN + 3 * 86400, 7);
	assert_int_equal(7, sample_sum(series_second(&series, 0)).packets);
	assert_int_equal(7, sample_sum(series_minute(&series, 0)).packets);
	for (uint64_t ago = 1; ago < SERIES_SECONDS; ago++)
		assert_int_equal(0, sample_sum(series_second(&series, ago)).packets);
	for (uint64_t ago = 1; ago < SERIES_MINUTES; ago++)
		assert_int_equal(0, sample_sum(series_minute(&series, ago)).packets);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_day),
		cmocka_unit_test(test_out_of_order),
		cmocka_unit_test(test_a_long_pause),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
