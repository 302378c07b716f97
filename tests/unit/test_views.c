/* Views with extra data in the ledger, or that are not based on its large tables. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "control/command.h"
#include "control/state.h"
#include "traffic.h"
#include "util/attr.h"
#include "util/buf.h"
#include "view/row_list.h"
#include "view/summary.h"

static void
watch(struct ledger *l, unsigned extras, uint8_t bits4, uint8_t bits6)
{
	if (ledger_enable(l, extras, bits4, bits6))
		while (ledger_fold(l, 1))
			;
}

static unsigned
number_of(const struct view *v, const char *column)
{
	const struct column *c = view_find_column(v, column);

	assert_non_null(c);
	return (unsigned)(c - v->cols);
}

/* One column of all rows of a view in its own order, in machine form. */
static void
assert_column(
    const struct scope *s, const char *view, const char *column, const char *show, const char *text)
{
	const struct view *v = view_by_name(view);
	const struct column *by = view_find_column(v, v->sort);
	struct filter *f = filter_new(v, show, NULL, NULL);
	struct row_list *list = row_list_new();
	char array[1024];
	struct buf b;

	assert_non_null(f);
	row_list_begin(list, v, (unsigned)(by - v->cols), by->desc, f, s, 0);
	while (row_list_step(list, 7))
		;
	buf_init(&b, array, sizeof(array));
	for (uint32_t i = 0; i < row_list_count(list); i++) {
		buf_adds(&b, i > 0 ? " " : "");
		value_csv(&b, &row_list_get(list, i)->cell[number_of(v, column)]);
	}
	assert_string_equal(array, text);
	row_list_del(list);
	filter_del(f);
}

static void
test_networks(void **state)
{
	struct ledger *l = traffic_new();
	struct scope s = traffic_scope(l);

	(void)state;
	assert_column(&s, "networks", "network", "", "");
	watch(l, LEDGER_NETWORKS, 24, 64);
	assert_column(&s, "networks", "network", "", "10.0.0.0/24 192.0.2.0/24 2001:db8::/64 ");
	assert_column(&s, "networks", "hosts", "", "2 2 2 2");
	assert_column(&s, "networks", "bytes_in", "", "6384 3100 516 100");
	assert_column(&s, "networks", "bytes_out", "", "3184 6300 516 100");
	assert_column(&s, "networks", "bps_in", "", "25536 12400 2064 400");
	assert_column(&s, "networks", "flows", "", "4 2 2 2");
	watch(l, LEDGER_NETWORKS, 1, 128);
	assert_column(&s, "networks", "network", "",
	    "0.0.0.0/1 128.0.0.0/1 2001:db8::1/128 2001:db8::2/128 ");
	ledger_del(l);
}

/* Traffic after the hosts were collected is added; hidden traffic is not shown. */
static void
test_networks_go_on(void **state)
{
	struct ledger *l = traffic_new();
	struct scope s = traffic_scope(l);

	(void)state;
	watch(l, LEDGER_NETWORKS, 24, 64);
	traffic_count(l, &traffic_rows[2], TRAFFIC_START + 3 * TRAFFIC_NS);
	traffic_tick(l, 4 * TRAFFIC_NS);
	assert_column(&s, "networks", "bytes_out", "", "3284 6300 100 516");
	assert_column(&s, "networks", "bps_out", "", "400 0 0 0");
	assert_column(&s, "networks", "bps_in", "net 192.0.2.0/24", "400");
	assert_column(&s, "networks", "hosts", "", "2 2 2 2");
	s.classes = 1u << CLASS_UDP;
	assert_column(&s, "networks", "bytes_out", "", "200 300");
	ledger_reset(l);
	traffic_count(l, &traffic_rows[2], TRAFFIC_START);
	traffic_tick(l, TRAFFIC_NS);
	assert_column(&s, "networks", "bytes_out", "", "100 0");
	ledger_del(l);
}

