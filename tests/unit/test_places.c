/* Places: the hosts by country and by autonomous system. */
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

static unsigned n_found;

/* 10/8 is not known; of other addresses the second byte is the country, the last two the system. */
static void
find(const struct place_db *db, uint8_t kind, const struct addr *a, struct place *p)
{
	(void)db;
	assert_int_equal(kind, ADDR_IP4);
	n_found++;
	if (a->b[0] == 10)
		return;
	p->country[0] = 'A';
	p->country[1] = (char)('A' + a->b[1]);
	p->asn = (uint32_t)a->b[2] << 8 | a->b[3];
}

static const struct place_db db = { find };

static struct ledger *
set_up(void)
{
	struct ledger *l = ledger_small();

	l->places = &db;
	n_found = 0;
	return l;
}

static void
send(struct ledger *l, uint32_t src, uint32_t dst, uint32_t len)
{
	count1(l, packet(17, src, 1000, dst, 53, len, S));
}

static void
rank(struct row_list *list, const struct ledger *l, enum place_group group)
{
	unsigned bytes = (unsigned)(view_find_column(&view_places, "bytes") - view_places.cols);
	struct scope s = { .ledger = l, .classes = SCOPE_ALL, .ip4 = true, .ip6 = true };

	s.group = (uint8_t)group;
	s.whole_time = true;
	row_list_begin(list, &view_places, bytes, true, NULL, &s, 0);
	while (row_list_step(list, 1000))
		;
}

static void
assert_row(const struct row_list *list, uint32_t i, const char *place, uint64_t bytes,
    uint64_t hosts, const char *filter)
{
	const struct table_row *row = row_list_get(list, i);
	char text[64];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	assert_string_equal(row_find_cell(&view_places, row, "place")->text, place);
	assert_int_equal(row_find_cell(&view_places, row, "bytes")->n, bytes);
	assert_int_equal(row_find_cell(&view_places, row, "hosts")->n, hosts);
	assert_true(view_places.leads_to_filter(&b, &view_places, row));
	assert_string_equal(text, filter);
}

static void
hosts_are_grouped(void **state)
{
	const uint32_t home = 0x0a000001, b1 = 0x14010001, b2 = 0x14010002, c1 = 0x14020001;
	struct row_list *list = row_list_new();
	struct ledger *l = set_up();

	(void)state;
	send(l, home, b1, 100);
	send(l, b2, home, 200);
	send(l, home, c1, 1000);
	ledger_flush(l);
	assert_int_equal(n_found, 4 * PLACE_GROUPS);
	send(l, home, b1, 100);
	ledger_flush(l);
	assert_int_equal(n_found, 4 * PLACE_GROUPS);
	rank(list, l, PLACES_BY_COUNTRY);
	assert_int_equal(row_list_count(list), 3);
	assert_row(list, 0, "(unknown)", 1400, 1, "country !~ .");
	assert_row(list, 1, "AC", 1000, 1, "country = AC");
	assert_row(list, 2, "AB", 400, 2, "country = AB");
	rank(list, l, PLACES_BY_AS);
	assert_int_equal(row_list_count(list), 3);
	assert_row(list, 1, "AS1", 1200, 2, "asn = 1");
	assert_row(list, 2, "AS2", 200, 1, "asn = 2");
	row_list_del(list);
	ledger_del(l);
}

/* The sum of both ways of all rows of a group, since the baseline. */
static struct tally
sum_of(const struct ledger *l, enum place_group group)
{
	const struct place_table *t = &l->place_table;
	struct tally sum = { 0, 0 };

	for (uint32_t i = 0; i <= t->table.used; i++) {
		const struct place_row *r = i < t->table.used ? &t->row[i] : &t->other[group];

		for (int c = 0; r->group == group && c < CLASSES; c++)
			for (int way = 0; way < 2; way++) {
				const struct meter *m = &r->meter[c];
				struct tally n =
				    tally_minus(m->t[way], &baseline_of(l->baseline, m)[way]);

				tally_add(&sum, n.packets, n.bytes);
			}
	}
	return sum;
}

/* More systems than there is room for, more hosts than there is room for, a baseline, a reset. */
static void
nothing_is_lost(void **state)
{
	struct ledger *l = set_up();
	struct tally all, before = { 0, 0 };

	(void)state;
	for (uint32_t round = 0; round < 2; round++) {
		for (uint32_t i = 0; i < 6 * PLACE_ROWS_MAX; i++) {
			send(l, 0x14000000 + i % 26 * 0x10000 + i, 0x0a000001 + i % 7, 60 + i % 9);
			if (i % 1000 == 0)
				ledger_tick(l, 2 * S + i);
		}
		ledger_flush(l);
		all = tally_minus(l->totals.all, &before);
		for (unsigned g = 0; g < PLACE_GROUPS; g++)
			assert_tally(
			    sum_of(l, (enum place_group)g), 2 * all.packets, 2 * all.bytes);
		assert_true(l->place_table.table.evicted > 0);
		assert_balance(l);
		ledger_set_baseline(l, true);
		before = l->totals.all;
	}
	ledger_reset(l);
	assert_int_equal(l->place_table.table.used, 0);
	send(l, 0x14010001, 0x0a000001, 100);
	ledger_flush(l);
	assert_tally(sum_of(l, PLACES_BY_AS), 2, 200);
	ledger_del(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hosts_are_grouped),
		cmocka_unit_test(nothing_is_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
