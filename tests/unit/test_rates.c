/* Rates: of single meters, and consistent in all tables of a ledger. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ledger.h"

#define MS UINT64_C(1000000)

/* Adds bytes to the current interval, then ends it. */
static void
go(struct intervals *b, struct meter *m, uint64_t ns, uint64_t bytes)
{
	if (bytes > 0) {
		meter_advance(m, b);
		meter_add(m, 0, 1, bytes);
	}
	intervals_advance(b, ns);
}

static void
assert_near(double x, double y)
{
	double off = x > y ? x - y : y - x;

	/* The maximum error of a slot of ten intervals. */
	if (off > y / 200 + 1e-9)
		fail_msg("%f is not near %f", x, y);
}

static void
assert_rates(
    const struct intervals *b, const struct meter *m, double ten, double sixty, double peak)
{
	assert_near(meter_rate(m, b, METER_10S), ten);
	assert_near(meter_rate(m, b, METER_60S), sixty);
	assert_near(meter_peak(m, b), peak);
}

static void
test_steady(void **state)
{
	static const uint64_t lengths[] = { 100 * MS, 250 * MS, 999 * MS, 1001 * MS, 3 * S, 7 * S,
		20 * S, 3600 * S };

	(void)state;
	for (size_t i = 0; i < NITEMS(lengths); i++) {
		struct meter m = { 0 };
		struct intervals b;

		intervals_init(&b);
		for (unsigned n = 0; n < 2000; n++) {
			/* 8 kB per second, from the first interval on. */
			go(&b, &m, lengths[i], lengths[i] / 125000);
			assert_rates(&b, &m, 8000, 8000, 8000);
		}
	}
}

static void
test_the_first_second(void **state)
{
	struct meter m = { 0 };
	struct intervals b;

	(void)state;
	intervals_init(&b);
	assert_rates(&b, &m, 0, 0, 0);
	go(&b, &m, 300 * MS, 3000);
	assert_rates(&b, &m, 10000, 10000, 10000);
	go(&b, &m, 700 * MS, 0);
	assert_rates(&b, &m, 3000, 3000, 10000);
}

/* Without traffic it decreases. */
static void
test_a_burst_and_silence(void **state)
{
	struct meter m = { 0 };
	struct intervals b;

	(void)state;
	intervals_init(&b);
	for (unsigned i = 0; i < 100; i++)
		go(&b, &m, S, 0);
	go(&b, &m, S, 60000);
	for (unsigned ago = 0; ago < 80; ago++) {
		double ten = meter_rate(&m, &b, METER_10S), sixty = meter_rate(&m, &b, METER_60S);

		if (ago < 9)
			assert_true(ten >= 60000.0 / 12.1 && ten <= 60000.0 / 9.4);
		if (ago >= 12)
			assert_near(ten, 0);
		if (ago < 57)
			assert_true(sixty >= 60000.0 / 72.1 && sixty <= 60000.0 / 56.9);
		if (ago >= 72)
			assert_near(sixty, 0);
		assert_near(meter_peak(&m, &b), 60000);
		intervals_advance(&b, S);
	}
}

/* A flow that starts and ends within the window is counted with all of its bytes. */
static void
test_starts_and_dies(void **state)
{
	struct meter m = { 0 };
	struct intervals b;

	(void)state;
	intervals_init(&b);
	for (unsigned i = 0; i < 120; i++)
		go(&b, &m, S, 0);
	for (unsigned i = 0; i < 3; i++)
		go(&b, &m, S, 1000);
	go(&b, &m, S, 0);
	assert_int_equal(meter_last_delta(&m, &b, 0).bytes, 0);
	assert_true(meter_rate(&m, &b, METER_10S) >= 3000 / 12.1);
	assert_true(meter_rate(&m, &b, METER_10S) <= 3000 / 9.4);
	assert_near(meter_peak(&m, &b), 1000);
}

