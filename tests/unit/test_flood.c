/* Attacks: heavy flows stay exact, nothing is lost, and no step does more work. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/flow_lookup.h"
#include "ledger.h"

static void
test_heavy_flows_outlive_a_flood(void **state)
{
	struct ledger *l = ledger_small();
	uint64_t now = 100 * S;

	(void)state;
	for (uint32_t i = 0; i < 400000; i++) {
		/* Ten steady flows among packets with always new sources. */
		if (i % 16 == 0)
			count1(l, packet(17, 1 + i / 16 % 10, 5000, 77, 443, 1000, now));
		count1(l, packet(17, 0x0b000000 + i, (uint16_t)i, 88, 80, 60, now));
		now += 1000;
		if (i % 50000 == 0)
			ledger_tick(l, now);
	}
	assert_balance(l);
	assert_true(l->flows.table.evicted > 300000);
	for (uint32_t i = 0; i < 10; i++) {
		struct addr a = ip4(1 + i);
		const struct host *h = hosts_find(&l->hosts, ADDR_IP4, &a);

		assert_non_null(h);
		assert_tally(h->meter[CLASS_UDP].t[0], 2500, 2500000);
	}
	ledger_del(l);
}

/* SYNs from always new addresses to one server, and a scan of always new hosts and ports. */
static void
test_syn_flood_and_scan(void **state)
{
	struct ledger *l = ledger_small();
	struct addr server = ip4(77), scanner = ip4(66);
	const struct host *h;

	(void)state;
	for (uint32_t i = 0; i < 60000; i++) {
		struct pkt syn = tcp(0x0b000000 + i, (uint16_t)(i | 1), 77, 80, TCP_SYN, i);
		struct pkt probe = tcp(66, 40000, 0x0c000000 + i, (uint16_t)(i | 1), TCP_SYN, i);

		syn.ts = probe.ts = S + i * 100;
		count1(l, syn);
		count1(l, probe);
	}
	assert_balance(l);
	assert_true(l->flows.table.evicted > 60000);
	h = hosts_find(&l->hosts, ADDR_IP4, &server);
	assert_non_null(h);
	assert_tally(h->meter[CLASS_TCP].t[1], 60000, 60000 * 60);
	h = hosts_find(&l->hosts, ADDR_IP4, &scanner);
	assert_non_null(h);
	assert_tally(h->meter[CLASS_TCP].t[0], 60000, 60000 * 60);
	ledger_del(l);
}

/* The data of an evicted flow does not show in the flow that reuses its row. */
static void
test_a_new_flow_has_nothing_of_the_old(void **state)
{
	struct ledger *l = ledger_small();
	uint32_t max = l->flows.table.max;
	struct pkt p;

	(void)state;
	for (uint32_t i = 0; i < max; i++) {
		count1(l, tcp(i, 1000, 0x10000000, 80, TCP_SYN, 9));
		p = tcp(i, 1000, 0x10000000, 80, TCP_ACK, 5);
		p.payload = 100;
		count1(l, p);
		p.seq = 1;
		count1(l, p);
	}
	ledger_flush(l);
	assert_true(
	    flow_retransmissions(&l->flows.row[0]) + l->flows.row[0].tcp[0].out_of_order > 0);
	for (uint32_t i = 0; i < 2 * max; i++)
		count1(l, packet(17, 0x20000000 + i, 1, 2, 53, 70, 1000 * S));
	assert_balance(l);
	for (uint32_t i = 0; i < max; i++) {
		const struct flow *f = &l->flows.row[i];

		assert_int_equal(f->key.proto, 17);
		assert_int_equal(f->state, FLOW_NONE);
		assert_int_equal(flow_retransmissions(f), 0);
		assert_int_equal(f->tcp[0].out_of_order + f->tcp[1].out_of_order, 0);
		assert_int_equal(f->resets, 0);
		assert_tally(f->meter.t[0], 1, 70);
	}
	ledger_del(l);
}

/* A flow that gets packets between selection and eviction stays. */
static void
test_who_moves_stays(void **state)
{
	struct ledger *l = ledger_small();
	uint32_t max = l->flows.table.max;
	struct addr a = ip4(5);

	(void)state;
	for (uint32_t i = 0; i < 3 * max; i++) {
		count1(l, packet(17, 0x20000000 + i, 1, 2, 53, 70, S));
		if (i % 4 == 0)
			count1(l, packet(17, 5, 5, 6, 6, 90, S));
	}
	assert_balance(l);
	assert_int_equal(hosts_find(&l->hosts, ADDR_IP4, &a)->flows, 1);
	ledger_del(l);
}

