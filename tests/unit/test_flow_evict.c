/* Eviction from a full table, and tables that grow while there is memory. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ledger.h"
#include "util/attr.h"

#define CLIENT 0x0a000001
#define SERVER 0xc0000201
#define FLOOD  0x0b000000

static void
flood(struct ledger *l, uint32_t n, uint64_t ts)
{
	for (uint32_t i = 0; i < n; i++)
		count1(l, packet(17, FLOOD + i, 1000, SERVER, 53, 60, ts + i));
}

/* A download of so many packets that both ends close. */
static void
download(struct ledger *l, uint32_t packets)
{
	uint32_t seq = 1;

	for (uint32_t i = 0; i < packets; i++, seq += 1000) {
		struct pkt p = tcp(CLIENT, 40000, SERVER, 80, TCP_ACK, seq);

		p.payload = 1000;
		p.len = 1054;
		p.ts = S + i;
		count1(l, p);
	}
	count1(l, tcp(CLIENT, 40000, SERVER, 80, TCP_FIN | TCP_ACK, seq));
	count1(l, tcp(SERVER, 80, CLIENT, 40000, TCP_FIN | TCP_ACK, 1));
}

static const struct flow *
find_download(const struct ledger *l)
{
	struct pkt p = tcp(CLIENT, 40000, SERVER, 80, TCP_ACK, 1);

	return ledger_find_flow(l, &p);
}

/* It has most of all bytes, and ended an hour before a flood of flows with one packet each. */
static void
test_much_traffic_stays_though_it_ended(void **state)
{
	struct ledger *l = ledger_small();
	struct addr a = ip4(CLIENT);

	(void)state;
	download(l, 4000); /* with the flood so many that one packet is a small share */
	assert_true(flow_has_ended(find_download(l)));
	flood(l, 4 * l->flows.table.max, 3600 * S);
	assert_balance(l);
	assert_true(l->flows.table.evicted > 0 && l->hosts.table.evicted > 0);
	assert_non_null(find_download(l));
	assert_non_null(hosts_find(&l->hosts, ADDR_IP4, &a));
	ledger_del(l);
}

static void
test_little_traffic_that_ended_leaves_first(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	flood(l, 20000, S);
	download(l, 3);
	assert_non_null(find_download(l));
	flood(l, 4 * l->flows.table.max, 2 * S);
	assert_null(find_download(l));
	assert_balance(l);
	ledger_del(l);
}

#define BUSY       20000
#define BUSY_BYTES 1500

/* Among much traffic one packet of so many bytes, then a flood of n small ones. */
static bool
is_kept(uint32_t bytes, uint32_t n)
{
	struct ledger *l = ledger_small();
	struct pkt p = packet(17, CLIENT, 1, SERVER, 53, bytes, S);
	bool kept;

	for (unsigned i = 0; i < BUSY; i++)
		count1(l, packet(17, CLIENT, 2, SERVER, 53, BUSY_BYTES, S));
	count1(l, p);
	ledger_flush(l);
	flood(l, n, 2 * S);
	kept = ledger_find_flow(l, &p) != NULL;
	assert_balance(l);
	ledger_del(l);
	return kept;
}

/* A flow stays from its share on, although its counts were folded. */
static void
test_a_large_share_stays(void **state)
{
	struct ledger *l = ledger_small();
	uint32_t n = 4 * l->flows.table.max_grown,
		 share = (BUSY * BUSY_BYTES + n * 60) / HEAVY_SHARE;

	(void)state;
	ledger_del(l);
	assert_int_not_equal(share & (share - 1), 0);
	assert_true(is_kept(share + 1, n));
	assert_false(is_kept(share / 2, n));
}