/* An interval far longer than the delay: its traffic is averaged over the interval. */
static void
test_stall(void **state)
{
	struct meter m = { 0 };
	struct intervals b;

	(void)state;
	intervals_init(&b);
	for (unsigned i = 0; i < 100; i++)
		go(&b, &m, S, 1000);
	go(&b, &m, 45 * S, 45000);
	assert_near(meter_rate(&m, &b, METER_10S), 1000);
	assert_near(meter_rate(&m, &b, METER_60S), 1000);
	assert_near(meter_peak(&m, &b), 1000);
	go(&b, &m, S, 1000);
	assert_rates(&b, &m, 1000, 1000, 1000);
}

/* More intervals pass than are stored. */
static void
test_long_forgotten(void **state)
{
	struct meter m = { 0 };
	struct peak p = { 0 };
	struct intervals b;

	(void)state;
	intervals_init(&b);
	peak_add(&p, &b, 500);
	go(&b, &m, S, 500);
	for (unsigned i = 0; i < 3 * INTERVALS_KEPT; i++)
		intervals_advance(&b, S);
	assert_rates(&b, &m, 0, 0, 500);
	assert_near(peak_max_rate(&p, &b), 500);
	go(&b, &m, S, 100);
	assert_near(meter_rate(&m, &b, METER_10S) * b.window[METER_10S].seconds, 100);
	assert_near(meter_peak(&m, &b), 500);
	/* As many as are stored, or nearly so. */
	for (unsigned ago = INTERVALS_KEPT - 1; ago <= INTERVALS_KEPT + 1; ago++) {
		struct meter other = { 0 };
		struct overflow_sums sums = { 0 };

		m = (struct meter){ 0 };
		overflow_meter_add(&other, &sums, &b, (struct tally[2]){ { 1, 500 }, { 0, 0 } });
		go(&b, &m, S, 500);
		for (unsigned i = 1; i < ago; i++)
			intervals_advance(&b, S);
		assert_rates(&b, &m, 0, 0, 500);
		overflow_meter_add(&other, &sums, &b, (struct tally[2]){ { 1, 60 }, { 0, 0 } });
		intervals_advance(&b, S);
		assert_near(meter_rate(&other, &b, METER_10S) * b.window[METER_10S].seconds, 60);
	}
}

static void
test_intervals_of_no_length(void **state)
{
	struct meter m = { 0 };
	struct intervals b;

	(void)state;
	intervals_init(&b);
	for (unsigned i = 0; i < 10; i++)
		go(&b, &m, 0, 100);
	assert_rates(&b, &m, 0, 0, 0);
	go(&b, &m, S, 1000);
	assert_near(meter_peak(&m, &b), 1000);
}

/* 400 Gb/s for an hour, in one interval and in many. */
static void
test_large_numbers(void **state)
{
	uint64_t second = UINT64_C(50000000000);
	struct meter m = { 0 };
	struct intervals b;

	(void)state;
	intervals_init(&b);
	go(&b, &m, 3600 * S, 3600 * second);
	for (unsigned i = 0; i < 100; i++)
		go(&b, &m, S, second);
	assert_rates(&b, &m, (double)second, (double)second, (double)second);
	assert_int_equal(m.t[0].bytes, 3700 * second);
}

/* The rates of rows and of "(other)" add up to the total: 10 s, 60 s, and the last interval. */
struct sums {
	double ten, sixty;
	struct tally moved;
};

static void
add(struct sums *s, const struct ledger *l, const struct meter *m, int ways)
{
	s->ten += meter_rate(m, &l->intervals, METER_10S);
	s->sixty += meter_rate(m, &l->intervals, METER_60S);
	for (int way = 0; way < ways; way++) {
		struct tally t = meter_last_delta(m, &l->intervals, way);

		tally_add(&s->moved, t.packets, t.bytes);
	}
}

static void
assert_same(const struct sums *x, const struct sums *y, double times)
{
	assert_near(x->ten, y->ten * times);
	assert_near(x->sixty, y->sixty * times);
	assert_near((double)x->moved.bytes, (double)y->moved.bytes * times);
}

