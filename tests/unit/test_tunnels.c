/*
 * Tunnels: the outer and inner ends of a packet.
 */
#include "config.h"

#include "dissected.h"

/* VXLAN around an Ethernet frame around TCP. */
static void
build_vxlan(void)
{
	packet_eth(&k, 0x0800);
	packet_ip4(&k, 17, A4, B4);
	packet_udp(&k, 50000, 4789);
	packet_hex(&k, "0800000000002a00");
	packet_eth(&k, 0x8100);
	packet_vlan(&k, 9, 0x0800);
	packet_ip4_fragment(&k, 6, C4, D4, 5, 0, true);
	packet_tcp(&k, 40000, 22, TCP_ACK, 7, 8);
	packet_zeros(&k, 16);
}

static void
test_tunnel_from_outside(void **state)
{
	(void)state;
	build_vxlan();
	run();
	ASSERT_STACK(PROTO_ETH, PROTO_IP, PROTO_UDP, PROTO_VXLAN, PROTO_ETH, PROTO_VLAN, PROTO_IP,
	    PROTO_TCP, PROTO_SSH);
	assert_ends(A4, B4);
	assert_int_equal(17, p.proto);
	assert_int_equal(4789, p.dport);
	assert_int_equal(PROTO_VXLAN, p.app);
	assert_int_equal(0, p.context.vlan[0]);
	assert_int_equal(0, p.tcp_flags);
	assert_int_equal(8 + 18 + 20 + 20 + 16, p.payload);
	assert_int_equal(PKT_PORTS | PKT_TUNNEL, p.flags);
}

static void
test_tunnel_from_inside(void **state)
{
	(void)state;
	dissector_set_decap(d, true);
	build_vxlan();
	run();
	assert_int_equal(9, p.depth);
	assert_ends(C4, D4);
	assert_int_equal(6, p.proto);
	assert_int_equal(22, p.dport);
	assert_int_equal(PROTO_SSH, p.app);
	assert_int_equal(7, p.seq);
	assert_int_equal(16, p.payload);
	assert_int_equal(5, p.frag_id);
	assert_int_equal(56, p.net_len);
	assert_int_equal(PKT_PORTS | PKT_TUNNEL | PKT_FRAGMENT, p.flags);
}

/* Data of the outer transport must not stay with the inner ends. */
static void
test_inner_forgets_outer(void **state)
{
	(void)state;
	dissector_set_decap(d, true);
	packet_eth(&k, 0x0800);
	packet_ip4_fragment(&k, 17, A4, B4, 3, 0, true);
	packet_udp(&k, 50000, 6635);
	packet_hex(&k, "00001140");
	packet_ip6(&k, 1, A6, B6);
	run();
	assert_ends(A6, B6);
	assert_int_equal(PKT_TUNNEL, p.flags & ~PKT_MALFORMED);
	assert_int_equal(0, p.sport);
	assert_int_equal(0, p.payload);
	assert_int_equal(0, p.frag_id);
	assert_int_equal(PROTO_NONE, p.app);
}

/* An invalid IP header keeps the outer ends. */
static void
test_bad_inner_header(void **state)
{
	(void)state;
	dissector_set_decap(d, true);
	packet_eth(&k, 0x0800);
	packet_ip4(&k, 4, A4, B4);
	packet_hex(&k, "41");
	packet_zeros(&k, 30);
	run();
	ASSERT_STACK(PROTO_ETH, PROTO_IP, PROTO_IP);
	assert_ends(A4, B4);
	assert_int_equal(4, p.proto);
	assert_int_equal(PKT_MALFORMED, p.flags);
}

/* The MAC address in front of a tunnel is not that of a sender inside it. */
static void
test_unspecified_source(void **state)
{
	(void)state;
	dissector_set_decap(d, true);
	packet_eth(&k, 0x0800);
	packet_ip4(&k, 17, A4, B4);
	packet_udp(&k, 2152, 2152);
	packet_hex(&k, "30ff 0024 00000001");
	packet_ip4(&k, 17, "0.0.0.0", D4);
	packet_udp(&k, 68, 67);
	run();
	assert_ends("0.0.0.0", D4);
	assert_int_equal(PKT_PORTS | PKT_TUNNEL, p.flags);
	dissector_set_decap(d, false);
	packet_new(&k);
	packet_eth(&k, 0x0800);
	packet_ip4(&k, 17, "0.0.0.0", B4);
	packet_udp(&k, 68, 67);
	run();
	assert_int_equal(PKT_PORTS | PKT_UNSPECIFIED_SRC, p.flags);
}

/* AH is the protocol of its packets, with the ports behind it; of TCP nothing else is noted. */
static void
test_ah(void **state)
{
	(void)state;
	packet_eth(&k, 0x0800);
	packet_ip4(&k, 51, A4, B4);
	packet_hex(&k, "0604 0000 00000001 00000001 000000000000000000000000");
	packet_tcp(&k, 1, 22, TCP_SYN, 9, 0);
	run();
	ASSERT_STACK(PROTO_ETH, PROTO_IP, PROTO_AH, PROTO_TCP);
	assert_int_equal(51, p.proto);
	assert_int_equal(22, p.dport);
	assert_int_equal(0, p.tcp_flags);
	assert_int_equal(PKT_PORTS, p.flags);
}

/* More layers than the stack has room for are all read, to the innermost ends. */
static void
test_deep(void **state)
{
	(void)state;
	dissector_set_decap(d, true);
	packet_eth(&k, 0x8100);
	for (int i = 0; i < PKT_DEPTH; i++)
		packet_vlan(&k, 1, 0x8100);
	packet_vlan(&k, 1, 0x0800);
	packet_ip4(&k, 4, A4, B4);
	packet_ip4(&k, 17, C4, D4);
	packet_udp(&k, 1000, 2000);
	run();
	assert_int_equal(PKT_DEPTH, p.depth);
	assert_ends(C4, D4);
	assert_int_equal(2000, p.dport);
	assert_int_equal(PKT_PORTS | PKT_TUNNEL, p.flags);
}

/* A packet with too many layers is read up to the limit, and marked. */
static void
test_too_deep(void **state)
{
	(void)state;
	packet_eth(&k, 0x8100);
	for (int i = 0; i < 200; i++)
		packet_vlan(&k, 1, 0x8100);
	run();
	assert_int_equal(PKT_MALFORMED, p.flags);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(tunnel_from_outside),
		TEST(tunnel_from_inside),
		TEST(inner_forgets_outer),
		TEST(bad_inner_header),
		TEST(unspecified_source),
		TEST(ah),
		TEST(deep),
		TEST(too_deep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
