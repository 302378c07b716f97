/*
 * No piece of work delays the packets: each call of sliced work handles at most the given number of
 * rows, however much there is to do. Counted, not timed.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/baseline.h"
#include "core/flow.h"
#include "ledger.h"
#include "view/row_list.h"

#define FLOWS 3000
#define SLICE 100

/* No row has to be evicted. */
static struct ledger *
ledger_large(void)
{
	struct ledger_config c = { .memory = (size_t)64 << 20, .key = &fixed_key };
	struct ledger *l = ledger_new(&c);

	assert_int_equal(ledger_add_source(l, "test", 1, 0), 0);
	return l;
}

static void
count_flows(struct ledger *l, uint64_t ts)
{
	for (uint32_t i = 0; i < FLOWS; i++)
		count1(l, packet(17, 0x0a000000 + i, 1000, 0xc0000201 + i % 7, 53, 100 + i, ts));
}

static uint32_t
folded_flows(const struct ledger *l)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < l->flows.table.used; i++)
		n += meter_sum(&l->flows.row[i].meter).packets > 0;
	return n;
}

/* Regular work: new flows of one interval. */
static void
test_fold(void **state)
{
	struct ledger *l = ledger_large();
	uint32_t before = 0, now, calls = 0;
	bool more;

	(void)state;
	count_flows(l, S);
	ledger_tick(l, 2 * S);
	assert_int_equal(0, folded_flows(l));
	do {
		more = ledger_fold(l, SLICE);
		now = folded_flows(l);
		assert_in_range(now - before, 0, SLICE);
		before = now;
		calls++;
	} while (more);
	assert_int_equal(FLOWS, now);
	assert_in_range(calls, FLOWS / SLICE, FLOWS / SLICE + 2);
	ledger_del(l);
}

/* Who has to settle all at once knows beforehand how much that is. */
static void
test_flush_rows(void **state)
{
	struct ledger *l = ledger_large();

	(void)state;
	assert_int_equal(0, ledger_flush_rows(l));
	count_flows(l, S);
	assert_int_equal(FLOWS, ledger_flush_rows(l));
	ledger_flush_begin(l);
	ledger_fold(l, SLICE);
	assert_int_equal(FLOWS - SLICE, ledger_flush_rows(l));
	count_flows(l, S);
	assert_int_equal(FLOWS, ledger_flush_rows(l));
	ledger_flush(l);
	assert_int_equal(0, ledger_flush_rows(l));
	ledger_enable(l, LEDGER_NETWORKS, 24, 64);
	assert_in_range(ledger_flush_rows(l), FLOWS, 2 * FLOWS);
	ledger_flush(l);
	assert_int_equal(0, ledger_flush_rows(l));
	ledger_del(l);
}

/* Packets that come between the slices do not make them longer. */
static void
test_fold_under_load(void **state)
{
	struct ledger *l = ledger_large();
	uint32_t before = 0, now, i = 0;

	(void)state;
	count_flows(l, S);
	ledger_tick(l, 2 * S);
	while (ledger_fold(l, SLICE)) {
		for (unsigned k = 0; k < 500; k++, i++)
			count1(l, packet(6, 0x0b000000 + i, 1, 0xc0000201, 2, 60, 2 * S));
		now = folded_flows(l);
		assert_in_range(now - before, 0, SLICE);
		before = now;
	}
	assert_balance(l);
	ledger_del(l);
}

static uint32_t
local_rows(const struct ledger *l)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < l->flows.table.used; i++)
		n += (l->flows.row[i].bits & FLOW_A_LOCAL) != 0;
	for (uint32_t i = 0; i < l->hosts.table.used; i++)
		n += l->hosts.row[i].local;
	return n;
}

