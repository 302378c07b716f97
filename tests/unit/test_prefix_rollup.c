/* Networks that are as small as possible with enough traffic in each. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ledger.h"
#include "util/buf.h"
#include "view/view.h"

/* The host sends so many bytes to 192.0.2.1 on a link of its own, without IP. */
static void
sends(struct ledger *l, uint32_t from, uint32_t bytes)
{
	count1(l, packet(17, from, 1000, 0xc0000201, 53, bytes, S));
}

static void
settle(struct ledger *l, uint64_t s)
{
	ledger_tick(l, s * S);
	ledger_flush(l);
	while (ledger_enable(l, LEDGER_NETWORKS, NETWORKS_AUTO, NETWORKS_AUTO))
		while (ledger_fold(l, 7))
			;
}

/* "10.1.2.3/32 10.1.0.0/16": all except the receiver's, ordered by address. */
static const char *
networks(const struct ledger *l)
{
	static char text[512];
	struct buf b;
	bool done[64] = { false };

	buf_init(&b, text, sizeof(text));
	for (;;) {
		const struct network *first = NULL;

		for (uint32_t i = 0; i < l->networks.table.used; i++) {
			const struct network *n = &l->networks.row[i];

			if (!done[i] && (first == NULL || addr_compare(&n->addr, &first->addr) < 0))
				first = n;
		}
		if (first == NULL)
			return text;
		done[first - l->networks.row] = true;
		if (first->addr.b[0] == 192)
			continue;
		buf_adds(&b, b.len > 0 ? " " : "");
		addr_text(&b, first->kind, &first->addr);
		buf_addf(&b, "/%u:%u", first->bits, (unsigned)first->hosts);
	}
}

static void
assert_networks_balance(const struct ledger *l)
{
	struct tally out = { 0, 0 }, t;

	for (uint32_t i = 0; i < l->networks.table.used; i++)
		for (int c = 0; c < CLASSES; c++) {
			t = l->networks.row[i].meter[c].t[0];
			tally_add(&out, t.packets, t.bytes);
		}
	assert_tally(out, l->totals.all.packets, l->totals.all.bytes);
}

static void
the_right_level_is_found(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	/* One heavy host, and small neighbours that are heavy together. */
	sends(l, 0x0a010203, 10000);
	for (uint32_t i = 10; i < 30; i++)
		sends(l, 0x0a010200 + i, 200);
	/* The same total, but in several networks of one site. */
	for (uint32_t i = 0; i < 20; i++)
		sends(l, 0x0a020001 + (i << 8), 200);
	/* And two that are small together. */
	sends(l, 0x0a030101, 60);
	sends(l, 0x0b030101, 60);
	settle(l, 2);
	assert_string_equal(networks(l), "0.0.0.0/0:2 10.1.2.0/24:20 10.1.2.3/32:1 10.2.0.0/16:20");
	assert_networks_balance(l);
	ledger_del(l);
}

static void
levels_follow_traffic_but_not_at_once(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	sends(l, 0x0a010203, 1000);
	sends(l, 0x0a020203, 1000);
	settle(l, 2);
	assert_string_equal(networks(l), "10.1.2.3/32:1 10.2.2.3/32:1");
	for (int i = 0; i < 30; i++)
		sends(l, 0x0a020203, 1000);
	/* Its share is less than a fortieth, but more than half of that. */
	settle(l, 8);
	assert_string_equal(networks(l), "10.1.2.3/32:1 10.2.2.3/32:1");
	for (int i = 0; i < 70; i++)
		sends(l, 0x0a020203, 1000);
	settle(l, 9);
	assert_string_equal(networks(l), "10.1.2.3/32:1 10.2.2.3/32:1");
	settle(l, 20);
	assert_string_equal(networks(l), "0.0.0.0/0:1 10.2.2.3/32:1");
	assert_networks_balance(l);
	ledger_del(l);
}

static void
new_hosts_are_with_the_rest_at_first(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	sends(l, 0x0a010203, 1000);
	settle(l, 2);
	sends(l, 0x0a040404, 5000);
	settle(l, 3);
	assert_string_equal(networks(l), "0.0.0.0/0:1 10.1.2.3/32:1");
	assert_networks_balance(l);
	settle(l, 9);
	assert_string_equal(networks(l), "10.1.2.3/32:1 10.4.4.4/32:1");
	assert_networks_balance(l);
	ledger_del(l);
}

static void
chosen_lengths_come_back(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	sends(l, 0x0a010203, 1000);
	sends(l, 0x0a010204, 1000);
	settle(l, 2);
	assert_string_equal(networks(l), "10.1.2.3/32:1 10.1.2.4/32:1");
	while (ledger_enable(l, LEDGER_NETWORKS, 24, 64))
		ledger_fold(l, 100);
	assert_string_equal(networks(l), "10.1.2.0/24:2");
	ledger_reset(l);
	settle(l, 30);
	assert_string_equal(networks(l), "");
	ledger_del(l);
}

static void
nothing_at_all_ends(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	while (ledger_enable(l, LEDGER_NETWORKS, NETWORKS_AUTO, NETWORKS_AUTO))
		ledger_fold(l, 1);
	assert_string_equal(networks(l), "");
	ledger_del(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_right_level_is_found),
		cmocka_unit_test(levels_follow_traffic_but_not_at_once),
		cmocka_unit_test(new_hosts_are_with_the_rest_at_first),
		cmocka_unit_test(chosen_lengths_come_back),
		cmocka_unit_test(nothing_at_all_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
