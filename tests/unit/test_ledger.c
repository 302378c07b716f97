/* The ledger: flows, folding, the balance law, and bounded memory. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/ledger.h"
#include "core/lookup.h"
#include "dissect/dissect.h"
#include "util/buf.h"

#define S UINT64_C(1000000000)

static const struct hashkey fixed_key = { 1, 2 };

static struct ledger *
new_ledger(void)
{
	struct ledger_config c = { .memory = LEDGER_MEMORY_MIN, .key = &fixed_key };
	struct ledger *l = ledger_new(&c);

	assert_int_equal(ledger_add_source(l, "test", 1, 0), 0);
	return l;
}

static struct addr
ip4(uint32_t n)
{
	return (struct addr){ .b = { (uint8_t)(n >> 24), (uint8_t)(n >> 16), (uint8_t)(n >> 8),
				  (uint8_t)n } };
}

static struct pkt
packet(uint8_t proto, uint32_t src, uint16_t sport, uint32_t dst, uint16_t dport, uint32_t len,
    uint64_t ts)
{
	struct pkt p = {
		.src = ip4(src),
		.dst = ip4(dst),
		.ts = ts,
		.len = len,
		.sport = sport,
		.dport = dport,
		.proto = proto,
		.kind = ADDR_IP4,
		.flags = sport != 0 ? PKT_PORTS : 0,
		.depth = 3,
		.stack = { PROTO_ETH, PROTO_IP, proto == 6 ? PROTO_TCP : PROTO_UDP },
	};

	return p;
}

static struct pkt
tcp(uint32_t src, uint16_t sport, uint32_t dst, uint16_t dport, uint8_t flags, uint32_t seq)
{
	struct pkt p = packet(6, src, sport, dst, dport, 60, S);

	p.tcp_flags = flags;
	p.seq = seq;
	return p;
}

static void
count1(struct ledger *l, struct pkt p)
{
	ledger_count(l, &p, 1);
}

static void
assert_tally(struct tally t, uint64_t packets, uint64_t bytes)
{
	assert_int_equal(t.packets, packets);
	assert_int_equal(t.bytes, bytes);
}

/* The sum of each table and of its "(other)" is the total. */
static void
assert_balance(struct ledger *l)
{
	struct tally flows = { 0, 0 }, out = { 0, 0 }, in = { 0, 0 }, ports = { 0, 0 },
		     paths = { 0, 0 }, ways = { 0, 0 }, t;
	uint64_t packets = l->totals.all.packets, bytes = l->totals.all.bytes, sized = 0;

	ledger_settle(l);
	for (uint32_t i = 0; i < l->flows.used; i++) {
		t = meter_sum(&l->flows.row[i].meter);
		tally_add(&flows, t.packets, t.bytes);
	}
	t = meter_sum(&l->flows.other);
	tally_add(&flows, t.packets, t.bytes);
	for (uint32_t i = 0; i <= l->hosts.used; i++) {
		const struct host *h = i < l->hosts.used ? &l->hosts.row[i] : &l->hosts.other;

		for (int c = 0; c < CLASSES; c++) {
			tally_add(&out, h->meter[c].t[0].packets, h->meter[c].t[0].bytes);
			tally_add(&in, h->meter[c].t[1].packets, h->meter[c].t[1].bytes);
		}
	}
	for (uint32_t i = 0; i <= l->ports.used; i++) {
		t = meter_sum(i < l->ports.used ? &l->ports.row[i].meter : &l->ports.other.meter);
		tally_add(&ports, t.packets, t.bytes);
	}
	for (unsigned i = 0; i < l->paths.used; i++)
		if (l->paths.node[i].depth == 0)
			tally_add(&paths, l->paths.node[i].meter.t[0].packets,
			    l->paths.node[i].meter.t[0].bytes);
	for (int w = 0; w < SERIES_WAYS; w++)
		tally_add(&ways, l->way[w].t[0].packets, l->way[w].t[0].bytes);
	for (unsigned i = 0; i < n_size_ranges; i++)
		sized += sizes_in(&l->sizes, &size_ranges[i]);
	assert_tally(flows, packets, bytes);
	assert_tally(out, packets, bytes);
	assert_tally(in, packets, bytes);
	assert_tally(ports, packets, bytes);
	assert_tally(paths, packets, bytes);
	assert_tally(ways, packets, bytes);
	assert_int_equal(sized, packets);
}

