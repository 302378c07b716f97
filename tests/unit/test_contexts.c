/* Contexts: which packets between the same ends are one flow, and which addresses are one host. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ledger.h"
#include "util/buf.h"

#define A UINT32_C(0x0a000001)
#define B UINT32_C(0x0a000002)

static struct pkt
on_vlan(struct pkt p, uint16_t vlan)
{
	p.context.vlan[0] = vlan;
	return p;
}

static struct pkt
there(uint16_t vlan)
{
	return on_vlan(packet(17, A, 1000, B, 2000, 100, S), vlan);
}

static struct pkt
back(uint16_t vlan)
{
	return on_vlan(packet(17, B, 2000, A, 1000, 60, S), vlan);
}

/* One line per flow: its context, and packets in both directions. */
static void
assert_flows(struct ledger *l, const char *expected)
{
	char text[512];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	for (uint32_t i = 0; i < l->flows.table.used; i++) {
		const struct flow *f = &l->flows.row[i];

		flow_context_text(&b, l, f);
		buf_addf(&b, ": %u %u\n", (unsigned)flow_tally(f, 0).packets,
		    (unsigned)flow_tally(f, 1).packets);
	}
	assert_string_equal(text, expected);
	assert_balance(l);
}

static void
count_all(struct ledger *l, const struct pkt *p, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		count1(l, p[i]);
}

#define ASSERT_FLOWS(expected, ...)                                                                \
	do {                                                                                       \
		const struct pkt pkts_[] = { __VA_ARGS__ };                                        \
		struct ledger *l_ = ledger_small();                                                \
		count_all(l_, pkts_, sizeof(pkts_) / sizeof(pkts_[0]));                            \
		assert_flows(l_, expected);                                                        \
		ledger_del(l_);                                                                    \
	} while (0)

static void
networks_with_the_same_addresses_stay_apart(void **state)
{
	(void)state;
	ASSERT_FLOWS("vlan 10: 1 1\nvlan 20: 1 1\n", there(10), there(20), back(20), back(10));
	ASSERT_FLOWS(": 1 1\nvlan 20: 1 1\n", there(0), there(20), back(20), back(0));
}

static void
each_direction_may_have_its_own(void **state)
{
	(void)state;
	ASSERT_FLOWS("vlan 10 / -: 2 2\n", there(10), back(0), there(10), back(0));
	ASSERT_FLOWS("- / vlan 10: 2 2\n", there(0), back(10), there(0), back(10));
	ASSERT_FLOWS("vlan 10 / vlan 11: 2 2\nvlan 20 / vlan 21: 1 1\n", there(10), back(11),
	    there(20), back(21), there(10), back(11));
}

/* VLAN 20 is not the return path of VLAN 10: it has packets in both directions. */
static void
what_turns_out_to_be_two_goes_on_as_two(void **state)
{
	(void)state;
	ASSERT_FLOWS("vlan 10: 2 2\nvlan 20: 2 1\n", there(10), back(20), there(20), back(10),
	    back(20), there(10), there(20));
	ASSERT_FLOWS(": 1 1\nvlan 20: 1 1\n", there(0), back(20), there(20), back(20));
}

static struct pkt
syn(uint32_t from, uint16_t port, uint32_t to, uint16_t to_port, uint16_t vlan)
{
	return on_vlan(tcp(from, port, to, to_port, TCP_SYN, 1), vlan);
}

static struct pkt
echo(uint32_t from, uint32_t to, uint8_t type, uint16_t vlan)
{
	struct pkt p = on_vlan(packet(1, from, 0, to, 0, 98, S), vlan);

	p.icmp_type = type;
	return p;
}

static void
what_opens_is_no_answer(void **state)
{
	(void)state;
	ASSERT_FLOWS(
	    "vlan 10: 1 0\nvlan 20: 1 0\n", syn(A, 1000, B, 80, 10), syn(B, 80, A, 1000, 20));
	ASSERT_FLOWS("vlan 10: 1 1\nvlan 20: 1 1\n", echo(A, B, 8, 10), echo(B, A, 8, 20),
	    echo(B, A, 0, 10), echo(A, B, 0, 20));
}

/* The SYN is late: the ends are swapped, and each context stays with its end. */
static void
contexts_turn_with_their_ends(void **state)
{
	struct pkt answer = on_vlan(tcp(B, 80, A, 1000, TCP_ACK, 1), 11);

	(void)state;
	ASSERT_FLOWS("vlan 10 / vlan 11: 2 2\n", answer,
	    on_vlan(tcp(A, 1000, B, 80, TCP_ACK, 2), 10), syn(A, 1000, B, 80, 10), answer);
}

static void
fragments_are_of_their_network(void **state)
{
	struct pkt first = there(10), later = on_vlan(packet(17, A, 0, B, 0, 500, S), 10), other;

	(void)state;
	first.flags |= PKT_FRAGMENT;
	later.flags = PKT_FRAGMENT | PKT_LATER_FRAGMENT;
	first.frag_id = later.frag_id = 7;
	other = on_vlan(later, 20);
	ASSERT_FLOWS("vlan 10: 2 0\nvlan 20: 1 0\n", first, later, other);
}

/* The same identification 30 s later is another datagram, and also one 30 s before. */
static void
fragments_age(void **state)
{
	const uint64_t life = 30 * S;
	struct pkt first = there(10), later = on_vlan(packet(17, A, 0, B, 0, 500, S), 10);

	(void)state;
	first.ts = 100 * S;
	first.flags |= PKT_FRAGMENT;
	later.flags = PKT_FRAGMENT | PKT_LATER_FRAGMENT;
	first.frag_id = later.frag_id = 7;
	for (int back = 0; back < 2; back++) {
		later.ts = back ? first.ts - life : first.ts + life;
		ASSERT_FLOWS("vlan 10: 2 0\n", first, later);
		later.ts = back ? later.ts - 1 : later.ts + 1;
		ASSERT_FLOWS("vlan 10: 1 0\nvlan 10: 1 0\n", first, later);
	}
}

