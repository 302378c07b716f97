#include "config.h"

#include <stdlib.h>

#include "dissected.h"
#include "util/attr.h"

/* The same with only the first caplen bytes captured, in memory of exactly that size. */
static void
run_cut(size_t caplen)
{
	struct frame f = packet_frame(&k, LINK_ETHER);
	uint8_t *copy = malloc(caplen > 0 ? caplen : 1);

	assert_non_null(copy);
	memcpy(copy, f.data, caplen);
	f.data = copy;
	f.caplen = (uint32_t)caplen;
	dissect(d, &f, &p);
	free(copy);
}

static void
test_tcp(void **state)
{
	(void)state;
	packet_eth(&k, 0x0800);
	packet_ip4(&k, 6, A4, B4);
	packet_tcp(&k, 50000, 443, TCP_PSH | TCP_ACK, 0x01020304, 0xa0b0c0d0);
	packet_zeros(&k, 100);
	run();
	ASSERT_STACK(PROTO_ETH, PROTO_IP, PROTO_TCP, PROTO_TLS);
	assert_ends(A4, B4);
	assert_int_equal(6, p.proto);
	assert_int_equal(50000, p.sport);
	assert_int_equal(443, p.dport);
	assert_int_equal(TCP_PSH | TCP_ACK, p.tcp_flags);
	assert_int_equal(0x01020304, p.seq);
	assert_int_equal(0xa0b0c0d0, p.ack);
	assert_int_equal(1000, p.window);
	assert_int_equal(100, p.payload);
	assert_int_equal(140, p.net_len);
	assert_int_equal(154, p.len);
	assert_int_equal(64, p.ttl);
	assert_int_equal(PROTO_TLS, p.app);
	assert_int_equal(PKT_PORTS, p.flags);
	assert_int_equal(DIR_UNKNOWN, p.dir);
}

/* The padding of a short frame is not payload; without payload there is no application. */
static void
test_bare_ack_is_padded(void **state)
{
	(void)state;
	packet_eth(&k, 0x0800);
	packet_ip4(&k, 6, A4, B4);
	packet_tcp(&k, 443, 50000, TCP_ACK, 1, 1);
	packet_close(&k);
	packet_zeros(&k, 6);
	run();
	ASSERT_STACK(PROTO_ETH, PROTO_IP, PROTO_TCP);
	assert_int_equal(0, p.payload);
	assert_int_equal(PROTO_NONE, p.app);
	assert_int_equal(PKT_PORTS, p.flags);
}

static void
test_udp_over_ip6(void **state)
{
	(void)state;
	packet_eth(&k, 0x86dd);
	packet_ip6(&k, 17, A6, B6);
	packet_udp(&k, 53, 40000);
	packet_zeros(&k, 30);
	run();
	ASSERT_STACK(PROTO_ETH, PROTO_IPV6, PROTO_UDP, PROTO_DNS);
	assert_ends(A6, B6);
	assert_int_equal(17, p.proto);
	assert_int_equal(53, p.sport);
	assert_int_equal(30, p.payload);
	assert_int_equal(78, p.net_len);
}

/* The lower port is tested first, then the other. */
static void
test_service_port(void **state)
{
	static const struct {
		unsigned sport, dport;
		uint8_t app;
	} table[] = {
		{ 80, 443, PROTO_HTTP },
		{ 443, 80, PROTO_HTTP },
		{ 30, 443, PROTO_TLS },
		{ 30, 31, PROTO_NONE },
	};

	(void)state;
	for (size_t i = 0; i < NITEMS(table); i++) {
		packet_new(&k);
		packet_eth(&k, 0x0800);
		packet_ip4(&k, 6, A4, B4);
		packet_tcp(&k, table[i].sport, table[i].dport, TCP_ACK, 0, 0);
		packet_zeros(&k, 1);
		run();
		assert_int_equal(table[i].app, p.app);
		assert_int_equal(table[i].app == PROTO_NONE ? 3 : 4, p.depth);
	}
}

