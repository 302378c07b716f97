/* Pairs of hosts: they balance, whatever is evicted, and are oriented from the local end. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/baseline.h"
#include "ledger.h"
#include "util/buf.h"
#include "view/columns.h"
#include "view/row_filter.h"
#include "view/row_list.h"

#define HERE  0x0a000001
#define THERE 0xc0000201
#define SSHD  0x0a000002

static void
keep_pairs(struct ledger *l)
{
	if (ledger_enable(l, LEDGER_PAIRS, 24, 64))
		while (ledger_fold(l, 7))
			;
}

static void
set_local(struct ledger *l, uint32_t address)
{
	struct net here = { .addr = ip4(address), .kind = ADDR_IP4, .bits = 32 };

	ledger_set_local(l, &here, 1);
}

static struct scope
scope_of(const struct ledger *l)
{
	struct scope s = scope_of_all(l, true);

	s.since_baseline = l->baseline != NULL;
	return s;
}

/* The pairs by bytes. */
static struct row_list *
rank(const struct scope *s, const char *show)
{
	unsigned bytes = (unsigned)(view_find_column(&view_pairs, "bytes") - view_pairs.cols);
	struct filter *f = filter_new(&view_pairs, show, NULL, NULL);
	struct row_list *list = row_list_new();

	assert_non_null(f);
	row_list_begin(list, &view_pairs, bytes, true, f, s, 0);
	while (row_list_step(list, 1000))
		;
	filter_del(f);
	return list;
}

/* Some columns of a row in machine form: "10.0.0.1 192.0.2.1 5 ..." */
static void
assert_row(const struct scope *s, const char *show, uint32_t i, const char *expected)
{
	static const char *const shown[] = { "address", "peer", "bytes_in", "bytes_out", "flows",
		"retransmissions" };
	struct row_list *list = rank(s, show);
	char text[128];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	for (size_t c = 0; i < row_list_count(list) && c < 6; c++) {
		buf_adds(&b, c > 0 ? " " : "");
		value_csv(&b, row_find_cell(&view_pairs, row_list_get(list, i), shown[c]));
	}
	assert_string_equal(text, expected);
	row_list_del(list);
}

static void
assert_pairs_balance(struct ledger *l)
{
	struct tally sum = { 0, 0 }, other, all = l->totals.all;

	ledger_flush(l);
	other = meter_sum(&l->pairs.other.meter[0]);
	tally_add(&sum, other.packets, other.bytes);
	for (uint32_t i = 0; i < l->pairs.table.used; i++)
		for (int c = 0; c < CLASSES; c++) {
			struct tally t = meter_sum(&l->pairs.row[i].meter[c]);

			tally_add(&sum, t.packets, t.bytes);
		}
	assert_tally(sum, all.packets, all.bytes);
}

/* Rows and "(other)" together, as they are shown. */
static void
assert_shown_balance(struct ledger *l)
{
	struct scope s = scope_of(l);
	struct tally sum = { 0, 0 }, all = scope_all_traffic(&s), t;
	const struct row_traffic *of = view_find_column(&view_pairs, "bytes")->traffic;

	ledger_flush(l);
	for (uint32_t i = 0; i < view_pairs.slots(l); i++) {
		const void *row = view_pairs.row(&s, i);

		t = row != NULL ? traffic_count(of, &s, row) : (struct tally){ 0, 0 };
		tally_add(&sum, t.packets, t.bytes);
	}
	if (view_pairs.other_row(&s) != NULL) {
		t = traffic_count(of, &s, view_pairs.other_row(&s));
		tally_add(&sum, t.packets, t.bytes);
	}
	assert_tally(sum, all.packets, all.bytes);
}

