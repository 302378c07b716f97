/* Bursts: windows of 1, 10 and 100 ms, for packets in any order. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/time.h"
#include "ledger.h"

#define MS   UINT64_C(1000000)
#define BASE UINT64_C(1700000000000) /* ms */

static void
add(struct burst *b, uint64_t ms, uint32_t in, uint32_t out)
{
	const uint32_t bytes[SERIES_WAYS] = { [WAY_IN] = in, [WAY_OUT] = out };

	burst_add(b, BASE + ms, bytes);
}

static void
assert_most(struct burst *b, enum burst_kind kind, uint32_t ms1, uint32_t ms10, uint32_t ms100)
{
	struct bursts most = burst_max_final(b);

	assert_int_equal(most.bytes[BURST_1MS][kind], ms1);
	assert_int_equal(most.bytes[BURST_10MS][kind], ms10);
	assert_int_equal(most.bytes[BURST_100MS][kind], ms100);
}

static void
windows_slide(void **state)
{
	static struct burst b;

	(void)state;
	burst_clear(&b);
	/* Across a boundary of every size. */
	add(&b, 95, 100, 0);
	add(&b, 104, 200, 0);
	add(&b, 105, 50, 0);
	add(&b, 194, 1, 0);
	add(&b, 195, 1000, 0);
	burst_finish(&b);
	/* 95 and 104 are 10 ms, 95 and 105 are 11; 95 to 194 are 100, 104 to 195 are less. */
	assert_most(&b, BURST_IN, 1000, 1001, 1251);
	assert_most(&b, BURST_ALL, 1000, 1001, 1251);
	assert_most(&b, BURST_OUT, 0, 0, 0);
}

static void
ways_have_their_own_greatest(void **state)
{
	static struct burst b;

	(void)state;
	burst_clear(&b);
	add(&b, 0, 70, 0);
	add(&b, 500, 0, 90);
	add(&b, 900, 60, 50);
	burst_finish(&b);
	assert_most(&b, BURST_IN, 70, 70, 70);
	assert_most(&b, BURST_OUT, 90, 90, 90);
	assert_most(&b, BURST_ALL, 110, 110, 110);
}

static void
late_packets_of_another_source_count(void **state)
{
	static struct burst b;

	(void)state;
	burst_clear(&b);
	for (uint64_t ms = 0; ms < 300; ms++)
		add(&b, ms, 10, 0);
	for (uint64_t ms = 0; ms < 300; ms++)
		add(&b, ms, 0, 7);
	burst_finish(&b);
	assert_most(&b, BURST_ALL, 17, 170, 1700);
}

static void
what_comes_far_too_late_is_left_out(void **state)
{
	static struct burst b;

	(void)state;
	burst_clear(&b);
	for (uint64_t ms = 0; ms < 5000; ms += 100)
		add(&b, ms, 10, 0);
	add(&b, 100, 10000, 0);
	burst_finish(&b);
	assert_most(&b, BURST_IN, 10, 10, 10);
}

static void
gaps_of_any_length_leave_nothing_behind(void **state)
{
	static const uint64_t gaps[] = { 1, 99, 100, 101, 255, 256, 511, 512, 1023, 1024, 1025,
		1536, 2048, 5000, 86400000, UINT64_C(40000000000) };
	static struct burst b;

	(void)state;
	for (size_t i = 0; i < sizeof(gaps) / sizeof(gaps[0]); i++) {
		uint64_t at = 0;

		burst_clear(&b);
		for (int n = 0; n < 5; n++, at += gaps[i])
			add(&b, at, 10, 0);
		burst_finish(&b);
		assert_most(&b, BURST_IN, 10, gaps[i] < 10 ? 50 : 10,
		    gaps[i] < 25        ? 50
			: gaps[i] < 100 ? 20
					: 10);
	}
}

