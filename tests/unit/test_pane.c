/* The side panel of a wide screen, and the totals of all TCP connections. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "control/command.h"
#include "control/layout.h"
#include "core/tcp.h"
#include "screen/screen.h"

#include "traffic.h"

#define NEAR(x, y) assert_true((x) > (y)-1e-9 && (x) < (y) + 1e-9)

static void
shares_are_of_all_bytes(void **state)
{
	struct ledger *l = traffic_new();
	struct scope s = traffic_scope(l);
	struct panel p;

	(void)state;
	s.whole_time = true;
	s.classes = 1u << CLASS_UDP; /* whatever is hidden */
	panel_data_update(&p, &s);
	assert_true(p.known);
	NEAR(p.class[CLASS_TCP], 9516.0 / 10100);
	NEAR(p.class[CLASS_UDP], 400.0 / 10100);
	NEAR(p.class[CLASS_ICMP], 84.0 / 10100);
	NEAR(p.class[CLASS_OTHER], 100.0 / 10100);
	ledger_del(l);
}

static void
kinds_stand_by_their_share(void **state)
{
	static const char *const names[] = { "tls", "ssh", "dns", "arp", "icmp" };
	struct ledger *l = traffic_new();
	struct scope s = traffic_scope(l);
	struct panel p;

	(void)state;
	s.whole_time = true;
	panel_data_update(&p, &s);
	assert_int_equal(p.n_protos, 5);
	for (unsigned i = 0; i < p.n_protos; i++)
		assert_string_equal(p.proto[i].name, names[i]);
	NEAR(p.proto[0].share, 9000.0 / 10100);
	ledger_del(l);
}

static void
nothing_is_a_share_of_nothing(void **state)
{
	struct ledger *l = traffic_none();
	struct scope s = traffic_scope(l);
	struct panel p;

	(void)state;
	panel_data_update(&p, &s);
	assert_false(p.known);
	assert_false(p.has_tcp);
	assert_int_equal(p.n_protos, 0);
	assert_int_equal(p.n_sources, 1);
	assert_true(p.source[0].link_share < 0);
	ledger_del(l);
}

/* A link with known speed shows its load. */
static void
a_link_is_used(void **state)
{
	struct ledger *l = traffic_new();
	struct scope s = traffic_scope(l);
	struct panel p;

	(void)state;
	s.whole_time = true;
	l->source[0].link_bps = 1000000;
	l->source[0].drops_known = true;
	l->source[0].kernel_dropped = 3;
	l->source[0].interface_dropped = 4;
	panel_data_update(&p, &s);
	assert_true(p.source[0].byte_rate > 0);
	NEAR(p.source[0].link_share, p.source[0].byte_rate * 8 / 1e6);
	assert_int_equal(p.source[0].dropped, 7);
	ledger_del(l);
}

/* Counts since the baseline: here too. */
static void
it_counts_since_the_baseline(void **state)
{
	struct ledger *l = traffic_new();
	struct scope s = traffic_scope(l);
	struct panel p;

	(void)state;
	s.whole_time = s.since_baseline = true;
	l->source[0].drops_known = true;
	l->source[0].kernel_dropped = 3;
	ledger_set_baseline(l, true);
	traffic_count(l, &traffic_rows[2], TRAFFIC_START + 10 * TRAFFIC_NS);
	traffic_tick(l, 11 * TRAFFIC_NS);
	panel_data_update(&p, &s);
	NEAR(p.class[CLASS_UDP], 1);
	NEAR(p.class[CLASS_TCP], 0);
	assert_int_equal(p.source[0].dropped, 0);
	NEAR(p.size[1], 1);
	NEAR(p.tcp[TCP_STATS_SEGMENTS], 0);
	ledger_del(l);
}

static int
cells(int cols, const char *command)
{
	static struct state st;
	int n;

	state_init(&st);
	st.cols = cols;
	command_run(&st, command);
	n = panel_width(&st);
	state_fini(&st);
	return n;
}

static void
only_a_wide_screen_has_it(void **state)
{
	(void)state;
	assert_int_equal(cells(139, "view talkers"), 0);
	assert_true(cells(140, "view talkers") > 0);
	assert_true(cells(200, "view talkers") > cells(140, "view talkers"));
	assert_true(cells(1000, "view talkers") < 60);
	assert_int_equal(cells(200, "pane off"), 0);
	assert_int_equal(cells(200, "pane"), 0);
	assert_int_equal(cells(200, "view traffic"), 0);
}

static void
troubles_are_counted_by_their_kind(void **state)
{
	static struct tcp_stats t;

	(void)state;
	tcp_stats_note(&t, TCP_RETRANSMITTED);
	tcp_stats_note(&t, TCP_RETRANSMITTED | TCP_WAS_RESET);
	tcp_stats_note(&t, TCP_DUPLICATE_ACK | TCP_KEEP_ALIVE);
	tcp_stats_note(&t, TCP_ZERO_WINDOW);
	assert_int_equal(t.n[TCP_STATS_RETRANSMITTED], 2);
	assert_int_equal(t.n[TCP_STATS_RESETS], 1);
	assert_int_equal(t.n[TCP_STATS_ZERO_WINDOWS], 1);
	assert_int_equal(t.n[TCP_STATS_OUT_OF_ORDER], 0);
}

/* Every RTT is within an eighth, the longest one too. */
static void
round_trips_come_back(void **state)
{
	(void)state;
	for (uint64_t us = 0; us <= UINT32_MAX; us = us * 5 / 4 + 1) {
		struct tcp_stats t = { .n_rtts = 0 };
		uint32_t got;

		tcp_stats_add_rtt(&t, (uint32_t)us);
		assert_true(tcp_stats_rtt_quantile(&t, 0.5, &got));
		assert_in_range(got, us - us / 8, us + us / 8);
	}
}

static void
quantiles_are_of_those_of_late(void **state)
{
	static struct tcp_stats t;
	uint32_t us;

	(void)state;
	assert_false(tcp_stats_rtt_quantile(&t, 0.5, &us));
	for (int i = 0; i < 100; i++)
		tcp_stats_add_rtt(&t, i < 90 ? 1000 : 100000);
	assert_true(tcp_stats_rtt_quantile(&t, 0.5, &us));
	assert_in_range(us, 900, 1125);
	assert_true(tcp_stats_rtt_quantile(&t, 0.95, &us));
	assert_in_range(us, 88000, 112500);
	for (int i = 0; i < 100000; i++)
		tcp_stats_add_rtt(&t, 5000);
	assert_true(tcp_stats_rtt_quantile(&t, 0.01, &us));
	assert_in_range(us, 4400, 5625);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shares_are_of_all_bytes),
		cmocka_unit_test(kinds_stand_by_their_share),
		cmocka_unit_test(nothing_is_a_share_of_nothing),
		cmocka_unit_test(a_link_is_used),
		cmocka_unit_test(it_counts_since_the_baseline),
		cmocka_unit_test(only_a_wide_screen_has_it),
		cmocka_unit_test(troubles_are_counted_by_their_kind),
		cmocka_unit_test(round_trips_come_back),
		cmocka_unit_test(quantiles_are_of_those_of_late),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
