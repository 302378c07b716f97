/* The user's own SSH session: its connection, and the tables without it. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "control/state.h"
#include "core/own_session.h"
#include "ledger.h"
#include "view/columns.h"

#define CLIENT 0x0a000001
#define SERVER 0x0a000002
#define THIRD  0x0a000003

static void
environments_are_read(void **state)
{
	struct own_session o;

	(void)state;
	assert_true(own_session_parse(&o, "10.0.0.1 51234 10.0.0.2 22"));
	assert_int_equal(o.kind, ADDR_IP4);
	assert_int_equal(o.client_port, 51234);
	assert_int_equal(o.server_port, 22);
	assert_true(own_session_parse(&o, "fe80::1%eth0 51234 fe80::2%eth0 22"));
	assert_int_equal(o.kind, ADDR_IP6);
	/* A dual-stack server on IPv6 sees IPv4 like this. */
	assert_true(own_session_parse(&o, "::ffff:10.0.0.1 51234 ::ffff:10.0.0.2 22"));
	assert_int_equal(o.kind, ADDR_IP4);
	assert_int_equal(o.client.b[0], 10);
}

static void
nonsense_is_no_session(void **state)
{
	static const char *const wrong[] = { "", "x", "10.0.0.1 51234 10.0.0.2",
		"10.0.0.1 0 10.0.0.2 22", "10.0.0.1 70000 10.0.0.2 22", "10.0.0.1 51234 fe80::2 22",
		"a.example 51234 b.example 22", "10.0.0.1 51234 10.0.0.2 22 more",
		"UNKNOWN 65535 UNKNOWN 65535" };
	struct own_session o;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_false(own_session_parse(&o, wrong[i]));
		assert_false(o.known);
	}
}

/* The session, another connection to the same service, and one to a third host. */
static struct ledger *
traffic(void)
{
	struct ledger *l = ledger_small();

	assert_true(own_session_parse(&l->own_session, "10.0.0.1 51234 10.0.0.2 22"));
	count1(l, packet(6, SERVER, 22, CLIENT, 51234, 1000, S));
	count1(l, packet(6, CLIENT, 51234, SERVER, 22, 100, S));
	count1(l, packet(6, CLIENT, 51235, SERVER, 22, 70, S));
	count1(l, packet(6, SERVER, 40000, THIRD, 443, 500, S));
	ledger_tick(l, 2 * S);
	ledger_flush(l);
	return l;
}

static void
rank(struct state *st, const struct ledger *l, const char *view)
{
	for (unsigned i = 0; i < n_views; i++)
		if (strcmp(views[i]->name, view) == 0)
			state_show_view(st, i);
	st->whole_time = true;
	refresh_begin(st, l);
	while (row_list_step(st->list, UINT32_MAX))
		;
	refresh_finish(st);
}

static uint64_t
sum(const struct state *st, const char *column)
{
	const struct view *v = views[st->view];
	size_t c = (size_t)(view_find_column(v, column) - v->cols);
	uint64_t n = 0;

	for (uint32_t i = 0; i < state_row_count(st); i++)
		n += state_row(st, i)->cell[c].n;
	return n;
}

static void
tables_are_without_it(void **state)
{
	struct ledger *l = traffic();
	struct state st;

	(void)state;
	state_init(&st);
	rank(&st, l, "flows");
	assert_int_equal(state_row_count(&st), 2);
	rank(&st, l, "talkers");
	assert_int_equal(state_row_count(&st), 3);
	assert_int_equal(sum(&st, "bytes_out"), 570);
	assert_int_equal(sum(&st, "bytes_in"), 570);
	assert_int_equal(sum(&st, "packets"), 4);
	assert_int_equal(sum(&st, "flows"), 4);
	rank(&st, l, "ports");
	assert_int_equal(sum(&st, "bytes"), 570);
	assert_int_equal(sum(&st, "flows"), 2);
	/* The totals include it. */
	assert_int_equal(st.summary.total.bytes, 1670);
	assert_balance(l);
	state_fini(&st);
	ledger_del(l);
}