static void
test_both_ways_are_one_flow(void **state)
{
	struct ledger *l = new_ledger();
	const struct flow *f = &l->flows.row[0];
	const struct host *h;

	(void)state;
	count1(l, packet(17, 1, 1000, 2, 53, 80, S));
	count1(l, packet(17, 2, 53, 1, 1000, 200, 2 * S));
	assert_balance(l);
	assert_int_equal(l->flows.used, 1);
	assert_tally(f->meter.t[0], 1, 80);
	assert_tally(f->meter.t[1], 1, 200);
	assert_int_equal(f->key.b_port, 53);
	assert_int_equal(f->first, S);
	assert_int_equal(f->last, 2 * S);
	h = hosts_find(&l->hosts, ADDR_IP4, &f->key.b);
	assert_non_null(h);
	assert_tally(h->meter[CLASS_UDP].t[0], 1, 200);
	assert_tally(h->meter[CLASS_UDP].t[1], 1, 80);
	assert_int_equal(h->flows, 1);
	assert_int_equal(l->ports.row[0].port, 53);
	assert_tally(l->ports.row[0].meter.t[0], 1, 80);
	ledger_del(l);
}

static void
test_what_differs_is_another_flow(void **state)
{
	struct ledger *l = new_ledger();
	struct pkt p = packet(17, 1, 1000, 2, 53, 80, S), q;

	(void)state;
	count1(l, p);
	q = p, q.sport = 1001, count1(l, q);
	q = p, q.dport = 54, count1(l, q);
	q = p, q.src = ip4(3), count1(l, q);
	q = p, q.proto = 6, count1(l, q);
	q = p, q.kind = ADDR_MAC, count1(l, q);
	assert_int_equal(l->flows.used, 6);
	/* The same two ports the other way round are not the same flow. */
	q = p, q.sport = 53, q.dport = 1000, count1(l, q);
	assert_int_equal(l->flows.used, 7);
	assert_balance(l);
	ledger_del(l);
}

static void
test_the_sender_of_the_syn_is_the_initiator(void **state)
{
	struct ledger *l = new_ledger();
	const struct flow *f = &l->flows.row[0];
	struct addr client = ip4(1);

	(void)state;
	count1(l, tcp(2, 80, 1, 4000, TCP_ACK, 5));
	assert_int_equal(f->key.a_port, 80);
	ledger_settle(l);
	count1(l, tcp(1, 4000, 2, 80, TCP_SYN, 9));
	assert_int_equal(l->flows.used, 1);
	assert_true(addr_equal(&f->key.a, &client));
	assert_int_equal(f->key.b_port, 80);
	assert_balance(l);
	assert_tally(f->meter.t[0], 1, 60);
	assert_tally(f->meter.t[1], 1, 60);
	ledger_del(l);
}