static void
test_icmp_error_is_not_followed(void **state)
{
	(void)state;
	packet_eth(&k, 0x0800);
	packet_ip4(&k, 1, A4, B4);
	packet_icmp(&k, 3, 1);
	packet_ip4(&k, 17, B4, C4);
	packet_udp(&k, 1, 53);
	packet_zeros(&k, 4);
	run();
	ASSERT_STACK(PROTO_ETH, PROTO_IP, PROTO_ICMP);
	assert_int_equal(3, p.icmp_type);
	assert_int_equal(1, p.icmp_code);
	assert_int_equal(0, p.flags);
	assert_ends(A4, B4);
}

static void
test_fragments(void **state)
{
	(void)state;
	packet_eth(&k, 0x0800);
	packet_ip4_fragment(&k, 17, A4, B4, 77, 0, true);
	packet_udp(&k, 40000, 53);
	packet_zeros(&k, 100);
	packet_close(&k);
	k.b[14 + 20 + 4] = 0x10; /* the datagram is longer than its first fragment */
	run();
	ASSERT_STACK(PROTO_ETH, PROTO_IP, PROTO_UDP, PROTO_DNS);
	assert_int_equal(PKT_FRAGMENT | PKT_PORTS, p.flags);
	assert_int_equal(77, p.frag_id);
	assert_int_equal(100, p.payload);

	packet_new(&k);
	packet_eth(&k, 0x0800);
	packet_ip4_fragment(&k, 17, A4, B4, 77, 13, false);
	packet_hex(&k, "00350035");
	run();
	ASSERT_STACK(PROTO_ETH, PROTO_IP);
	assert_int_equal(PKT_FRAGMENT | PKT_LATER_FRAGMENT, p.flags);
	assert_int_equal(17, p.proto);
	assert_int_equal(0, p.sport);
	assert_int_equal(77, p.frag_id);
}

static void
test_ip6_extensions(void **state)
{
	(void)state;
	packet_eth(&k, 0x86dd);
	packet_ip6(&k, 0, A6, B6);
	packet_hex(&k, "2b00 000000000000 3c01 0000000000000000000000000000 2c00 000000000000");
	packet_hex(&k, "0600 0001 12345678"); /* first fragment */
	packet_tcp(&k, 1, 22, TCP_SYN, 9, 0);
	run();
	ASSERT_STACK(PROTO_ETH, PROTO_IPV6, PROTO_TCP);
	assert_int_equal(6, p.proto);
	assert_int_equal(22, p.dport);
	assert_int_equal(PKT_FRAGMENT | PKT_PORTS, p.flags);
	assert_int_equal(0x12345678, p.frag_id);

	packet_new(&k);
	packet_eth(&k, 0x86dd);
	packet_ip6(&k, 44, A6, B6);
	packet_hex(&k, "1100 0100 12345678 0035 0035");
	run();
	ASSERT_STACK(PROTO_ETH, PROTO_IPV6);
	assert_int_equal(17, p.proto);
	assert_int_equal(PKT_FRAGMENT | PKT_LATER_FRAGMENT, p.flags);
}

/* 128 extension headers are read, and no more. */
static void
test_ip6_extension_limit(void **state)
{
	(void)state;
	for (unsigned n = 128; n <= 129; n++) {
		packet_new(&k);
		packet_eth(&k, 0x86dd);
		packet_ip6(&k, 60, A6, B6);
		for (unsigned i = 1; i < n; i++)
			packet_hex(&k, "3c00 010400000000");
		packet_hex(&k, "1100 010400000000");
		packet_udp(&k, 1, 2);
		run();
		assert_int_equal(n == 128 ? 17 : 60, p.proto);
		assert_int_equal(n == 128 ? PKT_PORTS : PKT_MALFORMED, p.flags);
		assert_ends(A6, B6);
	}
}

/* Mobility and similar headers are protocols if nothing follows; else they are skipped. */
static void
test_ip6_signalling(void **state)
{
	(void)state;
	packet_eth(&k, 0x86dd);
	packet_ip6(&k, 135, A6, B6);
	packet_hex(&k, "3b00 000000000000");
	run();
	ASSERT_STACK(PROTO_ETH, PROTO_IPV6, PROTO_MIPV6);
	assert_int_equal(135, p.proto);

	packet_new(&k);
	packet_eth(&k, 0x86dd);
	packet_ip6(&k, 140, A6, B6);
	packet_hex(&k, "1100 800000000000");
	packet_udp(&k, 1, 2);
	run();
	ASSERT_STACK(PROTO_ETH, PROTO_IPV6, PROTO_UDP);
}