/* The number of hosts whose peak is marked as approximate. */
static unsigned
approximate_peaks(const struct state *st, const struct ledger *l)
{
	const struct column *c = view_find_column(&view_talkers, "bps_peak");
	struct scope s = state_scope(st, l);
	unsigned n = 0;

	s.whole_time = false;
	for (uint32_t i = 0; i < view_talkers.slots(l); i++) {
		const void *row = view_talkers.row(&s, i);

		if (row != NULL) {
			assert_int_equal(column_value(c, &s, row).type, V_BYTE_RATE);
			n += column_value(c, &s, row).kind == VALUE_APPROXIMATE;
		}
	}
	return n;
}

/* The peaks of its hosts include it. */
static void
peaks_are_marked(void **state)
{
	struct ledger *l = traffic();
	struct state st;

	(void)state;
	l->packet_time.is_live = true;
	ledger_tick(l, 3 * S);
	ledger_flush(l);
	state_init(&st);
	rank(&st, l, "talkers");
	assert_int_equal(approximate_peaks(&st, l), 2);
	input_key(&st, 'O');
	rank(&st, l, "talkers");
	assert_int_equal(approximate_peaks(&st, l), 0);
	state_fini(&st);
	ledger_del(l);
}

static void
it_can_be_shown(void **state)
{
	struct ledger *l = traffic();
	struct state st;

	(void)state;
	state_init(&st);
	input_key(&st, 'O');
	rank(&st, l, "flows");
	assert_int_equal(state_row_count(&st), 3);
	rank(&st, l, "talkers");
	assert_int_equal(sum(&st, "bytes_out"), 1670);
	rank(&st, l, "ports");
	assert_int_equal(sum(&st, "bytes"), 1670);
	input_key(&st, 'O');
	rank(&st, l, "flows");
	assert_int_equal(state_row_count(&st), 2);
	state_fini(&st);
	ledger_del(l);
}

/* Both ends in one network, in different ones, and as all of a network's traffic. */
static void
networks_are_without_it(void **state)
{
	static const struct {
		uint8_t bits;
		uint64_t rows, in, out, flows;
	} rows[] = { { 24, 1, 570, 570, 4 }, { 32, 3, 570, 570, 4 }, { 31, 2, 570, 570, 4 } };
	struct ledger *l = traffic();
	struct state st;

	(void)state;
	state_init(&st);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		st.own.shown = false;
		if (ledger_enable(l, LEDGER_NETWORKS, rows[i].bits, 64))
			ledger_flush(l);
		rank(&st, l, "networks");
		assert_int_equal(state_row_count(&st), rows[i].rows);
		assert_int_equal(sum(&st, "bytes_in"), rows[i].in);
		assert_int_equal(sum(&st, "bytes_out"), rows[i].out);
		assert_int_equal(sum(&st, "flows"), rows[i].flows);
		st.own.shown = true;
		rank(&st, l, "networks");
		assert_int_equal(sum(&st, "bytes_in"), 1670);
		assert_int_equal(sum(&st, "flows"), 6);
	}
	state_fini(&st);
	ledger_del(l);
}

/* Errors of the session do not count for a host. */
static void
health_is_without_it(void **state)
{
	struct ledger *l = ledger_small();
	struct state st;
	struct pkt p = packet(6, SERVER, 22, CLIENT, 51234, 1000, S);

	(void)state;
	assert_true(own_session_parse(&l->own_session, "10.0.0.1 51234 10.0.0.2 22"));
	p.tcp_flags = TCP_ACK;
	p.payload = 900;
	for (unsigned i = 0; i < 3; i++) {
		p.seq = 1000;
		count1(l, p);
		p.seq = 1900;
		p.ts += S;
		count1(l, p);
	}
	count1(l, packet(6, SERVER, 40000, THIRD, 443, 500, S));
	ledger_tick(l, 9 * S);
	ledger_flush(l);
	state_init(&st);
	rank(&st, l, "health");
	assert_int_equal(state_row_count(&st), 2);
	assert_int_equal(sum(&st, "retransmissions"), 0);
	assert_int_equal(sum(&st, "severity"), 0);
	assert_int_equal(sum(&st, "bytes"), 1000);
	assert_int_equal(sum(&st, "flows"), 2);
	st.own.shown = true;
	rank(&st, l, "health");
	assert_int_equal(state_row_count(&st), 3);
	assert_true(sum(&st, "retransmissions") > 0);
	assert_true(sum(&st, "severity") > 0);
	state_fini(&st);
	ledger_del(l);
}

