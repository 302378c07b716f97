/* Time: stamps that go back, jump ahead, or are years off, and clocks that are set. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/time.h"
#include "ledger.h"

#define NOW (UINT64_C(1700000000) * S)
#define DAY (86400 * S)
#define END (UINT64_C(4294967295) * S) /* in 2106 */

static uint64_t
packets_within(const struct ledger *l, uint64_t seconds)
{
	uint64_t sum = 0;

	for (uint64_t ago = 0; ago < seconds; ago++)
		if (series_second(&l->series, ago) != NULL)
			sum += series_sample_sum(series_second(&l->series, ago)).packets;
	return sum;
}

/* A second of the present: n packets whose stamps differ from it by `off`, and a tick. */
static void
live_second(struct ledger *l, uint64_t now, uint64_t off, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		ledger_set_time(l, now + i * (S / n));
		count1(l, packet(17, 1, 1000, 2, 53, 100, now + i * (S / n) + off));
	}
	ledger_set_time(l, now + S);
	ledger_tick(l, now + S);
	while (ledger_fold(l, 100))
		;
}

/* In a file that is replayed, the clock is that of its packets, at any speed. */
static void
test_played(void **state)
{
	struct ledger *l = ledger_small();
	uint64_t begin = NOW - 1000 * DAY;

	(void)state;
	l->packet_time.is_replay = true;
	for (unsigned i = 0; i < 40; i++) {
		/* A packet may be read late. */
		ledger_set_time(l, begin + (i + i % 5) * S);
		count1(l, packet(17, 1, 1000, 2, 53, 100, begin + i * S));
		assert_int_equal(l->flows.row[0].last, begin + i * S);
	}
	ledger_set_time(l, begin + 44 * S);
	ledger_tick(l, begin + 44 * S);
	assert_int_equal(packets_within(l, 45), 40);
	assert_int_equal(packets_within(l, 15), 10);
	ledger_del(l);
}

/* A halt of capturing is not part of the interval in which it lies. */
static void
test_halt(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	live_second(l, NOW, 0, 10);
	ledger_set_time(l, NOW + S + S / 2);
	count1(l, packet(17, 1, 1000, 2, 53, 100, NOW + S + S / 2));
	ledger_skip_time(l, 60 * S);
	ledger_set_time(l, NOW + 62 * S);
	ledger_tick(l, NOW + 62 * S);
	while (ledger_fold(l, 100))
		;
	assert_int_equal(l->interval_ns, S);
	ledger_del(l);
}

/* Sixteen that agree are accepted, fifteen are not; a present one restarts the count. */
static void
test_how_many_must_agree(void **state)
{
	struct ledger *l = ledger_small();
	struct packet_time *c = &l->packet_time;
	bool believed;

	(void)state;
	ledger_set_time(l, NOW);
	for (unsigned i = 0; i < 15; i++)
		assert_int_equal(packet_time_to_ledger(c, 0, NOW + DAY + i, &believed), NOW);
	assert_int_equal(packet_time_to_ledger(c, 0, NOW, &believed), NOW);
	for (unsigned i = 0; i < 16; i++) {
		packet_time_to_ledger(c, 0, NOW + DAY, &believed);
		assert_false(believed);
	}
	assert_int_equal(packet_time_to_ledger(c, 0, NOW + DAY + 1, &believed), NOW + 1);
	assert_true(believed);
	ledger_del(l);
}