static void
test_ip4_lengths(void **state)
{
	(void)state;
	packet_eth(&k, 0x0800);
	packet_ip4(&k, 6, A4, B4);
	packet_tcp(&k, 1, 80, TCP_ACK, 0, 0);
	packet_zeros(&k, 50);
	packet_close(&k);

	k.b[17] = 0; /* total length 0: merged by the network card */
	run();
	assert_int_equal(PKT_PORTS, p.flags);
	assert_int_equal(50, p.payload);
	assert_int_equal(90, p.net_len);

	k.b[17] = 91; /* one more than in the frame */
	run();
	assert_int_equal(PKT_PORTS | PKT_MALFORMED, p.flags);
	assert_int_equal(6, p.proto);

	k.b[17] = 90; /* valid, though not completely captured */
	run_cut(14 + 40);
	assert_int_equal(PKT_PORTS, p.flags);
	assert_int_equal(50, p.payload);
	assert_int_equal(PROTO_HTTP, p.app);

	k.b[17] = 19; /* less than its own header */
	run();
	assert_int_equal(PKT_MALFORMED, p.flags);
	assert_int_equal(ADDR_MAC, p.kind);
	assert_int_equal(0x0800, p.proto);
}

/* A source-routed packet is addressed to the last hop, and marked until it arrives there. */
static void
test_ip4_route(void **state)
{
#define ROUTED(options) "4800 0020 0000 0000 4002 0000 c0000201 c0000202" options
	static const struct {
		const char *hex;
		uint8_t last;
	} table[] = {
		{ ROUTED("01 83 0b 04 c0000203 c0000204"), 4 },
		{ ROUTED("01 89 0b 08 c0000203 c0000204"), 4 },
		{ ROUTED("01 83 0b 0b c0000203 c0000204"), 4 },
		{ ROUTED("01 83 0b 0c c0000203 c0000204"), 2 },
		{ ROUTED("01 07 0b 04 c0000203 c0000204"), 2 },
		{ ROUTED("01 83 0c 04 c0000203 c0000204"), 2 },
		{ ROUTED("00 83 0b 04 c0000203 c0000204"), 2 },
		{ ROUTED("94 04 0000 83 07 04 c0000205 00"), 5 },
		{ ROUTED("94 04 0000 83 09 04 c0000205 00"), 2 },
		{ ROUTED("44 00 0000 83 07 04 c0000205 00"), 2 },
	};

	(void)state;
	for (size_t i = 0; i < NITEMS(table); i++) {
		packet_new(&k);
		packet_eth(&k, 0x0800);
		packet_hex(&k, table[i].hex);
		run();
		assert_int_equal(table[i].last, p.dst.b[3]);
	}
}

static void
test_impossible_headers(void **state)
{
	static const struct {
		unsigned at, value; /* a byte of the frame below, set to this value */
		unsigned depth;
	} table[] = {
		{ 14, 0x55, 2 },      /* version 5 */
		{ 14, 0x44, 2 },      /* header of 16 bytes */
		{ 17, 39, 3 },        /* room for the TCP header is missing */
		{ 34 + 12, 0x40, 3 }, /* TCP header of 16 bytes */
		{ 34 + 12, 0x80, 3 }, /* of 32, of which 24 exist */
	};

	(void)state;
	for (size_t i = 0; i < NITEMS(table); i++) {
		packet_new(&k);
		packet_eth(&k, 0x0800);
		packet_ip4(&k, 6, A4, B4);
		packet_tcp(&k, 1, 2, TCP_ACK, 0, 0);
		packet_zeros(&k, 4);
		packet_close(&k);
		k.b[table[i].at] = (uint8_t)table[i].value;
		run();
		assert_int_equal(table[i].depth, p.depth);
		assert_int_equal(PKT_MALFORMED, p.flags & (PKT_MALFORMED | PKT_TRUNCATED));
		assert_int_equal(0, p.payload);
	}
}

