/* Packets as lines of the packet log. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "dissect/dissect.h"
#include "export/flow_log.h"
#include "util/attr.h"

#define S  UINT64_C(1000000000)
#define T0 (UINT64_C(1722193121) * S) /* 2024-07-28T18:58:41Z */

static const struct ledger ledger = {
	.source = { { .name = "eth0" }, { .name = "=1+1" } },
	.n_sources = 2,
};

static const struct pkt segment = {
	.src = { .b = { 172, 16, 211, 96 } },
	.dst = { .b = { 162, 255, 45, 55 } },
	.ts = T0 + 1024,
	.len = 1514,
	.seq = 100,
	.ack = 4294967295,
	.payload = 1460,
	.sport = 65042,
	.dport = 443,
	.window = 512,
	.proto = 6,
	.kind = ADDR_IP4,
	.tcp_flags = TCP_PSH | TCP_ACK,
	.ttl = 128,
	.flags = PKT_PORTS,
	.app = PROTO_TLS,
};

static void
says(const char *wanted, enum packet_format format, bool ascii, const struct pkt *p)
{
	char text[PACKET_LINE];
	struct packet_lines pl;
	struct buf b;

	packet_lines_init(&pl, &ledger, format, ascii);
	for (int again = 0; again < 2; again++) {
		buf_init(&b, text, sizeof(text));
		packet_line(&pl, &b, p);
		assert_string_equal(text, wanted);
	}
}

static void
test_a_segment(void **state)
{
	(void)state;
	says(
	    "[2024-07-28 18:58:41] TCP 172.16.211.96:65042 \xe2\x86\x92 162.255.45.55:443 flags PA "
	    "ttl 128 len 1514 tls\n",
	    PACKET_TEXT, false, &segment);
	says("2024-07-28T18:58:41.000001024Z,eth0,tcp,172.16.211.96,65042,162.255.45.55,443,PA,128,"
	     "1514,tls,seq 100 ack 4294967295 win 512 payload 1460\r\n",
	    PACKET_CSV, false, &segment);
}

static void
test_a_datagram_of_ipv6(void **state)
{
	struct pkt p = segment;

	(void)state;
	p.kind = ADDR_IP6;
	p.src = (struct addr){ .b = { 0x20, 1, 0x0d, 0xb8, [15] = 1 } };
	p.dst = (struct addr){ .b = { 0x20, 1, 0x0d, 0xb8, [15] = 2 } };
	p.proto = 17;
	p.tcp_flags = 0;
	p.app = PROTO_NONE;
	p.context.vlan[0] = 7;
	says("[2024-07-28 18:58:41] UDP [2001:db8::1]:65042 -> [2001:db8::2]:443 ttl 128 len 1514 "
	     "data vlan 7\n",
	    PACKET_TEXT, true, &p);
}

/* An unknown value is an empty cell, and the number of cells is constant. */
static void
test_no_ports_and_no_ip(void **state)
{
	struct pkt ping = { .kind = ADDR_IP4,
		.proto = 1,
		.src = { .b = { 192, 0, 2, 1 } },
		.dst = { .b = { 192, 0, 2, 2 } },
		.ts = T0,
		.ttl = 64,
		.len = 98,
		.payload = 56,
		.icmp_type = 8 };
	struct pkt strange = {
		.kind = ADDR_NONE, .ts = T0, .len = 60, .flags = PKT_MALFORMED, .source = 1
	};

	(void)state;
	says("2024-07-28T18:58:41.000000000Z,eth0,icmp,192.0.2.1,,192.0.2.2,,,64,98,,type 8 code 0"
	     "\r\n",
	    PACKET_CSV, false, &ping);
	says("[2024-07-28 18:58:41] ICMP 192.0.2.1 -> 192.0.2.2 ttl 64 len 98 type 8 code 0\n",
	    PACKET_TEXT, true, &ping);
	says("2024-07-28T18:58:41.000000000Z,'=1+1,0x0000,,,,,,,60,,malformed\r\n", PACKET_CSV,
	    false, &strange);
}

/* The longest possible line fits into PACKET_LINE bytes. */
static void
test_the_longest_line_is_whole(void **state)
{
	struct ledger l = { .n_sources = 1 };
	char text[PACKET_LINE];
	struct packet_lines pl;
	struct pkt p;
	struct buf b;

	(void)state;
	memset(&p, 0xff, sizeof(p));
	memset(l.source[0].name, '"', sizeof(l.source[0].name) - 1);
	p.kind = ADDR_IP6;
	p.source = 0;
	p.ends_final = true;
	p.app = PROTO_MAX - 1;
	p.proto = 6;
	for (int format = PACKET_CSV; format <= PACKET_TEXT; format++) {
		packet_lines_init(&pl, &l, (enum packet_format)format, false);
		buf_init(&b, text, sizeof(text));
		packet_line(&pl, &b, &p);
		assert_false(b.truncated);
		assert_int_equal(text[b.len - 1], '\n');
	}
}

/* Text has the names of hosts that are known; they do not make a line too long. */
static void
test_names(void **state)
{
	struct ledger_config c = { .memory = LEDGER_MEMORY_MIN };
	struct ledger *l = ledger_new(&c);
	struct packet_lines pl;
	struct pkt p = segment;
	char text[PACKET_LINE], name[TEXT_MAX + 1];
	struct buf b;

	(void)state;
	ledger_add_source(l, "eth0", 1, 0);
	name_cache_learn(&l->host_names, p.kind, &p.dst, NAME_DNS, "www.example.com", 1);
	packet_lines_init(&pl, l, PACKET_TEXT, true);
	buf_init(&b, text, sizeof(text));
	packet_line(&pl, &b, &p);
	assert_null(strchr(text, '('));
	pl.names = true;
	buf_clear(&b);
	packet_line(&pl, &b, &p);
	assert_non_null(strstr(text, ":443 (www.example.com) flags "));
	memset(name, 'n', TEXT_MAX);
	name[TEXT_MAX] = '\0';
	name_cache_learn(&l->host_names, p.kind, &p.dst, NAME_DNS, name, 1);
	name_cache_learn(&l->host_names, p.kind, &p.src, NAME_DNS, name, 1);
	buf_clear(&b);
	packet_line(&pl, &b, &p);
	assert_false(b.truncated);
	ledger_del(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_segment),
		cmocka_unit_test(test_a_datagram_of_ipv6),
		cmocka_unit_test(test_no_ports_and_no_ip),
		cmocka_unit_test(test_the_longest_line_is_whole),
		cmocka_unit_test(test_names),
	};

	setenv("TZ", "UTC0", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