/* In IPv6 the next header may differ between fragments (RFC 8200, 4.5); in IPv4 it may not. */
static void
fragments_may_differ_in_what_is_next(void **state)
{
	struct pkt first = there(10), later = on_vlan(packet(6, A, 0, B, 0, 500, S), 10);

	(void)state;
	first.flags |= PKT_FRAGMENT;
	later.flags = PKT_FRAGMENT | PKT_LATER_FRAGMENT;
	first.frag_id = later.frag_id = 7;
	ASSERT_FLOWS("vlan 10: 1 0\nvlan 10: 1 0\n", first, later);
	first.kind = later.kind = ADDR_IP6;
	ASSERT_FLOWS("vlan 10: 2 0\n", first, later);
}

/* Flows that are found by two contexts are evicted completely. */
static void
a_flood_of_pairs_passes(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	for (uint32_t i = 0; i < 60000; i++) {
		uint16_t vlan = (uint16_t)(1 + i % 4000), port = (uint16_t)i;

		count1(l, on_vlan(packet(17, A + i % 7, port, B, 53, 60, S + i), vlan));
		count1(l, on_vlan(packet(17, B, 53, A + i % 7, port, 90, S + i), vlan + 1u));
		if (i % 5000 == 0)
			ledger_tick(l, S + i);
	}
	assert_true(l->flows.table.evicted > 40000);
	assert_balance(l);
	ledger_reset(l);
	assert_balance(l);
	ledger_del(l);
}

static unsigned
hosts_of(struct ledger *l, struct addr a)
{
	unsigned n = 0;

	ledger_flush(l);
	for (uint32_t i = 0; i < l->hosts.table.used; i++)
		n += addr_equal(&l->hosts.row[i].addr, &a);
	return n;
}

/* An address of a private network is a different host in each context, a global one is not. */
static void
hosts_are_of_their_network(void **state)
{
	const uint32_t world = 0x08080808;
	struct ledger *l = ledger_small();

	(void)state;
	for (uint16_t vlan = 10; vlan <= 30; vlan = (uint16_t)(vlan + 10))
		count1(l, on_vlan(packet(17, A, 1000, world, 53, 60, S), vlan));
	assert_int_equal(hosts_of(l, ip4(A)), 3);
	assert_int_equal(hosts_of(l, ip4(world)), 1);
	assert_balance(l);
	ledger_del(l);
}

/* A host has the context in which it sends, whichever end started: asymmetric tags make no
 * second row. */
static void
a_host_is_where_it_sends(void **state)
{
	struct ledger *l = ledger_small();
	const struct pkt pkts[] = { there(10), back(0), syn(B, 9, A, 80, 0),
		on_vlan(tcp(A, 80, B, 9, TCP_SYN | TCP_ACK, 1), 10) };

	(void)state;
	count_all(l, pkts, sizeof(pkts) / sizeof(pkts[0]));
	assert_int_equal(hosts_of(l, ip4(A)), 1);
	assert_int_equal(hosts_of(l, ip4(B)), 1);
	ledger_del(l);
}

static void
lines_into_a_network_make_no_hosts(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	for (uint32_t id = 1; id <= 3; id++) {
		struct pkt p = there(0);

		context_enter_tunnel(&p.context, TUNNEL_TEID, id);
		count1(l, p);
	}
	assert_int_equal(l->flows.table.used, 3);
	assert_int_equal(hosts_of(l, ip4(A)), 1);
	ledger_del(l);
}

static struct pkt
link_local(uint16_t source)
{
	struct pkt p = packet(17, 0, 1000, 0, 2000, 80, S);

	p.kind = ADDR_IP6;
	p.src = (struct addr){ .b = { 0xfe, 0x80, [15] = 1 } };
	p.dst = (struct addr){ .b = { 0xfe, 0x80, [15] = 2 } };
	p.source = source;
	return p;
}

static void
link_local_addresses_are_of_their_link(void **state)
{
	struct ledger *l = ledger_small();
	struct addr a = link_local(0).src;
	char text[64];
	struct buf b;

	(void)state;
	assert_int_equal(ledger_add_source(l, "eth1", 1, 1), 1);
	count1(l, link_local(0));
	count1(l, link_local(1));
	assert_int_equal(hosts_of(l, a), 2);
	for (uint32_t i = 0; i < l->hosts.table.used; i++) {
		buf_init(&b, text, sizeof(text));
		host_context_text(&b, l, &l->hosts.row[i]);
		assert_string_equal(text, i < 2 ? "zone test" : "zone eth1");
	}
	ledger_del(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(networks_with_the_same_addresses_stay_apart),
		cmocka_unit_test(each_direction_may_have_its_own),
		cmocka_unit_test(what_turns_out_to_be_two_goes_on_as_two),
		cmocka_unit_test(what_opens_is_no_answer),
		cmocka_unit_test(contexts_turn_with_their_ends),
		cmocka_unit_test(fragments_are_of_their_network),
		cmocka_unit_test(fragments_age),
		cmocka_unit_test(fragments_may_differ_in_what_is_next),
		cmocka_unit_test(a_flood_of_pairs_passes),
		cmocka_unit_test(hosts_are_of_their_network),
		cmocka_unit_test(a_host_is_where_it_sends),
		cmocka_unit_test(lines_into_a_network_make_no_hosts),
		cmocka_unit_test(link_local_addresses_are_of_their_link),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
