/* The columns that all tables of traffic have: which direction, which time, which unit. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ledger.h"
#include "util/attr.h"
#include "view/columns.h"

#define SECONDS 2

/* What a row sent and received, all numbers different. */
struct sums {
	struct tally count[2], interval[2];
};

static const struct sums sums = {
	.count = { [TRAFFIC_OUT] = { .packets = 10, .bytes = 1000 },
	    [TRAFFIC_IN] = { .packets = 400, .bytes = 50000 } },
	.interval = { [TRAFFIC_OUT] = { .packets = 6, .bytes = 700 },
	    [TRAFFIC_IN] = { .packets = 80, .bytes = 9000 } },
};

static struct tally
count(const struct scope *s ATTR_UNUSED, const void *row, int way)
{
	return ((const struct sums *)row)->count[way];
}

static struct tally
interval(const struct scope *s ATTR_UNUSED, const void *row, int way)
{
	return ((const struct sums *)row)->interval[way];
}

static struct value
window(const struct scope *s ATTR_UNUSED, const void *row ATTR_UNUSED, enum meter_window w)
{
	return value_x(V_BYTE_RATE, w == METER_10S ? 10 : 60);
}

static struct value
peak(const struct scope *s ATTR_UNUSED, const void *row ATTR_UNUSED)
{
	return value_x(V_BYTE_RATE, 12345);
}

static const struct row_traffic both = {
	.count = count, .interval = interval, .window = window, .peak = peak
};
static const struct row_traffic one_way = {
	.one_way = true, .count = count, .interval = interval, .window = window, .peak = peak
};

#define COLUMNS(t)                                                                                 \
	{                                                                                          \
		{ TRAFFIC_BPS_IN(t) }, { TRAFFIC_BPS_OUT(t) }, { TRAFFIC_BPS(t) },                 \
		    TRAFFIC_WINDOWS(t, ""), { TRAFFIC_PPS(t) }, { TRAFFIC_BYTES_IN(t) },           \
		    { TRAFFIC_BYTES_OUT(t) }, { TRAFFIC_BYTES(t) }, { TRAFFIC_PACKETS_IN(t) },     \
		    { TRAFFIC_PACKETS_OUT(t) }, { TRAFFIC_PACKETS(t) }, { TRAFFIC_SHARE(t, 6) },   \
	}

static const struct column columns_both[] = COLUMNS(both), columns_one_way[] = COLUMNS(one_way);
static const struct view view_both = { .cols = columns_both, .n_cols = NITEMS(columns_both) };
static const struct view view_one_way = { .cols = columns_one_way,
	.n_cols = NITEMS(columns_one_way) };

static struct value
cell(const struct view *v, const char *name, const struct scope *s)
{
	const struct column *c = view_find_column(v, name);
	struct value x;

	assert_non_null(c);
	x = column_value(c, s, &sums);
	if (x.type != V_NONE)
		assert_int_equal(x.type, c->type);
	return x;
}

struct expected {
	const char *column;
	double both, one_way;
};

/* Rates are per second of the interval, counts are of the whole time; one way is what was sent. */
static void
test_values(void **state)
{
	static const struct expected rates[] = {
		{ "bps_in", 9000.0 / SECONDS, -1 },
		{ "bps_out", 700.0 / SECONDS, 700.0 / SECONDS },
		{ "bps", 9700.0 / SECONDS, 700.0 / SECONDS },
		{ "bps_10s", 10, 10 },
		{ "bps_60s", 60, 60 },
		{ "bps_peak", 12345, 12345 },
		{ "pps", 86.0 / SECONDS, 6.0 / SECONDS },
		{ "share", 9700.0 / 19400, 700.0 / 19400 },
	};
	static const struct expected counts[] = {
		{ "bytes_in", 50000, -1 },
		{ "bytes_out", 1000, 1000 },
		{ "bytes", 51000, 1000 },
		{ "packets_in", 400, -1 },
		{ "packets_out", 10, 10 },
		{ "packets", 410, 10 },
	};
	struct ledger *l = ledger_small();
	struct scope s = scope_of_all(l, false);

	(void)state;
	l->interval_ns = SECONDS * S;
	s.share_total = 19400;
	for (unsigned i = 0; i < NITEMS(rates); i++) {
		assert_float_equal(cell(&view_both, rates[i].column, &s).x, rates[i].both, 1e-9);
		if (rates[i].one_way >= 0)
			assert_float_equal(
			    cell(&view_one_way, rates[i].column, &s).x, rates[i].one_way, 1e-9);
	}
	for (unsigned i = 0; i < NITEMS(counts); i++) {
		assert_int_equal(cell(&view_both, counts[i].column, &s).n, counts[i].both);
		if (counts[i].one_way >= 0)
			assert_int_equal(
			    cell(&view_one_way, counts[i].column, &s).n, counts[i].one_way);
	}
	ledger_del(l);
}

/* Before the first interval ends there is no rate, and without a total no share; counts there are.
 */
static void
test_unknown(void **state)
{
	struct ledger *l = ledger_small();
	struct scope s = scope_of_all(l, false);

	(void)state;
	assert_int_equal(cell(&view_both, "bps", &s).type, V_NONE);
	assert_int_equal(cell(&view_both, "bps_in", &s).type, V_NONE);
	assert_int_equal(cell(&view_both, "pps", &s).type, V_NONE);
	assert_int_equal(cell(&view_both, "share", &s).type, V_NONE);
	assert_int_equal(cell(&view_both, "bytes", &s).n, 51000);
	ledger_del(l);
}

/* Numbers are sorted from large to small at first. */
static void
test_rows(void **state)
{
	(void)state;
	for (unsigned i = 0; i < view_both.n_cols; i++) {
		assert_true(columns_both[i].desc);
		assert_true(columns_both[i].min <= columns_both[i].max);
		assert_ptr_equal(columns_both[i].traffic, &both);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