static void
test_states(void **state)
{
	struct ledger *l = new_ledger();
	const struct flow *f = &l->flows.row[0];

	(void)state;
	count1(l, tcp(1, 4000, 2, 80, TCP_SYN, 9));
	assert_int_equal(f->state, FLOW_SYN_SENT);
	count1(l, tcp(2, 80, 1, 4000, TCP_SYN | TCP_ACK, 70));
	assert_int_equal(f->state, FLOW_SYN_RECEIVED);
	count1(l, tcp(1, 4000, 2, 80, TCP_ACK, 10));
	assert_int_equal(f->state, FLOW_ESTABLISHED);
	count1(l, tcp(1, 4000, 2, 80, TCP_ACK | TCP_FIN, 10));
	assert_int_equal(f->state, FLOW_FIN_WAIT);
	count1(l, tcp(2, 80, 1, 4000, TCP_ACK | TCP_FIN, 71));
	assert_int_equal(f->state, FLOW_CLOSED);
	/* The last ACK and a repeated SYN belong to what was; a new SYN opens another flow. */
	count1(l, tcp(1, 4000, 2, 80, TCP_ACK, 11));
	count1(l, tcp(1, 4000, 2, 80, TCP_SYN, 9));
	assert_int_equal(l->flows.used, 1);
	count1(l, tcp(1, 4000, 2, 80, TCP_SYN, 5000));
	assert_int_equal(l->flows.used, 2);
	assert_int_equal(l->flows.row[1].state, FLOW_SYN_SENT);
	count1(l, tcp(2, 80, 1, 4000, TCP_RST | TCP_ACK, 0));
	assert_int_equal(l->flows.row[1].state, FLOW_RESET);
	assert_int_equal(f->state, FLOW_CLOSED);
	assert_balance(l);
	ledger_del(l);
}

static void
test_rates_are_of_the_last_whole_interval(void **state)
{
	struct ledger *l = new_ledger();
	const struct flow *f = &l->flows.row[0];

	(void)state;
	l->started = 10 * S;
	count1(l, packet(17, 1, 1000, 2, 53, 100, 10 * S));
	ledger_tick(l, 11 * S);
	assert_false(ledger_fold(l, 100));
	assert_int_equal(l->closed_ns, S);
	assert_tally(meter_moved(&f->meter, l->interval - 1, 0), 1, 100);
	/* What comes later is not in the interval that has ended. */
	count1(l, packet(17, 1, 1000, 2, 53, 40, 11 * S));
	count1(l, packet(17, 1, 1000, 2, 53, 40, 11 * S));
	ledger_settle(l);
	assert_tally(meter_moved(&f->meter, l->interval - 1, 0), 1, 100);
	ledger_tick(l, 13 * S);
	assert_false(ledger_fold(l, 100));
	assert_int_equal(l->closed_ns, 2 * S);
	assert_tally(meter_moved(&f->meter, l->interval - 1, 0), 2, 80);
	assert_tally(meter_moved(&l->way[WAY_OTHER], l->interval - 1, 0), 2, 80);
	ledger_tick(l, 14 * S);
	assert_false(ledger_fold(l, 100));
	assert_tally(meter_moved(&f->meter, l->interval - 1, 0), 0, 0);
	ledger_del(l);
}

static void
test_folding_in_slices(void **state)
{
	struct ledger *l = new_ledger();
	unsigned turns = 1;

	(void)state;
	for (uint32_t i = 0; i < 1000; i++)
		count1(l, packet(17, i, 1000, 9999, 53, 100, S));
	ledger_tick(l, 2 * S);
	while (ledger_fold(l, 10)) {
		count1(l, packet(17, turns * 7 % 1000, 1000, 9999, 53, 60, 2 * S));
		turns++;
	}
	assert_int_equal(turns, 100);
	assert_balance(l);
	ledger_del(l);
}

static void
test_heavy_flows_outlive_a_flood(void **state)
{
	struct ledger *l = new_ledger();
	uint64_t now = 100 * S;

	(void)state;
	for (uint32_t i = 0; i < 400000; i++) {
		/* Ten steady flows among packets whose every source is new. */
		if (i % 16 == 0)
			count1(l, packet(17, 1 + i / 16 % 10, 5000, 77, 443, 1000, now));
		count1(l, packet(17, 0x0b000000 + i, (uint16_t)i, 88, 80, 60, now));
		now += 1000;
		if (i % 50000 == 0)
			ledger_tick(l, now);
	}
	assert_balance(l);
	assert_true(l->flows.evicted > 300000);
	for (uint32_t i = 0; i < 10; i++) {
		struct addr a = ip4(1 + i);
		const struct host *h = hosts_find(&l->hosts, ADDR_IP4, &a);

		assert_non_null(h);
		assert_tally(h->meter[CLASS_UDP].t[0], 2500, 2500000);
	}
	ledger_del(l);
}