/* All ports together; the local host is on the left, also if the other one opened the flow. */
static void
test_all_ports_are_one_row(void **state)
{
	struct ledger *l = ledger_small();
	struct scope s = scope_of(l);

	(void)state;
	set_local(l, HERE);
	count1(l, packet(6, THERE, 50000, HERE, 22, 1000, S));
	count1(l, packet(6, HERE, 22, THERE, 50000, 70, S));
	count1(l, packet(17, HERE, 50001, THERE, 53, 80, S));
	count1(l, packet(6, THERE, 50002, THERE + 1, 80, 5, S));
	ledger_flush(l);
	assert_row(&s, "", 0, "");
	keep_pairs(l);
	assert_row(&s, "", 0, "10.0.0.1 192.0.2.1 1000 150 2 0");
	assert_row(&s, "", 1, "192.0.2.1 192.0.2.2 0 5 1 0");
	s.classes = 1u << CLASS_UDP;
	assert_row(&s, "", 0, "10.0.0.1 192.0.2.1 0 80 2 0");
	/* Later packets are added, those of a new flow too. */
	s = scope_of(l);
	count1(l, packet(17, HERE, 50001, THERE, 53, 10, 2 * S));
	count1(l, packet(17, THERE, 4000, HERE, 53, 3, 2 * S));
	assert_pairs_balance(l);
	assert_row(&s, "", 0, "10.0.0.1 192.0.2.1 1003 160 3 0");
	ledger_del(l);
}

/* The local addresses change: rows are oriented again. */
static void
test_orientation_follows_local_addresses(void **state)
{
	struct ledger *l = ledger_small();
	struct scope s = scope_of(l);

	(void)state;
	keep_pairs(l);
	count1(l, packet(6, THERE, 50000, HERE, 22, 1000, S));
	ledger_flush(l);
	assert_row(&s, "", 0, "192.0.2.1 10.0.0.1 0 1000 1 0");
	set_local(l, HERE);
	assert_pairs_balance(l);
	assert_row(&s, "", 0, "10.0.0.1 192.0.2.1 1000 0 1 0");
	ledger_del(l);
}

static void
flood(struct ledger *l, uint32_t from, uint32_t n)
{
	for (uint32_t i = from; i < from + n; i++)
		count1(l,
		    packet(i % 3 == 0 ? 17 : 6, i * 2654435761u, 1000, ~i * 40503u, 80,
			100 + i % 900, S + i * 1000));
}

/* Packets come, and flows and pairs are evicted, between all slices of the work. */
static void
test_balance(void **state)
{
	struct ledger *l = ledger_small();
	uint32_t sent = 0;

	(void)state;
	for (unsigned round = 0; round < 6; round++) {
		flood(l, sent, 4000);
		sent += 4000;
		ledger_enable(l, round % 3 == 2 ? 0 : LEDGER_PAIRS, 24, 64);
		while (ledger_fold(l, 50))
			flood(l, sent++, 1);
		ledger_tick(l, (2 + round) * S);
		while (ledger_fold(l, 200))
			;
		if (l->pairs.enabled)
			assert_pairs_balance(l);
	}
	assert_true(l->flows.table.evicted > 0);
	assert_true(l->pairs.table.evicted > 0);
	ledger_reset(l);
	keep_pairs(l);
	flood(l, 0, 10);
	assert_pairs_balance(l);
	ledger_del(l);
}

/* Each direction since a moment, also of a flow that began at the other host. */
static void
test_directions_since_baseline(void **state)
{
	struct ledger *l = ledger_small();
	struct scope s;

	(void)state;
	set_local(l, HERE);
	count1(l, packet(6, THERE, 50000, HERE, 22, 1000, S));
	count1(l, packet(6, HERE, 22, THERE, 50000, 70, S));
	ledger_set_baseline(l, true);
	keep_pairs(l);
	count1(l, packet(6, THERE, 50000, HERE, 22, 8, S));
	count1(l, packet(6, HERE, 22, THERE, 50000, 5, S));
	ledger_flush(l);
	s = scope_of(l);
	assert_row(&s, "", 0, "10.0.0.1 192.0.2.1 8 5 1 0");
	ledger_del(l);
}