/* Random traffic against sums calculated in the simple way. */
static void
as_the_simple_way_has_it(void **state)
{
	static uint32_t bytes[20000];
	static struct burst b;
	uint32_t random = 1;
	uint64_t most[BURST_WINDOWS] = { 0 };

	(void)state;
	memset(bytes, 0, sizeof(bytes));
	burst_clear(&b);
	for (uint64_t ms = 0; ms < 20000; ms++) {
		random = random * 1103515245 + 12345;
		/* Busy for some time, idle for some time, and packets up to 300 ms late. */
		if (ms / 1500 % 3 == 2 || (random >> 16) % 4 != 0)
			continue;
		uint64_t at = ms > 300 ? ms - (random >> 20) % 300 : ms;

		bytes[at] += (random >> 8) % 1500;
		add(&b, at, (random >> 8) % 1500, 0);
	}
	burst_finish(&b);
	for (int w = 0; w < BURST_WINDOWS; w++)
		for (uint64_t ms = 0; ms < 20000; ms++) {
			uint64_t sum = 0;

			for (uint64_t k = 0; k < burst_ms[w] && k <= ms; k++)
				sum += bytes[ms - k];
			most[w] = sum > most[w] ? sum : most[w];
		}
	assert_most(&b, BURST_IN, (uint32_t)most[0], (uint32_t)most[1], (uint32_t)most[2]);
}

static void
the_recent_ones_are_forgotten_in_time(void **state)
{
	static struct burst b;

	(void)state;
	burst_clear(&b);
	add(&b, 500, 1000, 0);
	burst_advance(&b, (BASE + 2600) * MS);
	assert_int_equal(burst_max_recent(&b, 10).bytes[BURST_1MS][BURST_IN], 1000);
	add(&b, 3500, 10, 0);
	burst_advance(&b, (BASE + 9000) * MS);
	assert_int_equal(burst_max_recent(&b, 10).bytes[BURST_1MS][BURST_IN], 1000);
	burst_advance(&b, (BASE + 12600) * MS);
	assert_int_equal(burst_max_recent(&b, 10).bytes[BURST_1MS][BURST_IN], 10);
	add(&b, 12700, 3000, 0);
	assert_most(&b, BURST_IN, 1000, 1000, 1000);
	assert_int_equal(burst_max_so_far(&b).bytes[BURST_1MS][BURST_IN], 3000);
	assert_most(&b, BURST_IN, 1000, 1000, 1000);
	burst_advance(&b, (BASE + 100000) * MS);
	assert_int_equal(burst_max_recent(&b, 10).bytes[BURST_1MS][BURST_IN], 0);
	assert_most(&b, BURST_IN, 3000, 3000, 3000);
}

static void
packets_come_in_by_their_stamps(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	for (unsigned i = 0; i < 20; i++)
		count1(l, packet(17, 1, 1000, 2, 53, 100, S + i * MS / 10));
	count1(l, packet(17, 1, 1000, 2, 53, 700, S + 50 * MS));
	ledger_tick(l, 3 * S);
	ledger_flush(l);
	assert_most(&l->burst, BURST_ALL, 1000, 2000, 2700);
	ledger_reset(l);
	assert_most(&l->burst, BURST_ALL, 0, 0, 0);
	ledger_del(l);
}

static void
a_tick_parts_no_window(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	count1(l, packet(17, 1, 1000, 2, 53, 600, S));
	ledger_tick(l, ledger_time(l));
	count1(l, packet(17, 1, 1000, 2, 53, 700, S + MS / 2));
	count1(l, packet(17, 1, 1000, 2, 53, 50, S + 5 * MS));
	ledger_tick(l, ledger_time(l));
	assert_most(&l->burst, BURST_ALL, 1300, 1350, 1350);
	ledger_del(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(windows_slide),
		cmocka_unit_test(ways_have_their_own_greatest),
		cmocka_unit_test(late_packets_of_another_source_count),
		cmocka_unit_test(what_comes_far_too_late_is_left_out),
		cmocka_unit_test(gaps_of_any_length_leave_nothing_behind),
		cmocka_unit_test(as_the_simple_way_has_it),
		cmocka_unit_test(the_recent_ones_are_forgotten_in_time),
		cmocka_unit_test(packets_come_in_by_their_stamps),
		cmocka_unit_test(a_tick_parts_no_window),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