static void
assert_rates_balance(const struct ledger *l)
{
	struct sums flows = { 0 }, hosts = { 0 }, ports = { 0 }, paths = { 0 }, ways = { 0 },
		    sources = { 0 };

	for (uint32_t i = 0; i < l->flows.table.used; i++)
		add(&flows, l, &l->flows.row[i].meter, 2);
	add(&flows, l, &l->flows.other, 2);
	for (uint32_t i = 0; i <= l->hosts.table.used; i++)
		for (int c = 0; c < CLASSES; c++)
			add(&hosts, l,
			    i < l->hosts.table.used ? &l->hosts.row[i].meter[c]
						    : &l->hosts.other.meter[c],
			    2);
	for (uint32_t i = 0; i <= l->ports.table.used; i++)
		add(&ports, l,
		    i < l->ports.table.used ? &l->ports.row[i].meter : &l->ports.other.meter, 2);
	add(&paths, l, &l->proto_tree.node[0].meter, 1);
	for (int w = 0; w < SERIES_WAYS; w++)
		add(&ways, l, &l->way[w], 1);
	add(&sources, l, &l->source[0].meter, 1);
	assert_same(&flows, &ways, 1);
	assert_same(&hosts, &ways, 2);
	assert_same(&ports, &ways, 1);
	assert_same(&paths, &ways, 1);
	assert_same(&sources, &ways, 1);
}

/* Flows, hosts and ports are evicted all the time, except the steady ones. */
static void
test_the_same_in_every_table(void **state)
{
	struct ledger *l = ledger_small();
	uint32_t n = 0;

	(void)state;
	l->started = 100 * S;
	for (unsigned second = 0; second < 80; second++) {
		for (uint32_t i = 0; i < 400; i++, n++) {
			count1(l,
			    packet(17, 0x0b000000 + n, (uint16_t)(n | 1), n * 7,
				(uint16_t)(n * 3 | 1), 60 + n % 1000, (100 + second) * S));
			count1(l, packet(6, 1 + i % 10, 5000, 77, 443, 1000, (100 + second) * S));
		}
		ledger_tick(l, (101 + second) * S);
		while (ledger_fold(l, 100))
			;
		if (second % 9 == 0)
			assert_rates_balance(l);
	}
	assert_rates_balance(l);
	assert_true(
	    l->flows.table.evicted > 0 && l->hosts.table.evicted > 0 && l->ports.table.evicted > 0);
	assert_balance(l);
	ledger_del(l);
}

static void
test_rates_are_of_the_last_whole_interval(void **state)
{
	struct ledger *l = ledger_small();
	const struct flow *f = &l->flows.row[0];

	(void)state;
	l->started = 10 * S;
	count1(l, packet(17, 1, 1000, 2, 53, 100, 10 * S));
	ledger_tick(l, 11 * S);
	assert_false(ledger_fold(l, 100));
	assert_int_equal(l->interval_ns, S);
	assert_tally(meter_last_delta(&f->meter, &l->intervals, 0), 1, 100);
	/* A later packet is not in the interval that has ended. */
	count1(l, packet(17, 1, 1000, 2, 53, 40, 11 * S));
	count1(l, packet(17, 1, 1000, 2, 53, 40, 11 * S));
	ledger_flush(l);
	assert_tally(meter_last_delta(&f->meter, &l->intervals, 0), 1, 100);
	ledger_tick(l, 13 * S);
	assert_false(ledger_fold(l, 100));
	assert_int_equal(l->interval_ns, 2 * S);
	assert_tally(meter_last_delta(&f->meter, &l->intervals, 0), 2, 80);
	assert_tally(meter_last_delta(&l->way[WAY_OTHER], &l->intervals, 0), 2, 80);
	ledger_tick(l, 14 * S);
	assert_false(ledger_fold(l, 100));
	assert_tally(meter_last_delta(&f->meter, &l->intervals, 0), 0, 0);
	ledger_del(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_steady),
		cmocka_unit_test(test_the_first_second),
		cmocka_unit_test(test_a_burst_and_silence),
		cmocka_unit_test(test_starts_and_dies),
		cmocka_unit_test(test_stall),
		cmocka_unit_test(test_long_forgotten),
		cmocka_unit_test(test_intervals_of_no_length),
		cmocka_unit_test(test_large_numbers),
		cmocka_unit_test(test_the_same_in_every_table),
		cmocka_unit_test(test_rates_are_of_the_last_whole_interval),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