static void
a_host_that_has_nothing_else_is_no_row(void **state)
{
	struct ledger *l = ledger_small();
	struct state st;

	(void)state;
	assert_true(own_session_parse(&l->own_session, "10.0.0.1 51234 10.0.0.2 22"));
	count1(l, packet(6, SERVER, 22, CLIENT, 51234, 1000, S));
	count1(l, packet(6, SERVER, 40000, THIRD, 443, 500, S));
	ledger_tick(l, 2 * S);
	ledger_flush(l);
	state_init(&st);
	rank(&st, l, "talkers");
	assert_int_equal(state_row_count(&st), 2);
	rank(&st, l, "ports");
	assert_int_equal(state_row_count(&st), 1);
	state_fini(&st);
	ledger_del(l);
}

static void
the_same_session_seen_twice_is_hidden_twice(void **state)
{
	struct ledger *l = ledger_small();
	struct own_session_share part;
	struct pkt p;

	(void)state;
	assert_int_equal(ledger_add_source(l, "other", 1, 1), 1);
	assert_true(own_session_parse(&l->own_session, "10.0.0.1 51234 10.0.0.2 22"));
	p = packet(6, SERVER, 22, CLIENT, 51234, 1000, S);
	count1(l, p);
	p.source = 1;
	count1(l, p);
	ledger_flush(l);
	own_session_measure(&part, l);
	assert_int_equal(part.flows, 2);
	assert_tally(part.counted[OWN_RECEIVED], 2, 2000);
	assert_tally(part.counted[OWN_SENT], 0, 0);
	ledger_del(l);
}

static void
only_the_same_ends_are_it(void **state)
{
	struct addr client = ip4(CLIENT), server = ip4(SERVER), third = ip4(THIRD);
	struct own_session o;

	(void)state;
	assert_true(own_session_parse(&o, "10.0.0.1 51234 10.0.0.2 22"));
	assert_true(own_session_is(&o, ADDR_IP4, &client, 51234, &server, 22));
	assert_true(own_session_is(&o, ADDR_IP4, &server, 22, &client, 51234));
	assert_false(own_session_is(&o, ADDR_IP4, &server, 51234, &client, 22));
	assert_false(own_session_is(&o, ADDR_IP4, &client, 51235, &server, 22));
	assert_false(own_session_is(&o, ADDR_IP4, &third, 51234, &server, 22));
	assert_false(own_session_is(&o, ADDR_IP6, &client, 51234, &server, 22));
	/* From an address to itself. */
	assert_true(own_session_parse(&o, "10.0.0.1 51234 10.0.0.1 22"));
	assert_true(own_session_is(&o, ADDR_IP4, &client, 22, &client, 51234));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(environments_are_read),
		cmocka_unit_test(nonsense_is_no_session),
		cmocka_unit_test(tables_are_without_it),
		cmocka_unit_test(peaks_are_marked),
		cmocka_unit_test(it_can_be_shown),
		cmocka_unit_test(networks_are_without_it),
		cmocka_unit_test(health_is_without_it),
		cmocka_unit_test(a_host_that_has_nothing_else_is_no_row),
		cmocka_unit_test(the_same_session_seen_twice_is_hidden_twice),
		cmocka_unit_test(only_the_same_ends_are_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