static void
test_one_stamp_of_2106_while_live(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	ledger_set_time(l, NOW);
	l->started = NOW;
	for (unsigned i = 0; i < 20; i++)
		live_second(l, NOW + i * S, 0, 10);
	count1(l, packet(17, 3, 1, 4, 1, 100, END));
	count1(l, packet(17, 1, 1000, 2, 53, 100, END));
	for (unsigned i = 20; i < 40; i++)
		live_second(l, NOW + i * S, 0, 10);
	assert_int_equal(ledger_time(l), NOW + 40 * S);
	assert_int_equal(l->series.second, (NOW + 40 * S) / S);
	assert_int_equal(series_sample_sum(series_second(&l->series, 1)).packets, 10);
	assert_int_equal(packets_within(l, 41), 402);
	assert_true(meter_rate(&l->source[0].meter, &l->intervals, METER_10S) < 1001);
	assert_true(meter_peak(&l->source[0].meter, &l->intervals) <= 1200);
	/* Its own flow has the stamp; other data is not affected. */
	assert_true(l->flows.row[0].last < NOW + 41 * S);
	assert_int_equal(l->flows.row[1].last - l->flows.row[1].first, 0);
	ledger_del(l);
}

/* The wall clock is set by a day, forward or back: the screen does not change. */
static void
test_the_wall_clock_is_set(void **state)
{
	static const uint64_t steps[] = { DAY, 0 - DAY, 3600 * S, 0 - 3600 * S, 5 * S, 0 - 5 * S };

	(void)state;
	for (size_t i = 0; i < NITEMS(steps); i++) {
		struct ledger *l = ledger_small();

		ledger_set_time(l, NOW);
		l->started = NOW;
		for (unsigned n = 0; n < 30; n++)
			live_second(l, NOW + n * S, 0, 20);
		for (unsigned n = 30; n < 90; n++) {
			live_second(l, NOW + n * S, steps[i], 20);
			assert_int_equal(l->interval_ns, S);
			assert_int_equal(
			    meter_last_delta(&l->source[0].meter, &l->intervals, 0).packets, 20);
		}
		assert_int_equal(l->series.second, (NOW + 90 * S) / S);
		assert_int_equal(packets_within(l, 91), 90 * 20);
		for (uint64_t ago = 1; ago < 40; ago++)
			assert_int_equal(
			    series_sample_sum(series_second(&l->series, ago)).packets, 20);
		/* The flow continues, and its newest packet is its last one. */
		assert_int_equal(l->flows.row[0].last, NOW + 89 * S + 19 * (S / 20) + steps[i]);
		ledger_del(l);
	}
}

/* After a change of the wall clock the first stamp is accepted, and its time is reported. */
static void
test_the_wall_clock_is_told(void **state)
{
	static const uint64_t steps[] = { 50 * 365 * DAY, 0 - DAY, 30 * S, 0 - 90 * S, 2 * S };

	(void)state;
	for (size_t i = 0; i < NITEMS(steps); i++) {
		struct ledger *l = ledger_small();
		uint64_t now = NOW + 5 * S, wall = now + steps[i] + S / 5;

		ledger_set_time(l, NOW);
		live_second(l, NOW, 0, 20);
		assert_int_equal(ledger_wall_time(l, NOW), NOW);
		ledger_set_time(l, now);
		ledger_set_wall_time(l, wall);
		count1(l, packet(17, 1, 1000, 2, 53, 100, wall));
		assert_int_equal(l->flows.row[0].last, wall);
		assert_int_equal(series_sample_sum(series_second(&l->series, 0)).packets, 1);
		assert_int_equal(ledger_wall_time(l, l->series.second * S), wall / S * S);
		assert_int_equal(ledger_time(l), now);
		ledger_set_wall_time(l, wall + S / 2);
		assert_int_equal(ledger_wall_time(l, now), now + steps[i]);
		ledger_del(l);
	}
}

/* During suspend the monotonic clock stops, and the wall clock continues. */
static void
test_an_hour_of_sleep(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	ledger_set_time(l, NOW);
	l->started = NOW;
	for (unsigned n = 0; n < 10; n++)
		live_second(l, NOW + n * S, 0, 20);
	for (unsigned n = 10; n < 20; n++)
		live_second(l, NOW + n * S, 3600 * S, 20);
	assert_int_equal(packets_within(l, 21), 400);
	assert_true(meter_peak(&l->source[0].meter, &l->intervals) <= 2000);
	assert_true(flow_lru_score(&l->flows.row[0],
			packet_time_score(&l->packet_time, 0, l->flows.row[0].last)) >
	    LRU_SCORE_MIN + lru_score_time(19 * S) - 8);
	ledger_del(l);
}