/* An interface gets another address: rows are updated in steps. */
static void
test_locating_in_slices(void **state)
{
	struct ledger *l = ledger_small();
	unsigned turns = 1, local = 0;
	struct net lan;

	(void)state;
	for (uint32_t i = 0; i < 1000; i++)
		count1(l, packet(17, 0x0a000000 + i, 1000, 9999, 53, 100, S));
	ledger_flush(l);
	assert_true(net_parse("10.0.0.0/8", &lan));
	ledger_set_local(l, &lan, 1);
	while (ledger_fold(l, 100))
		turns++;
	assert_in_range(turns, 20, 22);
	for (uint32_t i = 0; i < l->hosts.table.used; i++)
		local += l->hosts.row[i].local;
	assert_int_equal(local, 1000);
	for (uint32_t i = 0; i < l->flows.table.used; i++)
		assert_int_equal(flow_dir(l, &l->flows.row[i], 0), DIR_OUT);
	ledger_del(l);
}

static void
test_folding_in_slices(void **state)
{
	struct ledger *l = ledger_small();
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

/* Keys of one /16 and one port are distributed like random ones: no index slot is far from its
 * home. */
static void
test_the_hash_spreads_like_keys(void **state)
{
	unsigned bucket[1024] = { 0 }, most = 0;

	struct pairkey key;

	(void)state;
	pairkey_init(&key, &fixed_key);
	for (uint32_t i = 0; i < 65536; i++) {
		struct pkt p = packet(17, 0x0a010000 + i, 80, 0x0a020001, 80, 60, S);

		bucket[flow_hash(&key, &p) % 1024]++;
	}
	for (unsigned i = 0; i < 1024; i++)
		if (bucket[i] > most)
			most = bucket[i];
	/* 64 on average; six standard deviations above are 112. */
	assert_true(most < 112);
}

enum { KEYS = 4096, ROUNDS = 50 };

/* Addresses that collide in a hash without a key, because their differences are regular. */
static struct pkt
crafted(unsigned set, uint32_t i)
{
	static const struct pkt none;

	switch (set) {
	case 0: /* one /16, one port */
		return packet(17, 0x0a010000 + i, 80, 0x0a020001, 80, 60, S);
	case 1: /* one pair, all ports */
		return packet(
		    17, 0x0a010001, (uint16_t)i, 0x0a020001, (uint16_t)(i ^ 0x5555), 60, S);
	case 2: /* sequential at both ends */
		return packet(17, 0x0a010000 + i, 80, 0x0a020000 + i, 80, 60, S);
	case 3: /* the XOR of both is constant */
		return packet(17, i << 12, 80, i << 12 ^ 0x33333333, 80, 60, S);
	case 4: /* so is their sum */
		return packet(17, i << 8, 80, 0U - (i << 8), 80, 60, S);
	case 5: /* multiples of the factor of Fibonacci hashing */
		return packet(
		    17, i * UINT32_C(0x9e3779b1), 80, i * UINT32_C(0x144cbc89), 80, 60, S);
	default:
		return none;
	}
}

/* Average distance of a key from its home slot, and the longest one. */
static void
test_probes_stay_short(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 6 * ROUNDS; round++) {
		const struct hashkey secret = { 1, round };
		uint32_t sum = 0, longest = 0;
		unsigned set = round % 6;
		struct pairkey key;
		struct index x;

		pairkey_init(&key, &secret);
		index_init(&x, KEYS);
		for (uint32_t i = 0; i < KEYS; i++) {
			struct pkt p = crafted(set, i);

			index_add(&x, flow_hash(&key, &p), i);
		}
		for (uint32_t slot = 0; slot <= x.mask; slot++) {
			uint32_t way = (slot - x.slots[slot].hash) & x.mask;

			if (x.slots[slot].row == INDEX_NONE)
				continue;
			sum += way;
			longest = way > longest ? way : longest;
		}
		/* Half full, linear probing has an average distance of half a slot (Knuth, 6.4). */
		assert_true(sum < KEYS * 3 / 4);
		assert_true(longest < 64);
		index_fini(&x);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_heavy_flows_outlive_a_flood),
		cmocka_unit_test(test_syn_flood_and_scan),
		cmocka_unit_test(test_a_new_flow_has_nothing_of_the_old),
		cmocka_unit_test(test_who_moves_stays),
		cmocka_unit_test(test_locating_in_slices),
		cmocka_unit_test(test_folding_in_slices),
		cmocka_unit_test(test_the_hash_spreads_like_keys),
		cmocka_unit_test(test_probes_stay_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
