/* Connections as in Zeek's conn.log: states, bytes by sequence numbers, history. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "export/flow_log.h"

#define S UINT64_C(1000000000)

enum { CLIENT = 40000, SERVER = 80 };

static struct pkt
segment(int way, const char *flags, uint32_t seq, uint32_t ack, uint32_t payload)
{
	static const char letters[] = "FSRPA";
	struct pkt p = {
		.ts = S,
		.sport = way == 0 ? CLIENT : SERVER,
		.dport = way == 0 ? SERVER : CLIENT,
		.proto = 6,
		.kind = ADDR_IP4,
		.net_len = 40 + payload,
		.payload = payload,
		.seq = seq,
		.ack = ack,
		.window = 1000,
	};

	for (; *flags != '\0'; flags++)
		p.tcp_flags |= (uint8_t)(1 << (strchr(letters, *flags) - letters));
	return p;
}

/* Segments as ">S 100 0 0": direction, flags, sequence number, acknowledgement, payload; ";"
 * between. */
static void
talk(struct zeek_conn *c, const char *text)
{
	bool first = true;

	for (; text != NULL && *text != '\0'; text = strchr(text, ';')) {
		unsigned seq, ack, payload;
		char way, flags[8];
		struct pkt p;

		text += strspn(text, "; ");
		assert_int_equal(
		    sscanf(text, "%c%7s %u %u %u", &way, flags, &seq, &ack, &payload), 5);
		p = segment(way == '<', flags, seq, ack, payload);
		if (first)
			zeek_conn_init(c, &p, way == '<');
		first = false;
		assert_false(zeek_conn_is_reused(c, &p) && c->end[way == '<'].packets > 0);
		zeek_conn_add(c, &p, way == '<');
	}
}

struct row {
	const char *segments, *state, *history;
	uint64_t orig, resp;
};