static void
test_udp_lengths(void **state)
{
	(void)state;
	packet_eth(&k, 0x0800);
	packet_ip4(&k, 17, A4, B4);
	packet_udp(&k, 1, 53);
	packet_zeros(&k, 10);
	packet_close(&k);
	k.b[39] = 7;
	run();
	assert_int_equal(PKT_PORTS | PKT_MALFORMED, p.flags);
	k.b[39] = 19;
	run();
	assert_int_equal(PKT_PORTS | PKT_MALFORMED, p.flags);
	k.b[39] = 12;
	run();
	assert_int_equal(PKT_PORTS, p.flags);
	assert_int_equal(4, p.payload);
	k.b[39] = 0;
	run();
	assert_int_equal(PKT_PORTS, p.flags);
	assert_int_equal(10, p.payload);
}

/* A header cut by the snap length is truncated; the same bytes as a whole frame are malformed. */
static void
test_cut_everywhere(void **state)
{
	struct frame f;

	(void)state;
	packet_eth(&k, 0x8100);
	packet_vlan(&k, 5, 0x0800);
	packet_ip4(&k, 6, A4, B4);
	packet_tcp(&k, 9, 80, TCP_ACK, 0, 0);
	packet_zeros(&k, 5);
	for (size_t n = 0; n <= k.n; n++) {
		run_cut(n);
		assert_int_equal(n < 58 ? PKT_TRUNCATED : 0, p.flags & ~PKT_PORTS);
		assert_int_equal(n < 42 ? 0 : PKT_PORTS, p.flags & PKT_PORTS);
		assert_int_equal(n < 14 ? ADDR_NONE : n < 38 ? ADDR_MAC : ADDR_IP4, p.kind);
		assert_int_equal(n < 58 ? 0 : 5, p.payload);
		f = packet_frame(&k, LINK_ETHER);
		f.caplen = f.len = (uint32_t)n;
		dissect(d, &f, &p);
		assert_int_equal(n < k.n ? PKT_MALFORMED : 0, p.flags & ~PKT_PORTS);
		assert_int_equal(n, p.len);
	}
}

static void
test_link_ends(void **state)
{
	(void)state;
	packet_eth(&k, 0x88a8);
	packet_vlan(&k, 0x3000 | 12, 0x8100);
	packet_vlan(&k, 34, 0x0806);
	packet_zeros(&k, 28);
	run();
	ASSERT_STACK(PROTO_ETH, PROTO_VLAN, PROTO_VLAN, PROTO_ARP);
	assert_int_equal(ADDR_MAC, p.kind);
	assert_int_equal(1, p.src.b[5]);
	assert_int_equal(2, p.dst.b[5]);
	assert_int_equal(0x0806, p.proto);
	assert_int_equal(12, p.context.vlan[0]);
	assert_int_equal(34, p.context.vlan[1]);
	assert_int_equal(0, p.net_len);
}

/* The stack has the outermost layers. */
static void
test_depth(void **state)
{
	(void)state;
	packet_eth(&k, 0x8100);
	for (int i = 0; i < 20; i++)
		packet_vlan(&k, 1, 0x8100);
	run();
	assert_int_equal(PKT_DEPTH, p.depth);
	assert_int_equal(PROTO_VLAN, p.stack[PKT_DEPTH - 1]);
}

static void
test_unknown_link(void **state)
{
	struct frame f;

	(void)state;
	packet_zeros(&k, 60);
	f = packet_frame(&k, 147);
	dissect(d, &f, &p);
	ASSERT_STACK(PROTO_UNKNOWN);
	assert_int_equal(ADDR_NONE, p.kind);
	assert_int_equal(0, p.flags);
	assert_int_equal(60, p.len);
	assert_false(dissector_knows_link(d, 147));
	assert_true(dissector_knows_link(d, 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(tcp),
		TEST(bare_ack_is_padded),
		TEST(udp_over_ip6),
		TEST(service_port),
		TEST(icmp_error_is_not_followed),
		TEST(fragments),
		TEST(ip6_extensions),
		TEST(ip6_extension_limit),
		TEST(ip6_signalling),
		TEST(ip4_lengths),
		TEST(ip4_route),
		TEST(impossible_headers),
		TEST(udp_lengths),
		TEST(cut_everywhere),
		TEST(link_ends),
		TEST(depth),
		TEST(unknown_link),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