/* A new address of an interface causes an update of all rows, also at the end of an interval. */
static void
test_locate(void **state)
{
	struct ledger *l = ledger_large();
	uint32_t before = 0, now;
	struct net ours;
	bool more;

	(void)state;
	count_flows(l, S);
	ledger_tick(l, 2 * S);
	while (ledger_fold(l, UINT32_MAX))
		;
	assert_true(net_parse("10.0.0.0/8", &ours));
	ledger_set_local(l, &ours, 1);
	count_flows(l, 2 * S);
	ledger_tick(l, 3 * S);
	assert_int_equal(0, local_rows(l));
	do {
		more = ledger_fold(l, SLICE);
		now = local_rows(l);
		assert_in_range(now - before, 0, SLICE);
		before = now;
	} while (more);
	assert_int_equal(2 * FLOWS, now);
	ledger_del(l);
}

/* So does the first display of the networks. */
static void
test_networks(void **state)
{
	struct ledger *l = ledger_large();
	uint32_t before = 0, now;

	(void)state;
	count_flows(l, S);
	ledger_tick(l, 2 * S);
	while (ledger_fold(l, UINT32_MAX))
		;
	assert_true(ledger_enable(l, LEDGER_NETWORKS, 24, 64));
	while (ledger_fold(l, SLICE)) {
		now = l->networks.n_added;
		assert_in_range(now - before, 1, SLICE);
		before = now;
	}
	assert_true(before > FLOWS - SLICE);
	ledger_del(l);
}

/* Work of finding the levels of all hosts: one step each. */
static uint32_t
rolled_up(const struct ledger *l)
{
	const struct rollup *r = &l->rollup;
	uint32_t n = r->n;

	for (uint32_t i = 0; i < r->n; i++)
		n += r->item[i].is_assigned;
	for (uint32_t i = 0; i < l->hosts.table.used; i++)
		n += l->hosts.row[i].prefix_bits != 0;
	for (uint32_t i = 0; i < r->max * 2; i++)
		n += r->pass > 2 && r->index.slots[i].row != INDEX_NONE;
	return n;
}

/* And networks that are detected in the traffic. */
static void
test_levels(void **state)
{
	struct ledger *l = ledger_large();
	uint32_t before = 0, now, calls = 0;

	(void)state;
	count_flows(l, S);
	ledger_tick(l, 2 * S);
	while (ledger_fold(l, UINT32_MAX))
		;
	assert_true(ledger_enable(l, LEDGER_NETWORKS, NETWORKS_AUTO, NETWORKS_AUTO));
	while (l->rollup.busy) {
		ledger_fold(l, SLICE);
		now = rolled_up(l);
		assert_true(now <= before + SLICE);
		before = now;
		calls++;
	}
	assert_in_range(calls, 7 * FLOWS / SLICE, UINT32_MAX);
	assert_int_equal(FLOWS + 7, l->rollup.n);
	ledger_del(l);
}

/* Rows that were folded for the next baseline, and those copied to it. */
static uint32_t
taken_rows(const struct ledger *l)
{
	const struct baseline *z = l->next_baseline;
	uint32_t n = folded_flows(l) + z->next_row;

	for (unsigned t = 0; t < z->next_table; t++)
		n += z->tables[t].used != NULL ? *z->tables[t].used : z->tables[t].max;
	return n;
}

/* The key for a new baseline: it folds pending rows, and copies all rows. */
static void
test_zero(void **state)
{
	struct ledger *l = ledger_large();
	uint32_t before = 0, now, calls = 0;

	(void)state;
	count_flows(l, S);
	ledger_baseline_begin(l);
	while (ledger_baseline_step(l, SLICE)) {
		now = taken_rows(l);
		assert_in_range(now - before, 0, SLICE);
		assert_null(l->baseline);
		before = now;
		calls++;
	}
	assert_in_range(before, 3 * FLOWS, UINT32_MAX);
	assert_in_range(calls, before / SLICE, before / SLICE + 3);
	assert_int_equal(FLOWS, l->baseline->totals.all.packets);
	ledger_del(l);
}

static void
leaves(void *arg, uint32_t row)
{
	(void)row;
	++*(uint32_t *)arg;
}