static void
test_more_bytes_than_pending_can_hold(void **state)
{
	struct ledger *l = new_ledger();

	(void)state;
	for (int i = 0; i < 5; i++)
		count1(l, packet(17, 1, 1000, 2, 53, UINT32_MAX - 7, S));
	assert_balance(l);
	assert_tally(l->flows.row[0].meter.t[0], 5, 5 * (uint64_t)(UINT32_MAX - 7));
	ledger_del(l);
}

static void
test_directions(void **state)
{
	struct ledger *l = new_ledger();
	struct net lan;

	(void)state;
	assert_true(net_parse("10.0.0.0/8", &lan));
	ledger_set_local(l, &lan, 1);
	count1(l, packet(17, 0x0a000001, 1000, 2, 53, 100, S));
	count1(l, packet(17, 2, 53, 0x0a000001, 1000, 30, S));
	count1(l, packet(17, 2, 53, 3, 1000, 7, S));
	count1(l, packet(17, 2, 53, 0xe0000001, 1000, 5, S));
	assert_tally(l->way_now[WAY_OUT], 1, 100);
	assert_tally(l->way_now[WAY_IN], 2, 35);
	assert_tally(l->way_now[WAY_OTHER], 1, 7);
	assert_int_equal(flow_dir(l, &l->flows.row[0], 1), DIR_IN);
	assert_int_equal(flow_dir(l, &l->flows.row[1], 0), DIR_THROUGH);
	assert_balance(l);
	ledger_del(l);
}

static void
test_an_address_that_talks_to_itself(void **state)
{
	struct ledger *l = new_ledger();

	(void)state;
	count1(l, packet(17, 1, 123, 1, 123, 90, S));
	count1(l, packet(17, 1, 123, 1, 123, 90, S));
	assert_balance(l);
	assert_int_equal(l->hosts.used, 1);
	assert_int_equal(l->hosts.row[0].flows, 1);
	assert_tally(l->hosts.row[0].meter[CLASS_UDP].t[0], 2, 180);
	assert_tally(l->hosts.row[0].meter[CLASS_UDP].t[1], 2, 180);
	ledger_del(l);
}

static void
test_time_may_do_what_it_likes(void **state)
{
	static const uint64_t stamps[] = { 5000, 4000, 1, 0, 4102444800, 5000, 4294967295, 18000000000 };
	struct ledger *l = new_ledger();
	uint64_t sum = 0;

	(void)state;
	for (size_t i = 0; i < NITEMS(stamps); i++) {
		count1(l, packet(17, 1, 1000, 2, 53, 100, stamps[i] * S));
		ledger_tick(l, stamps[i] * S);
		while (ledger_fold(l, 1))
			;
		assert_true(l->closed_ns <= 18000000000 * S);
	}
	assert_balance(l);
	for (uint64_t ago = 0; ago < SERIES_SECONDS; ago++)
		if (series_second(&l->series, ago) != NULL)
			sum += sample_sum(series_second(&l->series, ago)).packets;
	assert_int_equal(sum, 1);
	assert_int_equal(l->flows.row[0].last, 18000000000 * S);
	ledger_del(l);
}

static void
test_series(void **state)
{
	struct ledger *l = new_ledger();

	(void)state;
	count1(l, packet(17, 1, 1000, 2, 53, 100, 1000 * S));
	count1(l, packet(17, 1, 1000, 2, 53, 100, 1003 * S));
	count1(l, packet(17, 1, 1000, 2, 53, 100, 1001 * S));
	assert_int_equal(sample_sum(series_second(&l->series, 0)).packets, 1);
	assert_int_equal(sample_sum(series_second(&l->series, 1)).packets, 0);
	assert_int_equal(sample_sum(series_second(&l->series, 2)).packets, 1);
	assert_null(series_second(&l->series, 4));
	count1(l, packet(17, 1, 1000, 2, 53, 100, 10 * S));
	assert_int_equal(sample_sum(series_second(&l->series, 3)).packets, 2);
	assert_int_equal(sample_sum(series_minute(&l->series, 0)).packets, 4);
	series_advance(&l->series, 1003 + SERIES_SECONDS);
	assert_int_equal(sample_sum(series_second(&l->series, SERIES_SECONDS - 1)).packets, 0);
	assert_int_equal(sample_sum(series_minute(&l->series, 60)).packets, 4);
	ledger_del(l);
}