/* The next flow to be evicted gets a packet just before. */
static void
test_who_has_just_moved_stays(void **state)
{
	struct ledger *l = ledger_small();
	uint64_t ts = 2 * S;

	(void)state;
	flood(l, 2 * l->flows.table.max_grown, S);
	assert_true(l->flows.table.evicted > 0);
	for (uint32_t i = 0; i < 3 * FLOWS_EVICT_AHEAD; i++, ts += S) {
		const struct flows *fs = &l->flows;
		const struct flow *f =
		    &fs->row[fs->candidate[fs->next_candidate % FLOWS_EVICT_AHEAD].row];
		struct pkt p = packet(17, 0, f->key.a_port, 0, f->key.b_port, 60, ts);

		p.src = f->key.a;
		p.dst = f->key.b;
		count1(l, p);
		count1(l, packet(17, CLIENT, (uint16_t)(1 + i), SERVER, 53, 60, ts));
		assert_ptr_equal(ledger_find_flow(l, &p), f);
		assert_int_equal(flow_tally(f, 0).packets, 2);
	}
	assert_balance(l);
	ledger_del(l);
}

static void
test_tables_grow(void **state)
{
	struct ledger_config c = {
		.memory = LEDGER_MEMORY_MIN,
		.memory_max = 20 * LEDGER_MEMORY_MIN,
		.key = &fixed_key,
	};
	struct ledger *l = ledger_new(&c);
	uint32_t n = 4 * l->flows.table.max;

	(void)state;
	ledger_add_source(l, "test", 1, 0);
	flood(l, l->flows.table.max, S);
	assert_int_equal(l->flows.table.evicted, 0);
	assert_int_equal(ledger_grown_memory(l), 0);
	flood(l, n, 2 * S);
	assert_balance(l);
	assert_int_equal(l->flows.table.used, n);
	assert_int_equal(l->flows.table.evicted, 0);
	assert_int_equal(l->hosts.table.used, n + 1);
	for (uint32_t i = 0; i < n; i++) {
		struct pkt p = packet(17, FLOOD + i, 1000, SERVER, 53, 60, S);

		assert_int_equal(flow_tally(ledger_find_flow(l, &p), 0).packets, i < n / 4 ? 2 : 1);
	}
	assert_in_range(ledger_grown_memory(l), LEDGER_MEMORY_MIN, c.memory_max);
	/* No further than allowed. */
	flood(l, 2 * l->flows.table.max_grown, 3 * S);
	assert_balance(l);
	assert_int_equal(l->flows.table.used, l->flows.table.max_grown);
	assert_true(l->flows.table.evicted > 0);
	/* And again after a reset. */
	ledger_reset(l);
	flood(l, 1000, 4 * S);
	assert_int_equal(l->flows.table.used, 1000);
	assert_balance(l);
	ledger_del(l);
}

/* Each flood source is a network of its own, and has a name. */
static void
test_networks_and_names_grow(void **state)
{
	struct ledger_config c = {
		.memory = LEDGER_MEMORY_MIN,
		.memory_max = 20 * LEDGER_MEMORY_MIN,
		.key = &fixed_key,
	};
	struct ledger *l = ledger_new(&c);
	struct name_cache *all[] = { &l->host_names, &l->server_names };
	uint32_t n = 4 * l->networks.table.max;

	(void)state;
	ledger_add_source(l, "test", 1, 0);
	ledger_enable(l, LEDGER_NETWORKS, 32, 128);
	flood(l, n, S);
	assert_balance(l);
	assert_in_range(l->networks.table.used, n, n + 1);
	for (size_t t = 0; t < NITEMS(all); t++) {
		uint32_t names = 4 * all[t]->table.max;

		for (uint32_t i = 0; i < names; i++) {
			struct addr a = ip4(FLOOD + i);

			name_cache_learn(all[t], ADDR_IP4, &a, NAME_DNS, "a name", 1);
		}
		for (uint32_t i = 0; i < names; i++) {
			struct addr a = ip4(FLOOD + i);

			assert_non_null(name_cache_find_text(all[t], ADDR_IP4, &a));
		}
	}
	ledger_del(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_much_traffic_stays_though_it_ended),
		cmocka_unit_test(test_little_traffic_that_ended_leaves_first),
		cmocka_unit_test(test_a_large_share_stays),
		cmocka_unit_test(test_who_has_just_moved_stays),
		cmocka_unit_test(test_tables_grow),
		cmocka_unit_test(test_networks_and_names_grow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