static const struct row rows[] = {
	{ ">S 99 0 0; <SA 499 100 0; >A 100 500 0; >PA 100 500 50; <A 500 150 0; <PA 500 150 700;"
	  ">A 150 1200 0; >FA 150 1200 0; <FA 1200 151 0; >A 151 1201 0",
	    "SF", "ShADadFf", 50, 700 },
	/* Retransmissions count once, and lost data counts too. */
	{ ">S 99 0 0; <SA 499 100 0; >A 100 500 0; >PA 100 500 50; >PA 100 500 50; <A 500 150 0;"
	  "<PA 900 150 100; <FA 1000 150 0; >FA 150 1001 0",
	    "SF", "ShADTadfF", 50, 500 },
	/* A FIN may have data, and be the first packet with data. */
	{ ">S 99 0 0; <SA 499 100 0; >FA 100 500 20; <FA 500 121 30", "SF", "ShFf", 20, 30 },
	/* The start was not captured: it counts from the first packet. */
	{ ">PA 5000 800 10; <PA 800 5010 20; >PA 5010 820 10", "OTH", "Dd", 20, 20 },
	/* In Zeek the sender at a server's port is the responder. */
	{ "<SA 499 100 0; >A 100 500 0; >PA 100 500 5", "S1", "^hAD", 5, 0 },
	{ "<PA 500 100 9; >A 100 509 0", "OTH", "^dA", 0, 9 },
	/* Only one direction was captured; acknowledged data of the other does not count. */
	{ ">S 99 0 0; >A 100 500 0; >PA 100 500 10; >A 110 9000 0", "S0", "SAD", 10, 0 },
	/* An answer that acknowledges more than was captured. */
	{ ">S 99 0 0; <SA 499 100 0; <A 500 300 0", "S1", "Sha", 200, 0 },
	/* Sequence numbers wrap around. */
	{ ">S 4294967290 0 0; <SA 499 4294967291 0; >A 4294967291 500 100; >A 95 500 100", "S1",
	    "ShD", 200, 0 },
	/* Keep-alives are retransmissions. */
	{ ">S 99 0 0; <SA 499 100 0; >A 100 500 10; >A 109 500 1", "S1", "ShDT", 10, 0 },
	{ ">S 99 0 0; <RA 0 100 0", "REJ", "Sr", 0, 0 },
	{ ">S 99 0 0; <RA 0 100 0; >S 99 0 0; <RA 0 100 0", "REJ", "Sr", 0, 0 },
	{ ">S 99 0 0; >R 100 0 0", "RSTOS0", "SR", 0, 0 },
	{ ">S 99 0 0; <A 700 100 0; >R 100 0 0", "RSTOS0", "SaR", 0, 0 },
	{ ">S 99 0 0; >FA 100 1 0; >R 101 0 0", "OTH", "SFR", 0, 0 },
	{ ">R 100 0 0", "OTH", "R", 0, 0 },
	/* A RST after both FINs changes nothing; one after its own FIN alone does. */
	{ ">S 99 0 0; <SA 499 100 0; >FA 100 500 0; <FA 500 101 0; <R 501 0 0", "SF", "ShFfr", 0,
	    0 },
	{ ">S 99 0 0; <SA 499 100 0; >FA 100 500 0; >R 101 0 0", "RSTO", "ShFR", 0, 0 },
	/* ... unless the other's FIN comes then. */
	{ ">S 99 0 0; <SA 499 100 0; >FA 100 500 0; >R 101 0 0; <FA 500 101 0", "SF", "ShFRf", 0,
	    0 },
	/* A RST's sequence number is ignored if it is far off. */
	{ ">S 99 0 0; <SA 499 100 0; >A 100 500 0; >R 90000000 0 0", "RSTO", "ShAR", 0, 0 },
	/* Nor does a RST count the data before it. */
	{ ">S 99 0 0; <SA 499 100 0; >A 100 500 0; >R 9000 0 0", "RSTO", "ShAR", 0, 0 },
	/* A second answer with another number: the first ACK decides which one is valid. */
	{ ">S 99 0 0; <SA 4999 100 0; >A 100 5000 0; <SA 1600000000 100 0; <PA 5000 100 1000;"
	  ">A 100 6000 0; <FA 6000 100 0; >FA 100 6001 0",
	    "SF", "ShAhdfF", 0, 1000 },
	{ ">S 99 0 0; <SA 4999 100 0; <SA 1600000000 100 0; >A 100 5000 0; <PA 5000 100 1000;"
	  ">A 100 6000 0",
	    "S1", "ShAd", 0, 1000 },
	{ ">S 99 0 0; <SA 4999 100 0; <SA 1600000000 100 0; >A 100 1600000001 0;"
	  "<PA 1600000001 100 1000",
	    "S1", "ShAd", 0, 1000 },
	{ ">S 99 0 0; <SA 4999 100 0; >A 100 5000 0; <SA 65000 100 0; <PA 5000 100 1000", "S1",
	    "ShAhd", 0, 1000 },
	/* A jump of 1 GB, which is not acknowledged, ... */
	{ ">PA 1000 1 100; >PA 1000000000 1 100", "OTH", "D", 200, 0 },
	{ "<PA 1000 1 100; >A 1 1100 0; <PA 1000000000 1 100; >A 1 1100 0", "OTH", "^dA", 0, 200 },
	{ ">PA 1000 1 100; >PA 1000000000 1 100; >PA 2000000000 1 100", "OTH", "D", 300, 0 },
	/* ... and one that was transferred, but not captured. */
	{ "<PA 1000 1 100; >A 1 1100 0; <PA 1000000000 1 100; >A 1 1000000100 0;"
	  ">A 1 1000000100 0",
	    "OTH", "^dA", 0, 999999100 },
	/* One implausible ACK is ignored, two of the same are accepted. */
	{ ">S 99 0 0; <SA 499 100 0; >A 100 500 0; <PA 500 100 50; >A 100 900000000 0;"
	  ">A 100 550 0; <PA 550 100 50",
	    "S1", "ShAd", 0, 100 },
	{ ">S 99 0 0; <SA 499 100 0; >A 100 500 0; >A 100 90000000 0; >A 100 90000010 0", "S1",
	    "ShA", 0, 89999510 },
	/* Only SYN and FIN were captured. */
	{ ">S 99 0 0; <SA 499 100 0; >FA 3000000100 700 0; <FA 700 3000000101 0", "SF", "ShFf",
	    3000000000, 200 },
	{ ">SF 99 0 0", "SH", "Q", 0, 0 },
	{ ">S 99 0 0; <SA 499 100 0; <FR 500 0 0", "RSTR", "Shi", 0, 0 },
};

static void
test_tcp(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct zeek_conn c;

		talk(&c, rows[i].segments);
		print_message("%s\n", rows[i].segments);
		assert_string_equal(zeek_conn_state(&c), rows[i].state);
		assert_string_equal(c.history, rows[i].history);
		assert_int_equal(zeek_conn_bytes(&c, c.orig), rows[i].orig);
		assert_int_equal(zeek_conn_bytes(&c, !c.orig), rows[i].resp);
	}
}

/* Lengths from the IP header: neither of outer headers, nor of the captured bytes. */
static void
test_packets(void **state)
{
	struct zeek_conn c;

	(void)state;
	talk(&c, ">S 99 0 0; <SA 499 100 0; >A 100 500 10; >A 100 500 10");
	assert_int_equal(c.end[0].packets, 3);
	assert_int_equal(c.end[0].ip_bytes, 40 + 2 * 50);
	assert_int_equal(c.end[1].packets, 1);
	assert_int_equal(c.end[1].ip_bytes, 40);
}

/* SYN and answer in the wrong order, and ports without a hint: the ends are swapped. */
static void
test_reversal(void **state)
{
	struct pkt answer = segment(0, "SA", 499, 100, 0), syn = segment(1, "S", 99, 0, 0);
	struct zeek_conn c;

	(void)state;
	answer.sport = syn.dport = 40001;
	answer.dport = syn.sport = 40002;
	zeek_conn_init(&c, &answer, 0);
	zeek_conn_add(&c, &answer, 0);
	assert_int_equal(c.orig, 0);
	assert_false(zeek_conn_is_reused(&c, &syn));
	zeek_conn_add(&c, &syn, 1);
	assert_int_equal(c.orig, 1);
	assert_string_equal(zeek_conn_state(&c), "S1");
}