static void
test_paths(void **state)
{
	struct ledger *l = new_ledger();
	struct pkt p = packet(17, 1, 1000, 2, 53, 100, S);
	char text[64];
	struct buf b;

	(void)state;
	count1(l, p);
	p.stack[p.depth++] = PROTO_DNS;
	count1(l, p);
	ledger_settle(l);
	assert_int_equal(l->paths.used, 4);
	buf_init(&b, text, sizeof(text));
	path_text(&b, &l->paths, 3);
	assert_string_equal(text, "eth/ip/udp/dns");
	assert_tally(l->paths.node[0].meter.t[0], 2, 200);
	assert_tally(l->paths.node[2].own, 1, 100);
	assert_tally(l->paths.node[3].meter.t[0], 1, 100);
	ledger_del(l);
}

static void
test_more_paths_than_there_is_room_for(void **state)
{
	struct ledger *l = new_ledger();
	struct pkt p = packet(17, 1, 1000, 2, 53, 100, S);

	(void)state;
	for (unsigned i = 0; i < 4000; i++) {
		p.depth = 6;
		p.stack[3] = (uint8_t)(1 + i % 16);
		p.stack[4] = (uint8_t)(1 + i / 16 % 16);
		p.stack[5] = (uint8_t)(1 + i / 256 % 16);
		count1(l, p);
	}
	p.stack[0] = PROTO_SLL;
	count1(l, p);
	assert_true(l->paths.used <= PATHS_MAX);
	assert_balance(l);
	ledger_del(l);
}

static void
test_reset(void **state)
{
	struct ledger *l = new_ledger();

	(void)state;
	count1(l, packet(17, 1, 1000, 2, 53, 100, S));
	ledger_tick(l, 2 * S);
	ledger_reset(l);
	assert_int_equal(l->totals.all.packets, 0);
	assert_int_equal(l->flows.used, 0);
	assert_int_equal(l->n_sources, 1);
	count1(l, packet(17, 1, 1000, 2, 53, 100, S));
	assert_balance(l);
	assert_int_equal(l->source[0].totals.all.packets, 1);
	ledger_del(l);
}

/* Keys of one /16 and one port spread as well as random ones: no index slot is far from its place. */
static void
test_the_hash_spreads_like_keys(void **state)
{
	unsigned bucket[1024] = { 0 }, most = 0;

	(void)state;
	for (uint32_t i = 0; i < 65536; i++) {
		struct pkt p = packet(17, 0x0a010000 + i, 80, 0x0a020001, 80, 60, S);

		bucket[flow_hash(&fixed_key, &p, 0) % 1024]++;
	}
	for (unsigned i = 0; i < 1024; i++)
		if (bucket[i] > most)
			most = bucket[i];
	/* 64 on average; six standard deviations above are 112. */
	assert_true(most < 112);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_ways_are_one_flow),
		cmocka_unit_test(test_what_differs_is_another_flow),
		cmocka_unit_test(test_the_sender_of_the_syn_is_the_initiator),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_rates_are_of_the_last_whole_interval),
		cmocka_unit_test(test_folding_in_slices),
		cmocka_unit_test(test_heavy_flows_outlive_a_flood),
		cmocka_unit_test(test_more_bytes_than_pending_can_hold),
		cmocka_unit_test(test_directions),
		cmocka_unit_test(test_an_address_that_talks_to_itself),
		cmocka_unit_test(test_time_may_do_what_it_likes),
		cmocka_unit_test(test_series),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_more_paths_than_there_is_room_for),
		cmocka_unit_test(test_reset),
		cmocka_unit_test(test_the_hash_spreads_like_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