/* Counts since a moment, whether the pairs were kept then or are made later. */
static void
test_baseline(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	flood(l, 0, 8000);
	ledger_set_baseline(l, true);
	flood(l, 4000, 4000);
	keep_pairs(l);
	assert_shown_balance(l);
	ledger_set_baseline(l, true);
	assert_shown_balance(l);
	flood(l, 6000, 12000);
	assert_shown_balance(l);
	assert_true(l->pairs.table.evicted > 0);
	ledger_del(l);
}

/* Segments that come twice, before and after the pairs are kept. */
static void
test_retransmissions(void **state)
{
	struct ledger *l = ledger_small();
	struct scope s = scope_of(l);
	struct pkt p = packet(6, HERE, 50000, THERE, 80, 1000, S);

	(void)state;
	p.payload = 900;
	p.tcp_flags = TCP_ACK;
	count1(l, p);
	p.seq += 900;
	count1(l, p);
	p.ts += S;
	count1(l, p);
	ledger_flush(l);
	keep_pairs(l);
	assert_row(&s, "", 0, "10.0.0.1 192.0.2.1 0 3000 1 1");
	ledger_set_baseline(l, true);
	p.ts += S;
	count1(l, p);
	ledger_flush(l);
	assert_row(&s, "", 0, "10.0.0.1 192.0.2.1 0 4000 1 2");
	s.since_baseline = true;
	assert_row(&s, "", 0, "10.0.0.1 192.0.2.1 0 1000 1 1");
	/* The same if they are made later. */
	ledger_enable(l, 0, 24, 64);
	keep_pairs(l);
	assert_row(&s, "", 0, "10.0.0.1 192.0.2.1 0 1000 1 1");
	ledger_del(l);
}

static void
test_hidden_session(void **state)
{
	struct ledger *l = ledger_small();
	struct scope s = scope_of(l);

	(void)state;
	assert_true(own_session_parse(&l->own_session, "10.0.0.1 51234 10.0.0.2 22"));
	keep_pairs(l);
	count1(l, packet(6, HERE, 51234, SSHD, 22, 100, S));
	count1(l, packet(6, SSHD, 22, HERE, 51234, 1000, S));
	ledger_flush(l);
	assert_row(&s, "", 0, "10.0.0.1 10.0.0.2 1000 100 1 0");
	own_session_measure(&s.own, l);
	assert_row(&s, "", 0, "");
	count1(l, packet(6, HERE, 51235, SSHD, 22, 7, S));
	count1(l, packet(6, SSHD, 51236, HERE, 80, 9, S));
	ledger_flush(l);
	assert_row(&s, "", 0, "10.0.0.1 10.0.0.2 9 7 2 0");
	ledger_del(l);
}

static void
test_filters(void **state)
{
	struct ledger *l = ledger_small();
	struct scope s = scope_of(l);
	struct row_list *list;
	char text[64];
	struct buf b;

	(void)state;
	keep_pairs(l);
	count1(l, packet(6, HERE, 50000, THERE, 80, 1000, S));
	count1(l, packet(6, HERE, 50000, SSHD, 80, 900, S));
	ledger_flush(l);
	assert_row(&s, "host 192.0.2.1", 0, "10.0.0.1 192.0.2.1 0 1000 1 0");
	assert_row(&s, "host 192.0.2.1", 1, "");
	assert_row(&s, "net 10.0.0.0/8 and bytes < 950", 0, "10.0.0.1 10.0.0.2 0 900 1 0");
	list = rank(&s, "");
	buf_init(&b, text, sizeof(text));
	assert_true(row_filter_flows(&b, &view_pairs, row_list_get(list, 0)));
	assert_string_equal(text, "host 10.0.0.1 host 192.0.2.1");
	row_list_del(list);
	ledger_del(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_ports_are_one_row),
		cmocka_unit_test(test_orientation_follows_local_addresses),
		cmocka_unit_test(test_balance),
		cmocka_unit_test(test_directions_since_baseline),
		cmocka_unit_test(test_baseline),
		cmocka_unit_test(test_retransmissions),
		cmocka_unit_test(test_hidden_session),
		cmocka_unit_test(test_filters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