/* A reset: observers of flows are called for each, and all indexes are cleared. */
static void
test_reset(void **state)
{
	struct ledger *l = ledger_large();
	uint32_t left = 0, before = 0, wiped = 0, calls = 0, slots;
	struct flow_watch watch = { .on_evict = leaves, .arg = &left };
	struct addr a = ip4(0x0a000000);

	(void)state;
	count_flows(l, S);
	ledger_tick(l, 2 * S);
	flow_watch_add(&l->watch, &watch);
	slots = index_slots(&l->flows.table.index);
	ledger_reset_begin(l);
	while (ledger_reset_step(l, SLICE)) {
		assert_in_range(left - before, 0, SLICE);
		before = left;
		assert_int_equal(l->reset.cleared ? 0 : FLOWS, l->flows.table.used);
		if (l->reset.index == 0) {
			assert_in_range(l->reset.slot - wiped, 0, 64 * SLICE);
			wiped = l->reset.slot;
		}
		calls++;
	}
	assert_int_equal(FLOWS, left);
	assert_in_range(calls, FLOWS / SLICE + slots / (64 * SLICE) + 1, 10000);
	assert_int_equal(slots, index_slots(&l->flows.table.index));
	assert_null(hosts_find(&l->hosts, ADDR_IP4, &a));
	flow_watch_remove(&l->watch, &watch);
	count_flows(l, S);
	assert_balance(l);
	assert_int_equal(FLOWS, l->flows.table.used);
	ledger_del(l);
}

static const struct view *counted;
static uint32_t looked_at, filled_in;

static const void *
counting_row(const struct scope *s, uint32_t i)
{
	looked_at++;
	return counted->row(s, i);
}

static struct value
counting_get(const struct scope *s, const void *row)
{
	filled_in++;
	return column_value(&counted->cols[0], s, row);
}

/* Ranking, with a filter or without: rows that are checked, and then those that are kept. */
static void
rank(const struct scope *s, const char *show, uint32_t keep)
{
	struct column cols[VIEW_COLUMNS];
	struct row_list *list = row_list_new();
	struct filter *f = filter_new(counted, show, NULL, NULL);
	struct view v = *counted;
	bool more;

	memcpy(cols, v.cols, v.n_cols * sizeof(*cols));
	cols[0].get = counting_get;
	v.cols = cols;
	v.row = counting_row;
	row_list_begin(list, &v, (unsigned)(view_find_column(counted, "bytes") - counted->cols),
	    true, f, s, keep);
	do {
		looked_at = filled_in = 0;
		more = row_list_step(list, SLICE);
		assert_in_range(looked_at, 0, SLICE);
		assert_in_range(filled_in, 0, SLICE / 4); /* one counts as several */
	} while (more);
	assert_true(row_list_count(list) > 0);
	filter_del(f);
	row_list_del(list);
}

static void
test_rank(void **state)
{
	static const uint32_t keeps[] = { 0, 50, 2000 };
	struct ledger *l = ledger_large();
	struct scope s = { .ledger = l, .classes = SCOPE_ALL, .ip4 = true, .ip6 = true };

	(void)state;
	counted = view_by_name("flows");
	count_flows(l, S);
	ledger_tick(l, 2 * S);
	while (ledger_fold(l, UINT32_MAX))
		;
	for (unsigned i = 0; i < sizeof(keeps) / sizeof(*keeps); i++) {
		rank(&s, "", keeps[i]);
		rank(&s, "bytes>2000", keeps[i]);
		rank(&s, "bytes=3099", keeps[i]);
	}
	ledger_del(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fold),
		cmocka_unit_test(test_flush_rows),
		cmocka_unit_test(test_fold_under_load),
		cmocka_unit_test(test_locate),
		cmocka_unit_test(test_networks),
		cmocka_unit_test(test_levels),
		cmocka_unit_test(test_zero),
		cmocka_unit_test(test_reset),
		cmocka_unit_test(test_rank),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
