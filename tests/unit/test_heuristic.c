/*
 * The payload after a header that does not name it: addresses must not affect the decision.
 */
#include "config.h"

#include "dissected.h"

#include "util/attr.h"

#define GTP_PORT   2152
#define MPLS_TYPE  0x8847
#define BOTTOM     0x000011ff
#define INNER_DATA 12

/* Addresses that are an Ethernet type, or a length, as bytes 12 and 13 of a frame. */
static const char *const ip4[] = { "3.5.140.2", "1.1.1.1", "2.16.1.1", "8.0.69.1", "8.6.0.1",
	"129.0.1.2", "134.221.96.1", "136.71.1.1", "136.100.17.0", "136.204.2.7", "5.220.170.170" };
static const char *const ip6[] = { "2606:4700:10::6814:1", "2001:db8:8100:5::1",
	"2a00:1450:800:4500::1", "2001:db8:806:1::1", "fd00:0:8864:1100::2" };
/* MAC addresses that begin like a control word, an associated channel, IPv4, IPv6 and PPP. */
static const char *const mac[] = { "020000000002 020000000001", "000000000002 000000000800",
	"001122334455 00112233aabb", "100000000002 0a0000000001", "460000540002 110000000001",
	"600000000034 060000000001", "00000000ff03 fe0000000021", "6c0000000014 000000000001" };

/* Writes the headers of a tunnel with n bytes of content. */
static void
gtp(size_t n)
{
	packet_new(&k);
	packet_eth(&k, 0x0800);
	packet_ip4(&k, 17, C4, D4);
	packet_udp(&k, GTP_PORT, GTP_PORT);
	packet_be16(&k, 0x30ff);
	packet_be16(&k, (unsigned)n);
	packet_be32(&k, 7);
}

static void
run_inner(void)
{
	dissector_set_decap(d, true);
	run();
}

static void
test_gtp_of_ip4(void **state)
{
	(void)state;
	for (size_t i = 0; i < NITEMS(ip4); i++) {
		gtp(28 + INNER_DATA);
		packet_ip4(&k, 17, ip4[i], A4);
		packet_udp(&k, 1000, 2000);
		packet_zeros(&k, INNER_DATA);
		run_inner();
		ASSERT_STACK(PROTO_ETH, PROTO_IP, PROTO_UDP, PROTO_GTP, PROTO_IP, PROTO_UDP);
		assert_ends(ip4[i], A4);
		assert_false(p.flags & PKT_MALFORMED);
	}
}

static void
test_gtp_of_ip6(void **state)
{
	(void)state;
	for (size_t i = 0; i < NITEMS(ip6); i++) {
		gtp(48 + INNER_DATA);
		packet_ip6(&k, 17, ip6[i], A6);
		packet_udp(&k, 1000, 2000);
		packet_zeros(&k, INNER_DATA);
		run_inner();
		ASSERT_STACK(PROTO_ETH, PROTO_IP, PROTO_UDP, PROTO_GTP, PROTO_IPV6, PROTO_UDP);
		assert_ends(ip6[i], A6);
	}
}

/* The header of 20 bytes at `at` is followed by the rest. */
static void
put_checksum(size_t at)
{
	uint32_t sum = 0;

	for (size_t i = at; i < at + 20; i += 2)
		sum += be16(k.b + i);
	sum = UINT16_MAX - (sum % UINT16_MAX);
	k.b[at + 10] = (uint8_t)(sum >> 8);
	k.b[at + 11] = (uint8_t)sum;
}

/* An Ethernet frame with an acknowledgement of 40 bytes and `padding`. */
static void
frame_of_ack(const char *ends, size_t padding)
{
	size_t at;

	packet_hex(&k, ends);
	packet_be16(&k, 0x0800);
	at = k.n;
	packet_ip4(&k, 6, A4, B4);
	packet_tcp(&k, 1000, 2000, TCP_ACK, 1, 1);
	packet_close(&k);
	put_checksum(at);
	packet_zeros(&k, padding);
}

static void
test_gtp_of_ethernet(void **state)
{
	(void)state;
	for (size_t i = 0; i < NITEMS(mac); i++) {
		gtp(14 + 40);
		frame_of_ack(mac[i], 0);
		run_inner();
		ASSERT_STACK(
		    PROTO_ETH, PROTO_IP, PROTO_UDP, PROTO_GTP, PROTO_ETH, PROTO_IP, PROTO_TCP);
	}
}

/* With and without a control word, with and without padding. */
static void
test_pseudowire(void **state)
{
	(void)state;
	for (size_t i = 0; i < NITEMS(mac); i++) {
		for (size_t padding = 0; padding <= 6; padding += 2) {
			packet_new(&k);
			packet_eth(&k, MPLS_TYPE);
			packet_be32(&k, BOTTOM);
			frame_of_ack(mac[i], padding);
			run();
			ASSERT_STACK(PROTO_ETH, PROTO_MPLS, PROTO_ETH, PROTO_IP, PROTO_TCP);
			packet_new(&k);
			packet_eth(&k, MPLS_TYPE);
			packet_be32(&k, BOTTOM);
			packet_be32(&k, (uint32_t)i);
			frame_of_ack(mac[i], padding);
			run();
			ASSERT_STACK(
			    PROTO_ETH, PROTO_MPLS, PROTO_PWETHCW, PROTO_ETH, PROTO_IP, PROTO_TCP);
		}
	}
}

static void
test_pseudowire_of_arp(void **state)
{
	(void)state;
	for (size_t i = 0; i < NITEMS(mac); i++) {
		packet_new(&k);
		packet_eth(&k, MPLS_TYPE);
		packet_be32(&k, BOTTOM);
		packet_hex(&k, mac[i]);
		packet_hex(&k, "0806 0001 0800 06 04 0001");
		packet_zeros(&k, 20 + 18);
		run();
		ASSERT_STACK(PROTO_ETH, PROTO_MPLS, PROTO_ETH, PROTO_ARP);
	}
}

/* After labels that are not a pseudowire's, padded like an Ethernet frame. */
static void
test_padded_ack(void **state)
{
	(void)state;
	for (size_t i = 0; i < NITEMS(ip4); i++) {
		packet_new(&k);
		packet_eth(&k, MPLS_TYPE);
		packet_be32(&k, BOTTOM);
		packet_ip4(&k, 6, ip4[i], A4);
		packet_tcp(&k, 1000, 2000, TCP_ACK, 1, 1);
		packet_close(&k);
		packet_zeros(&k, 2);
		run();
		ASSERT_STACK(PROTO_ETH, PROTO_MPLS, PROTO_IP, PROTO_TCP);
		assert_ends(ip4[i], A4);
	}
}

/* The start of a fragmented packet is shorter than its length field. */
static void
test_fragment(void **state)
{
	(void)state;
	packet_new(&k);
	packet_eth(&k, 0x0800);
	packet_ip4_fragment(&k, 17, C4, D4, 1, 0, true);
	packet_hex(&k,
	    "0868 0868 0400 0000 30ff 03f0 00000007"
	    "4500 03f0 0001 0000 4011 0000 01010101 c0000201 03e8 07d0 03dc 0000");
	packet_zeros(&k, 40);
	run_inner();
	ASSERT_STACK(PROTO_ETH, PROTO_IP, PROTO_UDP, PROTO_GTP, PROTO_IP, PROTO_UDP);
	assert_ends("1.1.1.1", A4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(gtp_of_ip4),
		TEST(gtp_of_ip6),
		TEST(gtp_of_ethernet),
		TEST(pseudowire),
		TEST(pseudowire_of_arp),
		TEST(padded_ack),
		TEST(fragment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