/* A network is found by an address in it, and by a network that contains it. */
static void
test_networks_filter(void **state)
{
	struct ledger *l = traffic_new();
	struct scope s = traffic_scope(l);

	(void)state;
	watch(l, LEDGER_NETWORKS, 24, 64);
	assert_column(&s, "networks", "network", "host 10.0.0.77", "10.0.0.0/24");
	assert_column(&s, "networks", "network", "host 10.0.1.77", "");
	assert_column(&s, "networks", "network", "net 8.0.0.0/6", "10.0.0.0/24");
	assert_column(&s, "networks", "network", "network = 2001:db8::/32", "2001:db8::/64");
	assert_column(&s, "networks", "network", "ip6", "2001:db8::/64");
	ledger_del(l);
}

/* Traffic between always new hosts of always new networks, so that all tables overflow. */
static void
flood(struct ledger *l, uint32_t from, uint32_t n, uint64_t ts)
{
	for (uint32_t i = from; i < from + n; i++) {
		struct pkt p = {
			.ts = ts,
			.len = 100 + i % 900,
			.kind = ADDR_IP4,
			.proto = i % 3 == 0 ? 17 : 6,
		};
		uint32_t x = i * 2654435761u;

		memcpy(p.src.b, &x, 4);
		x = ~x * 40503u;
		memcpy(p.dst.b, &x, 4);
		p.stack[p.depth++] = PROTO_ETH;
		ledger_count(l, &p, 1);
	}
}

static void
add_network(
    const struct network *n, const struct intervals *b, struct tally sum[2], struct tally moved[2])
{
	for (int c = 0; c < CLASSES; c++) {
		for (int way = 0; way < 2; way++) {
			const struct tally *t = &n->meter[c].t[way];
			struct tally m = meter_last_delta(&n->meter[c], b, way);

			tally_add(&sum[way], t->packets, t->bytes);
			tally_add(&moved[way], m.packets, m.bytes);
		}
	}
}

/* Sums and rates over all networks are those of all traffic. */
static void
assert_networks_balance(const struct ledger *l)
{
	struct tally sum[2] = { { 0, 0 } }, moved[2] = { { 0, 0 } }, all = { 0, 0 };

	add_network(&l->networks.other, &l->intervals, sum, moved);
	for (uint32_t i = 0; i < l->networks.table.used; i++)
		add_network(&l->networks.row[i], &l->intervals, sum, moved);
	for (int w = 0; w < SERIES_WAYS; w++) {
		struct tally m = meter_last_delta(&l->way[w], &l->intervals, 0);

		tally_add(&all, m.packets, m.bytes);
	}
	for (int way = 0; way < 2; way++) {
		assert_int_equal(sum[way].packets, l->totals.all.packets);
		assert_int_equal(sum[way].bytes, l->totals.all.bytes);
		assert_int_equal(moved[way].packets, all.packets);
		assert_int_equal(moved[way].bytes, all.bytes);
	}
}

/* Packets come, and hosts and flows are evicted, between all slices of the work. */
static void
test_networks_balance(void **state)
{
	struct ledger *l = traffic_none();
	uint32_t sent = 0;
	bool more;

	(void)state;
	for (unsigned round = 0; round < 8; round++) {
		flood(l, sent, 3000, TRAFFIC_START + round * TRAFFIC_NS);
		sent += 3000;
		more = ledger_enable(l, LEDGER_NETWORKS, round < 4 ? 24 : 12, 64);
		assert_int_equal(more, round == 0 || round == 4);
		while (ledger_fold(l, 50))
			flood(l, sent++, 1, TRAFFIC_START + round * TRAFFIC_NS);
		ledger_tick(l, TRAFFIC_START + (round + 1) * TRAFFIC_NS);
		while (ledger_fold(l, 200))
			;
		/* No traffic since the end of the interval. */
		assert_networks_balance(l);
	}
	assert_true(l->hosts.table.evicted > 0);
	assert_true(l->networks.other.hosts > 0);
	ledger_del(l);
}

/* The networks are displayed while one slice of hosts is still missing, and one of them is
 * evicted. */