/* The program was stopped for 60 s, and then reads the queued packets. */
static void
test_a_stop_of_a_minute(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	ledger_set_time(l, NOW);
	l->started = NOW;
	live_second(l, NOW, 0, 10);
	ledger_set_time(l, NOW + 60 * S);
	for (unsigned i = 1; i < 60; i++)
		for (unsigned n = 0; n < 10; n++)
			count1(l, packet(17, 1, 1000, 2, 53, 100, NOW + i * S + n));
	ledger_tick(l, NOW + 60 * S);
	while (ledger_fold(l, 100))
		;
	for (uint64_t ago = 1; ago < 60; ago++)
		assert_int_equal(series_sample_sum(series_second(&l->series, ago)).packets, 10);
	assert_int_equal(meter_last_delta(&l->source[0].meter, &l->intervals, 0).packets, 590);
	assert_int_equal(l->interval_ns, 59 * S);
	ledger_del(l);
}

/* Recorded stamps are accepted, however far they jump. */
static void
test_days_apart(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	for (unsigned i = 0; i < 40; i++)
		count1(l, packet(17, 1, 1000, 2, 53, 100, NOW + i * S));
	for (unsigned i = 0; i < 40; i++)
		count1(l, packet(17, 3, 1000, 2, 53, 100, NOW + 3 * DAY + i * S));
	assert_int_equal(ledger_time(l), NOW + 3 * DAY + 39 * S);
	assert_int_equal(l->series.seconds.n, 80);
	for (uint32_t i = 0; i < 80; i++)
		assert_int_equal(series_sample_sum(series_sample(&l->series, i)).packets, 1);
	assert_int_equal(l->flows.row[1].first, NOW + 3 * DAY);
	assert_int_equal(l->flows.row[1].last, NOW + 3 * DAY + 39 * S);
	ledger_del(l);
}

/* A clock that is set back within a file: everything is where its stamp is, and nothing is
 * before its start. */
static void
test_a_file_goes_back(void **state)
{
	static const uint64_t back[] = { 2 * S, 3600 * S, 400 * DAY };

	(void)state;
	for (size_t k = 0; k < NITEMS(back); k++) {
		struct ledger *l = ledger_small();

		for (unsigned i = 0; i < 10; i++)
			count1(l, packet(17, 1, 1000, 2, 53, 100, NOW + i * S));
		for (unsigned i = 0; i < 5; i++)
			count1(l, packet(17, 1, 1000, 2, 53, 900, NOW - back[k] + i * S));
		assert_int_equal(l->flows.row[0].first, NOW - back[k]);
		assert_int_equal(l->flows.row[0].last, NOW + 9 * S);
		assert_int_equal(ledger_time(l), NOW + 9 * S);
		assert_int_equal(series_sample_sum(series_sample(&l->series, 0)).bytes, 900);
		ledger_tick(l, ledger_time(l));
		/* With 2 s the windows that were checked stay unchanged. */
		if (back[k] > 2 * S)
			assert_int_equal(
			    burst_max_final(&l->burst).bytes[BURST_1MS][BURST_ALL], 900);
		ledger_del(l);
	}
}

/* Time may start at 0, with the same results. */
static void
test_time_begins_with_0(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	for (unsigned i = 0; i < 4; i++)
		count1(l, packet(17, 1, 1000, 2, 53, 100 + i, i * S / 2));
	count1(l, packet(17, 3, 1000, 2, 53, 100, 3 * S / 2));
	assert_int_equal(ledger_time(l), 3 * S / 2);
	assert_int_equal(l->series.seconds.n, 2);
	assert_int_equal(series_sample_sum(series_second(&l->series, 0)).packets, 3);
	ledger_tick(l, ledger_time(l));
	assert_int_equal(burst_max_final(&l->burst).bytes[BURST_1MS][BURST_ALL], 203);
	ledger_del(l);
}

