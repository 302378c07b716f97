#include "config.h"

#include "dissect/bpf_gaps.h"

#include "dissected.h"
#include "util/attr.h"

#define ALL (BPF_GAP_ALL | BPF_GAP_ADDRS | BPF_GAP_TAGS | BPF_GAP_PROTO | BPF_GAP_PORTS)

#define IP4_UDP "4500001c0000000040110000c0000201c0000202"
#define IP6     "6000000000083aff20010db800000000000000000000000120010db8000000000000000000000002"
#define UDP     "0457 08ae 0008 0000"

/* The bytes after the Ethernet addresses. */
static void
test_frames_are_seen(void **state)
{
	static const struct {
		const char *bytes;
		uint8_t sight;
	} cases[] = {
		{ "0800" IP4_UDP UDP, 0 },
		{ "8100 000a 0800" IP4_UDP UDP, 0 },
		{ "88a8 000a 8100 000b 0800" IP4_UDP UDP, 0 },
		{ "8847 00010140" IP4_UDP UDP, 0 },
		{ "8847 00010040 00011140" IP4_UDP UDP, 0 },
		{ "8864 1100 0003 001e 0021" IP4_UDP UDP, 0 },
		/* a priority tag without a VLAN is a tag, but not a context */
		{ "8100 6000 0800" IP4_UDP UDP, BPF_GAP_TAGS },
		/* four tags, VN-Tag */
		{ "8100 0001 8100 0002 8100 0003 8100 0004 0800" IP4_UDP UDP,
		    BPF_GAP_ADDRS | BPF_GAP_TAGS | BPF_WRONG_PROTO },
		{ "8926 0000 0000 0800" IP4_UDP UDP, BPF_GAP_ADDRS | BPF_WRONG_PROTO },
		/* a later fragment */
		{ "0800 4500001c0000000540110000c0000201c0000202" UDP, BPF_GAP_PORTS },
		/* UDP after destination options; ICMPv6 after hop-by-hop options */
		{ "86dd 6000000000103cff20010db800000000000000000000000120010db80000000000000000000"
		  "00002 1100010400000000" UDP,
		    BPF_GAP_PROTO | BPF_GAP_PORTS },
		{ "86dd 60000000001000ff20010db800000000000000000000000120010db80000000000000000000"
		  "00002 3a00010400000000 8000000000000000",
		    0 },
		/* ARP; CDP in SNAP; STP; STP after a tag */
		{ "0806 0001080006040001", 0 },
		{ "0026 aaaa03 00000c 2000", 0 },
		{ "0026 424203 0000000000", 0 },
		{ "8100 000a 0026 424203 0000000000", BPF_GAP_PROTO },
		/* a filter treats an invalid header as IP */
		{ "0800 4200001c0000000040110000c0000201c0000202" UDP,
		    BPF_GAP_ADDRS | BPF_WRONG_ADDRS },
	};

	(void)state;
	for (size_t i = 0; i < NITEMS(cases); i++) {
		packet_new(&k);
		packet_hex(&k, "020000000002 020000000001");
		packet_hex(&k, cases[i].bytes);
		packet_zeros(&k, 40);
		run();
		if (p.bpf_gaps != cases[i].sight)
			fail_msg("%s: %#x", cases[i].bytes, p.bpf_gaps);
	}
}

static void
test_links_are_seen(void **state)
{
	static const struct {
		uint16_t linktype;
		const char *bytes;
		uint8_t sight;
	} cases[] = {
		{ 12, IP4_UDP UDP, 0 }, { 9, "ff03 0021" IP4_UDP UDP, 0 },
		{ 9, "0021" IP4_UDP UDP, ALL }, /* without its address field */
		{ 113, "0000 0001 0006 020000000001 0000 0800" IP4_UDP UDP, 0 },
		{ 113, "0000 0001 0006 020000000001 0000 8100 000a 0800" IP4_UDP UDP,
		    BPF_GAP_ADDRS | BPF_GAP_TAGS | BPF_WRONG_PROTO },
		{ 104, "0f00 0800" IP4_UDP UDP, ALL }, /* Cisco HDLC */
	};

	(void)state;
	for (size_t i = 0; i < NITEMS(cases); i++) {
		struct frame f;

		packet_new(&k);
		packet_hex(&k, cases[i].bytes);
		f = packet_frame(&k, cases[i].linktype);
		dissect(d, &f, &p);
		if (p.bpf_gaps != cases[i].sight)
			fail_msg("%s: %#x", cases[i].bytes, p.bpf_gaps);
	}
}

/* If a tunnel's inner ends are counted, a filter sees the outer ones. */
static void
test_inner_ends_are_not_seen(void **state)
{
	(void)state;
	packet_eth(&k, 0x0800);
	packet_ip4(&k, 4, C4, D4);
	packet_ip4(&k, 17, A4, B4);
	packet_udp(&k, 1, 2);
	run();
	assert_int_equal(p.bpf_gaps, 0);
	dissector_set_decap(d, true);
	run();
	assert_int_equal(p.bpf_gaps, BPF_GAP_ADDRS | BPF_WRONG_ADDRS);
}

/* Nor the inner protocol and tunnel, if the ends are the same. */
static void
test_inner_protocol_is_not_seen(void **state)
{
	(void)state;
	packet_eth(&k, 0x0800);
	packet_ip4(&k, 47, A4, B4);
	packet_hex(&k, "2000 0800 00000007");
	packet_ip4(&k, 17, A4, B4);
	packet_udp(&k, 1, 2);
	dissector_set_decap(d, true);
	run();
	assert_int_equal(
	    p.bpf_gaps, BPF_GAP_TAGS | BPF_GAP_PROTO | BPF_GAP_PORTS | BPF_WRONG_ADDRS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(frames_are_seen),
		TEST(links_are_seen),
		TEST(inner_ends_are_not_seen),
		TEST(inner_protocol_is_not_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