static void
test_networks_lose_hosts(void **state)
{
	struct ledger *l = traffic_none();
	uint32_t max = l->hosts.table.max;

	(void)state;
	flood(l, 0, max, TRAFFIC_START);
	traffic_tick(l, TRAFFIC_NS);
	assert_int_equal(l->hosts.table.used, max);
	assert_true(ledger_enable(l, LEDGER_NETWORKS, 16, 64));
	assert_true(ledger_fold(l, max / 2));
	flood(l, max, max, TRAFFIC_START + TRAFFIC_NS);
	ledger_flush(l);
	assert_true(l->hosts.table.evicted > max);
	ledger_tick(l, TRAFFIC_START + 2 * TRAFFIC_NS);
	while (ledger_fold(l, 1000))
		;
	assert_networks_balance(l);
	ledger_del(l);
}

static void
test_packets(void **state)
{
	struct ledger *l = traffic_none();
	struct scope s = traffic_scope(l);
	uint32_t room = l->packet_log.mask + 1;

	(void)state;
	traffic_count(l, &traffic_rows[0], TRAFFIC_START);
	assert_column(&s, "packets", "b", "", "");
	watch(l, LEDGER_PACKETS, 24, 64);
	traffic_count(l, &traffic_rows[0], TRAFFIC_START);
	traffic_count(l, &traffic_rows[4], TRAFFIC_START);
	traffic_count(l, &traffic_rows[6], TRAFFIC_START - 1);
	assert_column(&s, "packets", "protocol", "", "icmp tcp tcp tcp arp");
	assert_column(&s, "packets", "b_port", "", " 443 443 443 ");
	assert_column(&s, "packets", "flags", "", " A A A ");
	assert_column(&s, "packets", "info", "icmp", "echo reply");
	assert_column(&s, "packets", "length", "host 10.0.0.2", "84");
	s.classes = SCOPE_ALL & ~(1u << CLASS_TCP);
	assert_column(&s, "packets", "protocol", "", "icmp arp");
	watch(l, 0, 24, 64);
	traffic_count(l, &traffic_rows[0], TRAFFIC_START);
	assert_int_equal(packet_log_used(&l->packet_log), 5);
	watch(l, LEDGER_PACKETS, 24, 64);
	flood(l, 0, room + 3, TRAFFIC_START);
	assert_int_equal(packet_log_used(&l->packet_log), room);
	for (uint32_t i = 0; i < room; i++)
		assert_in_range(l->packet_log.row[i].number, 5 + 3, 5 + room + 2);
	ledger_del(l);
}

static void
add_segment(struct ledger *l, uint8_t flags, uint32_t seq, uint32_t payload, uint64_t ns)
{
	struct pkt p = {
		.ts = TRAFFIC_START + ns,
		.len = 54 + payload,
		.kind = ADDR_IP4,
		.proto = 6,
		.sport = 4000,
		.dport = 80,
		.flags = PKT_PORTS,
		.tcp_flags = flags,
		.seq = seq,
		.ack = 7,
		.window = 100,
		.payload = payload,
		.src = { .b = { 10, 0, 0, 1 } },
		.dst = { .b = { 10, 0, 0, 2 } },
	};

	p.stack[p.depth++] = PROTO_ETH;
	ledger_count(l, &p, 1);
}

/* One of four segments is sent twice, and one reset follows: 1 1/4 errors among 5 packets. */
static void
test_health(void **state)
{
	struct ledger *l = traffic_none();
	struct scope s = traffic_scope(l);

	(void)state;
	watch(l, LEDGER_PACKETS, 24, 64);
	for (uint32_t i = 0; i < 3; i++)
		add_segment(l, TCP_PSH | TCP_ACK, 1000 + 100 * i, 100, i * TRAFFIC_NS);
	add_segment(l, TCP_ACK, 1100, 100, 4 * TRAFFIC_NS);
	add_segment(l, TCP_RST, 1300, 0, 5 * TRAFFIC_NS);
	traffic_count(l, &traffic_rows[2], TRAFFIC_START);
	traffic_tick(l, 6 * TRAFFIC_NS);
	assert_column(&s, "health", "address", "", "10.0.0.1 10.0.0.2");
	assert_column(&s, "health", "severity", "", "12 0");
	assert_column(&s, "health", "problems", "", "\"1 retransmitted, 1 reset\" ");
	assert_column(&s, "health", "retransmissions", "", "1 0");
	assert_column(&s, "health", "retx_share", "", "0.2 ");
	assert_column(&s, "health", "resets", "", "1 0");
	assert_column(&s, "health", "packets", "", "5 5");
	assert_column(&s, "flows", "retransmissions", "", "1 ");
	assert_column(&s, "flows", "resets", "", "1 ");
	assert_column(&s, "talkers", "retransmissions", "resets > 0", "1");
	assert_column(&s, "packets", "flags", "length < 55", "R");
	assert_column(&s, "packets", "info", "length > 54 and flags = PA",
	    "data 100 win 100 seq 1200 ack 7 data 100 win 100 seq 1100 ack 7 "
	    "data 100 win 100 seq 1000 ack 7");
	s.classes = SCOPE_ALL & ~(1u << CLASS_TCP);
	assert_column(&s, "health", "address", "", "");
	ledger_del(l);
}