/* A quiet hour within a file is an hour; reordered packets are at their own time. */
static void
test_plausible_stamps_are_believed(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	count1(l, packet(17, 1, 1000, 2, 53, 100, NOW));
	count1(l, packet(17, 1, 1000, 2, 53, 100, NOW + 3000 * S));
	count1(l, packet(17, 1, 1000, 2, 53, 100, NOW + 2999 * S));
	assert_int_equal(series_sample_sum(series_second(&l->series, 0)).packets, 1);
	assert_int_equal(series_sample_sum(series_second(&l->series, 1)).packets, 1);
	assert_int_equal(series_sample_sum(series_second(&l->series, 3000)).packets, 1);
	assert_int_equal(l->flows.row[0].last, NOW + 3000 * S);
	ledger_del(l);
}

/* A future stamp does not protect from eviction. */
static void
test_the_future_claims_nothing(void **state)
{
	struct ledger *l = ledger_small();
	struct addr a = ip4(1), b = ip4(3);

	(void)state;
	ledger_set_time(l, NOW);
	count1(l, packet(17, 1, 1000, 2, 53, 100, END));
	for (uint32_t i = 0; i < 3 * l->flows.table.max; i++) {
		ledger_set_time(l, NOW + i * (S / 1000));
		count1(l, packet(17, 0x0b000000 + i, 9, 88, 80, 60, NOW + i * (S / 1000)));
		/* This one has a packet from time to time. */
		if (i % (l->flows.table.max / 4) == 0)
			count1(l, packet(17, 3, 9, 4, 9, 60, NOW + i * (S / 1000)));
	}
	assert_balance(l);
	for (uint32_t i = 0; i < l->flows.table.used; i++)
		assert_false(addr_equal(&l->flows.row[i].key.a, &a));
	assert_non_null(hosts_find(&l->hosts, ADDR_IP4, &b));
	ledger_del(l);
}

static void
test_time_may_do_what_it_likes(void **state)
{
	static const uint64_t stamps[] = { 5000, 4000, 1, 0, 4102444800, 5000, 4294967295,
		18000000000 };
	struct ledger *l = ledger_small();
	uint64_t sum = 0, before = 0;

	(void)state;
	for (size_t i = 0; i < NITEMS(stamps); i++) {
		count1(l, packet(17, 1, 1000, 2, 53, 100, stamps[i] * S));
		assert_true(ledger_time(l) >= before);
		before = ledger_time(l);
		ledger_tick(l, before);
		while (ledger_fold(l, 1))
			;
	}
	assert_balance(l);
	assert_int_equal(ledger_time(l), 18000000000 * S);
	for (uint32_t i = 0; i < l->series.seconds.n; i++)
		sum += series_sample_sum(series_sample(&l->series, i)).packets;
	assert_int_equal(sum, NITEMS(stamps));
	assert_int_equal(l->flows.row[0].first, 0);
	assert_int_equal(l->flows.row[0].last, 18000000000 * S);
	ledger_del(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_played),
		cmocka_unit_test(test_halt),
		cmocka_unit_test(test_how_many_must_agree),
		cmocka_unit_test(test_one_stamp_of_2106_while_live),
		cmocka_unit_test(test_the_wall_clock_is_set),
		cmocka_unit_test(test_the_wall_clock_is_told),
		cmocka_unit_test(test_an_hour_of_sleep),
		cmocka_unit_test(test_a_stop_of_a_minute),
		cmocka_unit_test(test_days_apart),
		cmocka_unit_test(test_a_file_goes_back),
		cmocka_unit_test(test_time_begins_with_0),
		cmocka_unit_test(test_plausible_stamps_are_believed),
		cmocka_unit_test(test_the_future_claims_nothing),
		cmocka_unit_test(test_time_may_do_what_it_likes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
