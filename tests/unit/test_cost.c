/*
 * No packet costs much more than a plain one, whatever somebody puts into it: the worst that is
 * known for each reader that loops or keeps state, against a plain segment in the same run.
 */
#include "config.h"

#include <stdio.h>
#include <time.h>

#include "counted.h"
#include "dissect/hello.h"
#include "dissected.h"
#include "util/attr.h"

#define PACKETS 3000 /* in a round */
#define ROUNDS  7    /* the best one counts: other work on the machine only adds */
#define MOST    50   /* times a plain packet */

#define SEQ_AT 38 /* in a frame of Ethernet, IPv4 and TCP */

static struct hellos hellos;
static struct said said;

static void
segment(unsigned dport, const char *text, size_t n)
{
	packet_eth(&k, 0x0800);
	packet_ip4(&k, 6, A4, B4);
	packet_tcp(&k, 50000, dport, TCP_PSH | TCP_ACK, 1, 1);
	packet_bytes(&k, text, n);
}

static void
plain(void)
{
	segment(9, "x", 1);
}

static void
begin_tls(void)
{
	segment(443, "", 0);
	packet_hex(&k, "16 0301 4000 01 003ffc 0303");
}

static void
tls_byte(void)
{
	segment(443, "", 1);
}

static void
begin_http(void)
{
	segment(80, "GET / HTTP/1.1\r\nAccept: ", 24);
}

static void
http_byte(void)
{
	segment(80, "x", 1);
}

static void
http_line(void)
{
	segment(80, "\n", 1);
}

/* Pointers that each lead to the one before, and addresses whose owner is the last of them. */
static void
dns_pointers(void)
{
	packet_eth(&k, 0x0800);
	packet_ip4(&k, 17, A4, B4);
	packet_udp(&k, 5353, 5353);
	packet_hex(&k, "0000 8400 0000 ffff 0000 0000");
	packet_hex(&k, "01 61 00");
	packet_hex(&k, "0010 0001 00000001");
	packet_be16(&k, 16002);
	packet_hex(&k, "0000");
	for (unsigned i = 0; i < 8000; i++)
		packet_be16(&k, 0xc000 | (i == 0 ? 12 : 25 + 2 * (i - 1)));
	while (k.n < 60000)
		packet_hex(&k, "fea5 0001 0001 00000001 0004 01020304");
}

static void
dns_labels(void)
{
	packet_eth(&k, 0x0800);
	packet_ip4(&k, 17, A4, B4);
	packet_udp(&k, 5353, 5353);
	packet_hex(&k, "0000 8400 0000 ffff 0000 0000");
	for (unsigned i = 0; i < 127; i++)
		packet_hex(&k, "01 61");
	packet_hex(&k, "00 0001 0001 00000001 0004 01020304");
	while (k.n < 60000)
		packet_hex(&k, "c00c 0001 0001 00000001 0003 010203");
}

static void
extension_headers(void)
{
	packet_eth(&k, 0x86dd);
	packet_ip6(&k, 60, A6, B6);
	for (unsigned i = 0; i < 150; i++)
		packet_hex(&k, "3c00 010400000000");
}

/* Later fragments of what never began. */
static void
fragment(void)
{
	packet_eth(&k, 0x0800);
	packet_ip4_fragment(&k, 17, A4, B4, 7, 100, true);
	packet_zeros(&k, 8);
}

/* Each packet of one sender looks like the one before. */
static void
same_again(void)
{
	packet_eth(&k, 0x0800);
	packet_ip4(&k, 6, A4, B4);
	packet_tcp(&k, 50001, 9, TCP_ACK, 1, 1);
}

static void
stacked(void)
{
	packet_eth(&k, 0x8100);
	for (unsigned i = 0; i < 300; i++)
		packet_vlan(&k, 1, 0x8100);
}

static void
labels(void)
{
	packet_eth(&k, 0x8847);
	for (unsigned i = 0; i < 300; i++)
		packet_hex(&k, "00001040");
}

static const struct row {
	const char *name;
	void (*begin)(void); /* the packet that the others go on with, or NULL */
	void (*make)(void);
} rows[] = {
	{ "TLS, byte by byte", begin_tls, tls_byte },
	{ "HTTP, byte by byte", begin_http, http_byte },
	{ "HTTP, line by line", begin_http, http_line },
	{ "DNS, pointers", NULL, dns_pointers },
	{ "DNS, labels", NULL, dns_labels },
	{ "IPv6, extension headers", NULL, extension_headers },
	{ "fragments", NULL, fragment },
	{ "the same again", NULL, same_again },
	{ "VLAN tags", NULL, stacked },
	{ "MPLS labels", NULL, labels },
};

static void
hear(const struct frame *f)
{
	said.hellos = &hellos;
	dissect_said(d, f, &p, &said);
	counted_add(&p);
}

static uint64_t
cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* Processor time of a round, each segment one byte behind the one before. */
static uint64_t
run_round(const struct row *r)
{
	uint32_t seq = 1;
	struct frame f;
	uint64_t start;

	hellos_init(&hellos, NULL);
	packet_new(&k);
	if (r->begin != NULL) {
		r->begin();
		f = packet_frame(&k, LINK_ETHER);
		hear(&f);
		seq += p.payload;
	}
	packet_new(&k);
	r->make();
	f = packet_frame(&k, LINK_ETHER);
	start = cpu_ns();
	for (unsigned i = 0; i < PACKETS; i++, seq++) {
		const uint8_t at[4] = { (uint8_t)(seq >> 24), (uint8_t)(seq >> 16),
			(uint8_t)(seq >> 8), (uint8_t)seq };

		if (r->begin != NULL)
			memcpy(k.b + SEQ_AT, at, sizeof(at));
		hear(&f);
	}
	return cpu_ns() - start;
}

static uint64_t
best(const struct row *r)
{
	uint64_t least = UINT64_MAX, t;

	for (unsigned i = 0; i < ROUNDS; i++) {
		t = run_round(r);
		if (t < least)
			least = t;
	}
	return least;
}

static void
test_cost(void **state)
{
	static const struct row usual = { "plain", NULL, plain };
	uint64_t one, t;

	(void)state;
	counted_begin();
	one = best(&usual);
	for (size_t i = 0; i < NITEMS(rows); i++) {
		t = best(&rows[i]);
		printf("%-24s %8.1f ns, %5.1f times a plain one\n", rows[i].name,
		    (double)t / PACKETS, (double)t / (double)one);
		assert_true(t <= MOST * one);
	}
	counted_end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_cost, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