static void
test_sizes(void **state)
{
	struct ledger *l = traffic_new();
	struct scope s = traffic_scope(l);

	(void)state;
	assert_column(&s, "sizes", "range", "",
	    "0-63 64-127 128-255 256-511 512-1023 1024-1518 1519-2047 2048-4095 4096-9215 "
	    "9216-65535 65536+");
	assert_column(&s, "sizes", "packets", "", "0 3 0 1 4 0 0 0 1 0 0");
	assert_column(&s, "sizes", "cumulative", "share > 30%", "0.333333 0.888889");
	ledger_reset(l);
	assert_column(&s, "sizes", "range", "", "");
	ledger_del(l);
}

static void
test_sources(void **state)
{
	struct ledger *l = traffic_none();
	struct scope s = traffic_scope(l);

	(void)state;
	ledger_add_source(l, "eth0", 1, 0);
	traffic_count(l, &traffic_rows[0], TRAFFIC_START);
	traffic_count(l, &traffic_rows[1], TRAFFIC_START);
	l->source[1].drops_known = true;
	l->source[1].kernel_dropped = 3;
	l->source[1].state = SOURCE_GONE;
	traffic_tick(l, TRAFFIC_NS);
	assert_column(&s, "sources", "name", "", "eth0 eth0");
	assert_column(&s, "sources", "state", "", "running gone");
	assert_column(&s, "sources", "packets", "", "4 0");
	assert_column(&s, "sources", "average", "", "2250 ");
	assert_column(&s, "sources", "largest", "", "6000 ");
	assert_column(&s, "sources", "bps", "", "72000 0");
	assert_column(&s, "sources", "share", "", "1 0");
	assert_column(&s, "sources", "kernel_dropped", "", " 3");
	ledger_del(l);
}

static void
test_traffic(void **state)
{
	struct ledger *l = traffic_new();
	struct scope s = traffic_scope(l);
	static struct graph_data t;

	(void)state;
	/* The newest second is not complete. */
	assert_true(ledger_is_live(l));
	assert_column(&s, "traffic", "pps", "", "3 6");
	graph_data_update(&t, l, 0, 120, 0);
	assert_int_equal(t.max_columns, 60);
	assert_int_equal(t.column_cells, 2);
	assert_int_equal(t.n_columns, 2);
	assert_true(t.packet_rate[WAY_OTHER][0] == 6 && t.packet_rate[WAY_OTHER][1] == 3);
	assert_true(t.byte_rate[WAY_OTHER][0] == 9400 && t.byte_rate[WAY_IN][1] == 0);
	/* There are no local addresses, so broadcasts do not come in. */
	assert_false(t.has_direction);
	assert_true(t.has_other);
	l->source[0].state = SOURCE_ENDED;
	graph_data_update(&t, l, 2, 78, 0);
	assert_int_equal(t.max_columns, 77);
	assert_int_equal(t.column_cells, 1);
	assert_int_equal(t.n_columns, 1);
	assert_true(t.packet_rate[WAY_OTHER][0] + t.packet_rate[WAY_IN][0] == 3);
	graph_data_update(&t, l, 3, 2000, 0);
	assert_int_equal(t.max_columns, 720);
	assert_int_equal(t.n_columns, 1);
	ledger_del(l);
}

