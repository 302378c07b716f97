/* The baseline: the displayed counters start at some moment, and the balance law holds for them
 * too. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/baseline.h"
#include "ledger.h"
#include "view/filter.h"
#include "view/view.h"

#define FLOWS 60000 /* more than a small ledger has room for */

static uint32_t
chance(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* Packets of hosts from `from` on: few in many flows, so that rows are evicted all the time. */
static void
flood(struct ledger *l, uint32_t from, unsigned n)
{
	uint32_t seed = from;

	for (unsigned i = 0; i < n; i++) {
		uint32_t src = from + chance(&seed) % (FLOWS / 4), dst = chance(&seed) % 50;
		uint16_t port = (uint16_t)(1 + chance(&seed) % 60000);
		uint8_t proto = chance(&seed) % 3 == 0 ? 17 : 6;

		count1(l, packet(proto, src, 40000, dst, port, 60 + chance(&seed) % 1000, S + i));
		if (chance(&seed) % 2 == 0)
			count1(l, packet(proto, dst, port, src, 40000, 100, S + i));
		if (i % 5000 == 0)
			ledger_tick(l, 2 * S + i);
	}
	ledger_flush(l);
}

static void
add_since(struct tally *sum, const struct baseline *z, const struct meter *m, int way)
{
	struct tally t = tally_minus(m->t[way], &baseline_of(z, m)[way]);

	tally_add(sum, t.packets, t.bytes);
}

static void
assert_since(const struct ledger *l, struct tally sum)
{
	struct tally all = tally_minus(l->totals.all, &l->baseline->totals.all);

	assert_tally(sum, all.packets, all.bytes);
}

static void
assert_hosts_since(const struct ledger *l)
{
	struct tally ways[2] = { { 0, 0 }, { 0, 0 } }, nets[2] = { { 0, 0 }, { 0, 0 } };

	for (uint32_t i = 0; i <= l->hosts.table.used; i++)
		for (int c = 0; c < 2 * CLASSES; c++)
			add_since(&ways[c % 2], l->baseline,
			    i < l->hosts.table.used ? &l->hosts.row[i].meter[c / 2]
						    : &l->hosts.other.meter[c / 2],
			    c % 2);
	for (uint32_t i = 0; l->networks.enabled && i <= l->networks.table.used; i++)
		for (int c = 0; c < 2 * CLASSES; c++)
			add_since(&nets[c % 2], l->baseline,
			    i < l->networks.table.used ? &l->networks.row[i].meter[c / 2]
						       : &l->networks.other.meter[c / 2],
			    c % 2);
	for (int way = 0; way < 2; way++) {
		assert_since(l, ways[way]);
		if (l->networks.enabled)
			assert_since(l, nets[way]);
	}
}

static void
assert_law_since(struct ledger *l)
{
	struct tally flows = { 0, 0 }, ports = { 0, 0 }, paths = { 0, 0 }, ways = { 0, 0 },
		     sources = { 0, 0 };

	assert_balance(l);
	for (int way = 0; way < 2; way++) {
		for (uint32_t i = 0; i < l->flows.table.used; i++)
			add_since(&flows, l->baseline, &l->flows.row[i].meter, way);
		add_since(&flows, l->baseline, &l->flows.other, way);
		for (uint32_t i = 0; i < l->ports.table.used; i++)
			add_since(&ports, l->baseline, &l->ports.row[i].meter, way);
		add_since(&ports, l->baseline, &l->ports.other.meter, way);
	}
	for (unsigned i = 0; i < l->proto_tree.used; i++)
		if (l->proto_tree.node[i].depth == 0)
			add_since(&paths, l->baseline, &l->proto_tree.node[i].meter, 0);
	for (int w = 0; w < SERIES_WAYS; w++)
		add_since(&ways, l->baseline, &l->way[w], 0);
	for (unsigned i = 0; i < l->n_sources; i++)
		add_since(&sources, l->baseline, &l->source[i].meter, 0);
	assert_since(l, flows);
	assert_since(l, ports);
	assert_since(l, paths);
	assert_since(l, ways);
	assert_since(l, sources);
	assert_hosts_since(l);
}

/* The tables are full before and after: nearly every row has been reused. */
static void
test_law(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	flood(l, 1000, FLOWS);
	assert_true(
	    l->flows.table.evicted > 0 && l->hosts.table.evicted > 0 && l->ports.table.evicted > 0);
	ledger_set_baseline(l, true);
	assert_law_since(l);
	flood(l, 500000, FLOWS);
	assert_law_since(l);
	/* A new baseline replaces the old one. */
	ledger_set_baseline(l, true);
	assert_int_equal(l->baseline->totals.all.packets, l->totals.all.packets);
	flood(l, 900000, 1000);
	assert_law_since(l);
	ledger_del(l);
}

/* Packets that are not folded yet, some of them of a finished interval. */
static void
leave_pending(struct ledger *l)
{
	for (uint32_t i = 0; i < 500; i++)
		count1(l, packet(17, 5000 + i, 40000, 7, 53, 100, 5 * S));
	ledger_tick(l, 6 * S);
	for (uint32_t i = 250; i < 900; i++)
		count1(l, packet(17, 5000 + i, 40000, 7, 53, 100, 7 * S));
}

/* In steps the result is the same; the old counters are visible until then. */
static void
test_steps(void **state)
{
	struct ledger *l = ledger_small();
	const struct baseline *before;

	(void)state;
	flood(l, 1000, FLOWS);
	ledger_set_baseline(l, true);
	before = l->baseline;
	leave_pending(l);
	ledger_baseline_begin(l);
	while (ledger_baseline_step(l, 10))
		assert_ptr_equal(before, l->baseline);
	assert_ptr_not_equal(before, l->baseline);
	assert_int_equal(l->baseline->totals.all.packets, l->totals.all.packets);
	assert_law_since(l);
	/* It ends no interval; only the earlier one has ended. */
	assert_int_equal(6 * S, l->now);
	flood(l, 500000, FLOWS);
	assert_law_since(l);
	ledger_del(l);
}

/* The baseline can be cancelled at any step. */
static void
test_given_up(void **state)
{
	struct ledger *l = ledger_small();
	unsigned steps, most = 0;

	(void)state;
	do {
		leave_pending(l);
		ledger_baseline_begin(l);
		for (steps = 0; steps < most && ledger_baseline_step(l, 50); steps++)
			;
		ledger_set_baseline(l, false);
		assert_null(l->next_baseline);
		leave_pending(l);
		ledger_tick(l, 8 * S);
		assert_balance(l);
	} while (steps == most++);
	assert_true(most > 30);
	ledger_baseline_begin(l);
	ledger_baseline_step(l, 50);
	ledger_reset(l);
	assert_null(l->next_baseline);
	leave_pending(l);
	ledger_baseline_begin(l);
	ledger_baseline_begin(l);
	while (ledger_baseline_step(l, 50))
		;
	flood(l, 500000, FLOWS);
	assert_law_since(l);
	ledger_baseline_begin(l);
	ledger_baseline_step(l, 50);
	ledger_del(l);
}

/* Networks are collected again for each display, from hosts of which some were evicted. */
static void
test_networks(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	flood(l, 1000, FLOWS);
	ledger_enable(l, LEDGER_NETWORKS, 30, 64);
	ledger_set_baseline(l, true);
	assert_law_since(l);
	flood(l, 200000, FLOWS / 2);
	assert_law_since(l);
	ledger_enable(l, 0, 30, 64);
	flood(l, 400000, FLOWS / 2);
	ledger_enable(l, LEDGER_NETWORKS, 28, 64);
	while (ledger_fold(l, 100))
		;
	flood(l, 600000, 5000);
	assert_true(l->networks.table.used > 1);
	assert_law_since(l);
	ledger_del(l);
}

/* A host that reuses a row counts on its own. */
static void
test_new_owner(void **state)
{
	struct ledger *l = ledger_small();
	const struct host *h;
	struct addr a = ip4(0x7f000001);

	(void)state;
	flood(l, 1000, FLOWS);
	ledger_set_baseline(l, true);
	for (unsigned i = 0; i < 5; i++)
		count1(l, packet(6, 0x7f000001, 40000, 3, 80, 100, 3 * S));
	ledger_flush(l);
	assert_int_equal(l->hosts.table.used, l->hosts.table.max);
	h = hosts_find(&l->hosts, ADDR_IP4, &a);
	assert_non_null(h);
	assert_tally(h->meter[CLASS_TCP].t[0], 5, 500);
	assert_tally(baseline_of(l->baseline, &h->meter[CLASS_TCP])[0], 0, 0);
	ledger_del(l);
}

static struct value
cell(struct ledger *l, const char *view, const char *column, uint32_t row)
{
	struct scope s = { .ledger = l,
		.classes = SCOPE_ALL,
		.ip4 = true,
		.ip6 = true,
		.since_baseline = l->baseline != NULL };
	const struct view *v = view_by_name(view);
	const void *at = v->row(&s, row);

	return at != NULL ? column_value(view_find_column(v, column), &s, at) : (struct value){ 0 };
}

static uint64_t
number(struct ledger *l, const char *view, const char *column, uint32_t row)
{
	struct value v = cell(l, view, column, row);

	return v.type != V_NONE ? v.n : 0;
}

static void
test_what_is_shown(void **state)
{
	static const char *const views_of_bytes[] = { "talkers", "flows", "protocols", "ports",
		"sources", "networks" };
	struct ledger *l = ledger_small();

	(void)state;
	ledger_enable(l, LEDGER_NETWORKS, 24, 64);
	count1(l, packet(17, 1, 1000, 2, 53, 80, S));
	ledger_set_baseline(l, true);
	for (unsigned i = 0; i < 6; i++) {
		assert_int_equal(number(l, views_of_bytes[i], "bytes", 0), 0);
		assert_int_equal(number(l, views_of_bytes[i], "packets", 0), 0);
	}
	count1(l, packet(17, 1, 1000, 2, 53, 70, 2 * S));
	count1(l, packet(17, 2, 53, 1, 1000, 500, 2 * S));
	assert_balance(l);
	for (unsigned i = 0; i < 5; i++) {
		assert_int_equal(number(l, views_of_bytes[i], "bytes", 0), 570);
		assert_int_equal(number(l, views_of_bytes[i], "packets", 0), 2);
	}
	assert_int_equal(number(l, "networks", "bytes", 0), 2 * 570);
	assert_int_equal(number(l, "talkers", "bytes_in", 0), 500);
	assert_int_equal(number(l, "flows", "bytes_ab", 0), 70);
	/* 70 and 80 are in the same range. */
	assert_int_equal(number(l, "sizes", "packets", 1), 1);
	ledger_set_baseline(l, false);
	for (unsigned i = 0; i < 5; i++)
		assert_int_equal(number(l, views_of_bytes[i], "bytes", 0), 650);
	ledger_del(l);
}

/* A row without traffic since then is hidden; a filter tests the displayed values. */
static void
test_filter(void **state)
{
	struct ledger *l = ledger_small();
	struct scope s = { .ledger = l, .classes = SCOPE_ALL, .ip4 = true, .ip6 = true };
	const struct view *v = view_by_name("flows");
	struct filter *f = filter_new(v, "bytes > 100", NULL, NULL);

	(void)state;
	count1(l, packet(17, 1, 1000, 2, 53, 500, S));
	count1(l, packet(17, 3, 1000, 4, 53, 500, S));
	ledger_set_baseline(l, true);
	count1(l, packet(17, 1, 1000, 2, 53, 60, S));
	assert_non_null(v->row(&s, 1));
	assert_true(filter_matches(f, &s, v->row(&s, 0)));
	s.since_baseline = true;
	assert_null(v->row(&s, 1));
	assert_false(filter_matches(f, &s, v->row(&s, 0)));
	filter_del(f);
	ledger_del(l);
}

/* If the SYN comes from the other end, a flow swaps its ends, and earlier counters with them. */
static void
test_turn(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	count1(l, tcp(2, 80, 1, 1000, TCP_ACK, 1));
	count1(l, tcp(2, 80, 1, 1000, TCP_ACK, 1));
	ledger_set_baseline(l, true);
	count1(l, tcp(1, 1000, 2, 80, TCP_SYN, 100));
	assert_law_since(l);
	assert_int_equal(number(l, "flows", "packets_ab", 0), 1);
	assert_int_equal(number(l, "flows", "packets_ba", 0), 0);
	ledger_del(l);
}

static void
test_troubles(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	count1(l, tcp(1, 1000, 2, 80, TCP_SYN, 100));
	count1(l, tcp(2, 80, 1, 1000, TCP_RST, 0));
	ledger_flush(l);
	assert_int_equal(number(l, "flows", "resets", 0), 1);
	assert_int_equal(number(l, "health", "resets", 0), 1);
	ledger_set_baseline(l, true);
	count1(l, tcp(2, 80, 1, 1000, TCP_RST, 0));
	ledger_flush(l);
	assert_int_equal(number(l, "flows", "resets", 0), 1);
	assert_int_equal(number(l, "health", "resets", 0), 1);
	ledger_set_baseline(l, false);
	assert_int_equal(number(l, "flows", "resets", 0), 2);
	ledger_del(l);
}

/* Rates over the whole time cover the time since then. */
static void
test_average(void **state)
{
	struct ledger *l = ledger_small();
	struct scope s = { .ledger = l,
		.classes = SCOPE_ALL,
		.ip4 = true,
		.ip6 = true,
		.whole_time = true,
		.since_baseline = true };

	(void)state;
	count1(l, packet(17, 1, 1000, 2, 53, 1000, S));
	count1(l, packet(17, 1, 1000, 2, 53, 1000, 10 * S));
	ledger_set_baseline(l, true);
	assert_int_equal(l->baseline->at, 10 * S);
	assert_true(scope_seconds(&s) == 0);
	count1(l, packet(17, 1, 1000, 2, 53, 1000, 12 * S));
	ledger_flush(l);
	assert_true(scope_seconds(&s) == 2);
	assert_int_equal(scope_rate_tally(&s, &l->flows.row[0].meter, 0).bytes, 1000);
	ledger_del(l);
}

static void
test_reset(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	count1(l, packet(17, 1, 1000, 2, 53, 1000, S));
	ledger_set_baseline(l, true);
	ledger_reset(l);
	assert_null(l->baseline);
	count1(l, packet(17, 1, 1000, 2, 53, 60, S));
	assert_balance(l);
	assert_int_equal(number(l, "talkers", "bytes", 0), 60);
	ledger_del(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_law),
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_given_up),
		cmocka_unit_test(test_networks),
		cmocka_unit_test(test_new_owner),
		cmocka_unit_test(test_what_is_shown),
		cmocka_unit_test(test_filter),
		cmocka_unit_test(test_turn),
		cmocka_unit_test(test_troubles),
		cmocka_unit_test(test_average),
		cmocka_unit_test(test_reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