static void
test_reuse(void **state)
{
	struct pkt same = segment(0, "S", 99, 0, 0), other = segment(0, "S", 4000, 0, 0);
	struct zeek_conn c;

	(void)state;
	talk(&c, ">S 99 0 0");
	assert_false(zeek_conn_is_reused(&c, &same));
	assert_true(zeek_conn_is_reused(&c, &other));
	talk(&c, ">S 99 0 0; <SA 499 100 0; >A 100 500 0");
	assert_false(zeek_conn_is_reused(&c, &same));
	assert_true(zeek_conn_is_reused(&c, &other));
	talk(&c, ">S 99 0 0; <RA 0 100 0");
	assert_false(zeek_conn_is_reused(&c, &same));
	assert_true(zeek_conn_is_reused(&c, &other));
	talk(&c, ">S 99 0 0; <SA 499 100 0; >FA 100 500 0; <FA 500 101 0");
	assert_true(zeek_conn_is_reused(&c, &same));
	talk(&c, ">A 100 500 5; <A 500 105 0");
	assert_true(zeek_conn_is_reused(&c, &same) == (same.seq != c.end[0].start));
	assert_true(zeek_conn_is_reused(&c, &other));
}

static void
test_deadlines(void **state)
{
	static const struct {
		const char *segments;
		uint64_t seconds;
	} times[] = {
		{ ">S 99 0 0", 5 },
		{ ">S 99 0 0; >S 99 0 0", 5 },
		{ ">S 99 0 0; <SA 499 100 0", 300 },
		{ ">A 100 500 5", 300 },
		{ ">S 99 0 0; <RA 0 100 0", 5 },
		{ ">S 99 0 0; <SA 499 100 0; >FA 100 500 0", 300 },
		{ ">S 99 0 0; <SA 499 100 0; >FA 100 500 0; <FA 500 101 0", 5 },
	};
	struct pkt p = segment(0, "", 0, 0, 10);
	struct zeek_conn c;

	(void)state;
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		talk(&c, times[i].segments);
		assert_int_equal(zeek_conn_deadline(&c), (1 + times[i].seconds) * S);
	}
	p.proto = 17;
	zeek_conn_init(&c, &p, 0);
	zeek_conn_add(&c, &p, 0);
	assert_int_equal(zeek_conn_deadline(&c), 61 * S);
}

static void
test_datagrams(void **state)
{
	struct pkt p = segment(0, "", 0, 0, 10);
	struct zeek_conn c;

	(void)state;
	p.proto = 17;
	zeek_conn_init(&c, &p, 0);
	zeek_conn_add(&c, &p, 0);
	assert_string_equal(zeek_conn_state(&c), "S0");
	p = segment(1, "", 0, 0, 30);
	p.proto = 17;
	zeek_conn_add(&c, &p, 1);
	zeek_conn_add(&c, &p, 1);
	assert_string_equal(zeek_conn_state(&c), "SF");
	assert_string_equal(c.history, "Dd");
	assert_int_equal(zeek_conn_bytes(&c, 0), 10);
	assert_int_equal(zeek_conn_bytes(&c, 1), 60);
	/* The answer alone. */
	p.sport = 53;
	zeek_conn_init(&c, &p, 0);
	zeek_conn_add(&c, &p, 0);
	assert_string_equal(zeek_conn_state(&c), "SHR");
	assert_int_equal(c.orig, 1);
	p.proto = 1;
	zeek_conn_init(&c, &p, 0);
	zeek_conn_add(&c, &p, 0);
	assert_string_equal(zeek_conn_state(&c), "OTH");
}

/* The sender of an answer to a broadcast or multicast is the originator: a group address never
 * is. */
static void
test_answers_to_many(void **state)
{
	static const struct {
		enum addr_kind kind;
		const char *to;
	} groups[] = {
		{ ADDR_IP4, "255.255.255.255" },
		{ ADDR_IP4, "239.1.2.3" },
		{ ADDR_IP6, "ff02::1:2" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		struct pkt p = segment(0, "", 0, 0, 300);
		enum addr_kind kind;
		struct zeek_conn c;

		assert_true(addr_parse(groups[i].to, &kind, &p.dst));
		assert_int_equal(kind, groups[i].kind);
		p.kind = (uint8_t)kind;
		p.proto = 17;
		p.sport = 67;
		p.dport = 68;
		zeek_conn_init(&c, &p, 0);
		zeek_conn_add(&c, &p, 0);
		assert_int_equal(c.orig, 0);
		assert_string_equal(zeek_conn_state(&c), "S0");
		assert_string_equal(c.history, "D");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tcp),
		cmocka_unit_test(test_packets),
		cmocka_unit_test(test_reversal),
		cmocka_unit_test(test_reuse),
		cmocka_unit_test(test_deadlines),
		cmocka_unit_test(test_datagrams),
		cmocka_unit_test(test_answers_to_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
