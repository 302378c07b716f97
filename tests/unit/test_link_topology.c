/* Stacked interfaces: which packets are counted at which one, so that each is counted once. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "feed/link_topology.h"

#ifdef __linux__
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#endif

#define N(a) (sizeof(a) / sizeof((a)[0]))

static struct link
made(unsigned index, const char *name, const char *kind, unsigned master, unsigned lower)
{
	struct link l = {
		.index = index, .master = master, .lower = lower, .lower_netns = LINKS_NO_NETNS
	};

	strlcpy(l.name, name, sizeof(l.name));
	strlcpy(l.kind, kind, sizeof(l.kind));
	return l;
}

static void
assert_roles(const struct link *links, unsigned n, const char *const *words)
{
	struct link_role role[16];

	topology_roles(role, links, n);
	for (unsigned i = 0; i < n; i++)
		if (strcmp(role[i].counted_text, words[i]) != 0)
			fail_msg("%s: \"%s\", not \"%s\"", links[i].name, role[i].counted_text,
			    words[i]);
}

static void
a_bridge_sends_and_its_ports_receive(void **state)
{
	const struct link links[] = { made(1, "lo", "", 0, 0), made(2, "eth0", "", 5, 0),
		made(3, "eth1", "", 0, 0), made(5, "br0", "bridge", 0, 0) };
	static const char *const words[] = { "all", "received", "all", "sent" };

	(void)state;
	assert_roles(links, N(links), words);
}

static void
a_bond_in_a_bridge_is_neither_end(void **state)
{
	const struct link links[] = { made(2, "eth0", "", 4, 0), made(3, "eth1", "", 4, 0),
		made(4, "bond0", "bond", 5, 0), made(5, "br0", "bridge", 0, 0) };
	static const char *const words[] = { "received", "received", "inside eth0", "sent" };

	(void)state;
	assert_roles(links, N(links), words);
}

static void
vlans_are_inside_what_carries_them(void **state)
{
	const struct link links[] = { made(2, "eth0", "", 0, 0), made(3, "eth0.10", "vlan", 0, 2),
		made(4, "mv0", "macvlan", 0, 2) };
	static const char *const words[] = { "all", "inside eth0", "inside eth0" };

	(void)state;
	assert_roles(links, N(links), words);
}

static void
of_a_pair_each_end_receives(void **state)
{
	const struct link links[] = { made(2, "a", "veth", 0, 3), made(3, "b", "veth", 0, 2) };
	static const char *const words[] = { "received", "received" };

	(void)state;
	assert_roles(links, N(links), words);
}

/* The other end has the index of an interface that exists here, too. */
static void
a_number_of_another_namespace_says_nothing(void **state)
{
	struct link links[] = { made(2, "eth0", "", 0, 0), made(3, "veth1", "veth", 0, 2),
		made(4, "mv0", "macvlan", 0, 2) };
	static const char *const words[] = { "all", "all", "all" };

	(void)state;
	links[1].lower_netns = 0;
	links[2].lower_netns = 0;
	assert_roles(links, N(links), words);
}

static void
a_vrf_is_inside_its_parts(void **state)
{
	const struct link links[] = { made(2, "eth0", "", 3, 0), made(3, "red", "vrf", 0, 0) };
	static const char *const words[] = { "all", "inside eth0" };

	(void)state;
	assert_roles(links, N(links), words);
}

static void
the_inner_port_of_a_switch_sends(void **state)
{
	const struct link links[] = { made(2, "ovs-system", "openvswitch", 0, 0),
		made(3, "br-int", "openvswitch", 2, 0), made(4, "eth0", "", 2, 0) };
	static const char *const words[] = { "sent", "sent", "received" };

	(void)state;
	assert_roles(links, N(links), words);
}

static void
tunnels_carry_packets_of_their_own(void **state)
{
	const struct link links[] = { made(2, "eth0", "", 0, 0), made(3, "vx0", "vxlan", 0, 2),
		made(4, "wg0", "wireguard", 0, 0), made(5, "self", "vlan", 0, 5) };
	static const char *const words[] = { "all", "all", "all", "all" };

	(void)state;
	assert_roles(links, N(links), words);
}

static void
damaged_answers_are_no_links(void **state)
{
#ifdef __linux__
	_Alignas(8) uint8_t b[64] = { 0 };
	struct nlmsghdr h = { .nlmsg_len = sizeof(b), .nlmsg_type = RTM_NEWLINK };
	struct ifinfomsg info = { .ifi_index = 7 };
	struct link l;

	(void)state;
	memcpy(b, &h, sizeof(h));
	memcpy(b + NLMSG_HDRLEN, &info, sizeof(info));
	for (size_t n = 0; n < sizeof(b); n++)
		assert_false(links_parse(&l, b, n));
	/* Attributes of no length, and one that claims to extend past the end. */
	assert_true(links_parse(&l, b, sizeof(b)));
	assert_int_equal(l.index, 7);
	memcpy(b + NLMSG_LENGTH(sizeof(info)), "\xff\xff\x03\x00", 4);
	assert_true(links_parse(&l, b, sizeof(b)));
	assert_string_equal(l.name, "");
	memcpy(b + NLMSG_LENGTH(sizeof(info)),
	    "\x08\x00\x03\x00"
	    "ab\033c",
	    8);
	assert_true(links_parse(&l, b, sizeof(b)));
	assert_null(strchr(l.name, '\033'));
	h.nlmsg_type = RTM_DELLINK;
	memcpy(b, &h, sizeof(h));
	assert_false(links_parse(&l, b, sizeof(b)));
#else
	(void)state;
	skip();
#endif
}