/* In every second, a column has the value that it had one position further right. */
static void
test_traffic_moves(void **state)
{
	static struct graph_data before, now;
	struct ledger *l = traffic_none();
	unsigned moved = 0;

	(void)state;
	for (unsigned i = 0; i < 200; i++) {
		unsigned last = before.n_columns;

		traffic_count(l, &traffic_rows[i % 5], TRAFFIC_START + i * TRAFFIC_NS);
		graph_data_update(&now, l, 1, 60, 0);
		for (unsigned k = 1; last > 1 && k + 1 < last; k++)
			assert_true(
			    before.packet_rate[WAY_OTHER][k] == now.packet_rate[WAY_OTHER][k]);
		moved += now.n_columns > last;
		before = now;
	}
	assert_in_range(moved, 19, 21);
	ledger_del(l);
}

static void
test_commands(void **state)
{
	/* Errors change nothing. */
	static const char *const wrong[] = { "prefix", "prefix 5 24", "prefix 4", "prefix 4 0",
		"prefix 4 33", "prefix 6 129", "prefix 4 2x", "span", "span 2m", "graph lines" };
	static struct state st;

	(void)state;
	state_init(&st);
	for (unsigned i = 0; i < NITEMS(wrong); i++) {
		assert_int_equal(command_run(&st, wrong[i]) & REQ_RANK, 0);
		assert_true(st.message_bad);
	}
	assert_int_equal(st.prefix4, 24);
	assert_int_equal(st.prefix6, 64);
	command_run(&st, "prefix 4 20");
	command_run(&st, "prefix 6 56");
	assert_false(st.message_bad);
	assert_int_equal(st.prefix4, 20);
	assert_int_equal(st.prefix6, 56);
	input_key(&st, 'a');
	assert_string_equal(views[st.view]->name, "networks");
	assert_int_equal(st.prefix4, 20);
	input_key(&st, 'a');
	assert_int_equal(st.prefix4, 24);
	input_key(&st, 'a');
	assert_int_equal(st.prefix4, 16);
	assert_int_equal(st.prefix6, 48);
	input_key(&st, '0');
	assert_string_equal(views[st.view]->name, "traffic");
	assert_true(command_run(&st, "span 1d") & REQ_RANK);
	assert_int_equal(st.graph_span, 3);
	input_key(&st, '.');
	assert_int_equal(st.graph_span, 3);
	for (int left = 2; left >= 0; left--) {
		input_key(&st, ',');
		assert_int_equal(st.graph_span, left);
	}
	input_key(&st, ',');
	assert_int_equal(st.graph_span, 0);
	input_key(&st, '.');
	assert_int_equal(st.graph_span, 1);
	input_key(&st, 'r');
	assert_true(st.graph_packets);
	state_fini(&st);
}

static void
test_watch(void **state)
{
	struct ledger *l = traffic_none();
	static struct state st;

	(void)state;
	state_init(&st);
	assert_false(refresh_watch_extras(&st, l));
	assert_false(l->packet_log.enabled || l->networks.enabled);
	command_run(&st, "view packets");
	refresh_watch_extras(&st, l);
	assert_true(l->packet_log.enabled && !l->networks.enabled);
	command_run(&st, "view networks");
	refresh_watch_extras(&st, l);
	assert_true(!l->packet_log.enabled && l->networks.enabled);
	st.extras = LEDGER_PACKETS;
	command_run(&st, "view flows");
	refresh_watch_extras(&st, l);
	assert_true(l->packet_log.enabled && !l->networks.enabled);
	state_fini(&st);
	ledger_del(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_networks),
		cmocka_unit_test(test_networks_go_on),
		cmocka_unit_test(test_networks_filter),
		cmocka_unit_test(test_networks_balance),
		cmocka_unit_test(test_networks_lose_hosts),
		cmocka_unit_test(test_packets),
		cmocka_unit_test(test_health),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_sources),
		cmocka_unit_test(test_traffic),
		cmocka_unit_test(test_traffic_moves),
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_watch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