/* A VLAN on a bond or a bridge sees packets of their ports; those of a veth end in a bridge are
 * seen at the other end. */
static void
interfaces_may_overlap_at_a_distance(void **state)
{
	const struct link links[] = { made(2, "eth0", "", 7, 0), made(3, "eth1", "", 0, 0),
		made(4, "eth1.5", "vlan", 6, 3), made(5, "eth1.5.7", "vlan", 0, 4),
		made(6, "br0", "bridge", 0, 0), made(7, "bond0", "bond", 0, 0),
		made(8, "va", "veth", 0, 9), made(9, "vb", "veth", 6, 8),
		made(10, "bond0.5", "vlan", 0, 7), made(11, "bond0.6", "vlan", 0, 7),
		made(12, "va.3", "vlan", 0, 8) };
	static const struct {
		const char *a, *b;
		enum topology_overlap overlap;
	} rows[] = {
		{ "eth0", "bond0.5", OVERLAP_PART },
		{ "bond0.5", "eth0", OVERLAP_NONE },
		{ "bond0.5", "bond0", OVERLAP_WHOLE },
		{ "bond0.5", "bond0.6", OVERLAP_NONE },
		{ "eth1.5.7", "eth1", OVERLAP_WHOLE },
		{ "eth1", "eth1.5.7", OVERLAP_NONE },
		{ "eth1", "br0", OVERLAP_PART },
		{ "br0", "eth1", OVERLAP_NONE },
		{ "va", "br0", OVERLAP_PART },
		{ "va.3", "vb", OVERLAP_WHOLE },
		{ "va", "eth1", OVERLAP_NONE },
	};

	(void)state;
	for (size_t i = 0; i < N(rows); i++)
		if (topology_overlap(rows[i].a, rows[i].b, links, N(links)) != rows[i].overlap)
			fail_msg("%s and %s", rows[i].a, rows[i].b);
}

static void
explicit_interfaces_may_see_the_same(void **state)
{
	const struct link links[] = { made(1, "lo", "", 0, 0), made(2, "eth0", "", 6, 0),
		made(3, "eth1", "", 7, 0), made(4, "eth1.5", "vlan", 0, 3),
		made(5, "mac0", "macvlan", 0, 2), made(6, "br0", "bridge", 0, 0),
		made(7, "bond0", "bond", 0, 0), made(8, "va", "veth", 0, 9),
		made(9, "vb", "veth", 0, 8) };
	static const struct {
		const char *a, *b;
		enum topology_overlap overlap;
	} rows[] = {
		{ "eth0", "eth0", OVERLAP_WHOLE },
		{ "gone", "gone", OVERLAP_WHOLE },
		{ "eth0", "any", OVERLAP_WHOLE },
		{ "any", "any", OVERLAP_WHOLE },
		{ "any", "eth0", OVERLAP_NONE },
		{ "eth0", "gone", OVERLAP_NONE },
		{ "eth0", "eth1", OVERLAP_NONE },
		{ "eth1.5", "eth1", OVERLAP_WHOLE },
		{ "eth1", "eth1.5", OVERLAP_NONE },
		{ "mac0", "eth0", OVERLAP_WHOLE },
		{ "eth1", "bond0", OVERLAP_WHOLE },
		{ "bond0", "eth1", OVERLAP_NONE },
		{ "eth0", "br0", OVERLAP_PART },
		{ "va", "vb", OVERLAP_WHOLE },
		{ "vb", "va", OVERLAP_WHOLE },
	};

	(void)state;
	for (size_t i = 0; i < N(rows); i++)
		assert_int_equal(
		    topology_overlap(rows[i].a, rows[i].b, links, N(links)), rows[i].overlap);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(interfaces_may_overlap_at_a_distance),
		cmocka_unit_test(explicit_interfaces_may_see_the_same),
		cmocka_unit_test(a_bridge_sends_and_its_ports_receive),
		cmocka_unit_test(a_bond_in_a_bridge_is_neither_end),
		cmocka_unit_test(vlans_are_inside_what_carries_them),
		cmocka_unit_test(of_a_pair_each_end_receives),
		cmocka_unit_test(a_number_of_another_namespace_says_nothing),
		cmocka_unit_test(a_vrf_is_inside_its_parts),
		cmocka_unit_test(the_inner_port_of_a_switch_sends),
		cmocka_unit_test(tunnels_carry_packets_of_their_own),
		cmocka_unit_test(damaged_answers_are_no_links),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
