/* Errors and the hosts they are counted for: unanswered SYNs, refusals, ICMP, DNS. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dissect/pkt.h"
#include "ledger.h"

#define CLIENT 0x0a000001
#define SERVER 0x0a000002
#define SYN    TCP_SYN
#define RSTACK (TCP_RST | TCP_ACK)

static const struct host *
host(struct ledger *l, uint32_t n)
{
	struct addr a = ip4(n);
	const struct host *h;

	ledger_flush(l);
	h = hosts_find(&l->hosts, ADDR_IP4, &a);
	assert_non_null(h);
	return h;
}

static void
send(struct ledger *l, bool back, uint16_t client_port, uint8_t flags, uint32_t seq, uint64_t ms)
{
	struct pkt p = back ? tcp(SERVER, 80, CLIENT, client_port, flags, seq)
			    : tcp(CLIENT, client_port, SERVER, 80, flags, seq);

	p.ts = S + ms * 1000000;
	p.window = 1000;
	count1(l, p);
}

static void
a_syn_that_is_sent_again_is_unanswered(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	send(l, false, 1000, SYN, 7, 0);
	assert_int_equal(host(l, CLIENT)->errors.unanswered, 0);
	send(l, false, 1000, SYN, 7, 1000);
	assert_int_equal(host(l, CLIENT)->errors.unanswered, 1);
	/* The same connection, and another one. */
	send(l, false, 1000, SYN, 7, 3000);
	assert_int_equal(host(l, CLIENT)->errors.unanswered, 1);
	send(l, false, 1001, SYN, 9, 3000);
	send(l, false, 1001, SYN, 9, 4000);
	assert_int_equal(host(l, CLIENT)->errors.unanswered, 2);
	assert_int_equal(host(l, SERVER)->errors.unanswered, 0);
	assert_int_equal(host(l, SERVER)->errors.not_answering, 2);
	assert_int_equal(host(l, SERVER)->errors.failing_port, 80);
	/* A late answer. */
	send(l, true, 1000, TCP_SYN | TCP_ACK, 50, 7000);
	assert_int_equal(host(l, CLIENT)->errors.unanswered, 1);
	assert_int_equal(host(l, SERVER)->errors.not_answering, 1);
	send(l, true, 1000, TCP_ACK, 51, 7001);
	assert_int_equal(host(l, CLIENT)->errors.unanswered, 1);
	assert_int_equal(host(l, CLIENT)->errors.refused, 0);
	ledger_del(l);
}

static void
a_reset_in_the_answers_place_is_a_refusal(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	send(l, false, 1000, SYN, 7, 0);
	send(l, true, 1000, RSTACK, 0, 10);
	send(l, true, 1000, RSTACK, 0, 11);
	assert_int_equal(host(l, CLIENT)->errors.refused, 1);
	assert_int_equal(host(l, SERVER)->errors.refused, 0);
	assert_int_equal(host(l, SERVER)->errors.refusing, 1);
	assert_int_equal(host(l, CLIENT)->errors.refusing, 0);
	assert_int_equal(host(l, SERVER)->errors.resets, 2);
	ledger_del(l);
}

static void
a_reset_of_what_stood_is_none(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	send(l, false, 1000, SYN, 7, 0);
	send(l, true, 1000, TCP_SYN | TCP_ACK, 50, 10);
	send(l, false, 1000, TCP_ACK, 8, 20);
	send(l, true, 1000, RSTACK, 51, 30);
	/* And one within a connection. */
	send(l, true, 2000, RSTACK, 51, 30);
	assert_int_equal(host(l, CLIENT)->errors.refused, 0);
	assert_int_equal(host(l, CLIENT)->errors.unanswered, 0);
	ledger_del(l);
}

/* A stray answer is reset, which is not a refusal. */
static void
backscatter_refuses_nobody(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	send(l, true, 1000, TCP_SYN | TCP_ACK, 50, 0);
	send(l, false, 1000, TCP_RST, 8, 10);
	assert_int_equal(host(l, CLIENT)->errors.refused, 0);
	assert_int_equal(host(l, SERVER)->errors.refused, 0);
	assert_int_equal(host(l, CLIENT)->errors.resets, 1);
	ledger_del(l);
}

static void
round_trips_are_of_both_ends(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	send(l, false, 1000, SYN, 7, 0);
	send(l, true, 1000, TCP_SYN | TCP_ACK, 50, 30);
	assert_int_equal(host(l, CLIENT)->rtt, 0);
	send(l, false, 1000, TCP_ACK, 8, 40);
	assert_int_equal(host(l, CLIENT)->rtt, 40000);
	assert_int_equal(host(l, SERVER)->rtt, 40000);
	ledger_del(l);
}

static void
unreachable_is_who_is_told_so(void **state)
{
	struct ledger *l = ledger_small();
	struct pkt p = packet(1, SERVER, 0, CLIENT, 0, 70, S);

	(void)state;
	p.icmp_type = 8;
	count1(l, p);
	assert_int_equal(host(l, CLIENT)->errors.unreachable, 0);
	p.icmp_type = 3;
	p.icmp_code = 1;
	count1(l, p);
	assert_int_equal(host(l, CLIENT)->errors.unreachable, 1);
	assert_int_equal(host(l, SERVER)->errors.unreachable, 0);
	ledger_del(l);
}

/* Dissects a DNS message from that port with those flags and that code: Ethernet, IPv4, UDP,
 * DNS. */
static bool
dns_says(uint16_t port, uint8_t flags, uint8_t rcode, struct pkt_meta *said)
{
	const uint8_t bytes[] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0,            /* */
		0x45, 0, 0, 47, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 53, 192, 0, 2, 1, /* */
		(uint8_t)(port >> 8), (uint8_t)port, 0x9c, 0x40, 0, 27, 0, 0,          /* */
		0, 1, flags, rcode, 0, 1, 0, 0, 0, 0, 0, 0, 1, 'x', 0, 0, 1, 0, 1 };
	struct frame f = {
		.data = bytes, .caplen = sizeof(bytes), .len = sizeof(bytes), .linktype = 1
	};
	struct dissector *d = dissector_new();
	struct pkt p;

	memset(said, 0xff, sizeof(*said));
	said->hello_buffers = NULL;
	dissect_with_meta(d, &f, &p, said);
	dissector_del(d);
	return p.meta != NULL && said->type == META_DNS_ERROR;
}

static void
dns_says_why_it_has_no_answer(void **state)
{
	struct pkt_meta said;

	(void)state;
	assert_true(dns_says(53, 0x81, 0x83, &said));
	assert_int_equal(said.type, META_DNS_ERROR);
	assert_int_equal(said.rcode, 3);
	assert_string_equal(said.name, "");
	assert_string_equal(said.alpn, "");
	assert_true(dns_says(53, 0x81, 2, &said));
	assert_int_equal(said.rcode, 2);
	assert_true(dns_says(53, 0x81, 5, &said));
	/* Not an error, a query, another opcode, a code of updates, mDNS. */
	assert_false(dns_says(53, 0x81, 0, &said));
	assert_false(dns_says(53, 0x01, 3, &said));
	assert_false(dns_says(53, 0xa9, 3, &said));
	assert_false(dns_says(53, 0x81, 8, &said));
	assert_false(dns_says(5353, 0x84, 3, &said));
}

static void
who_asked_has_the_failure(void **state)
{
	struct ledger *l = ledger_small();
	struct pkt p = packet(17, SERVER, 53, CLIENT, 4000, 70, S);
	struct pkt_meta said = { .type = META_DNS_ERROR, .rcode = 3 };

	(void)state;
	p.meta = &said;
	count1(l, p);
	said.rcode = 2;
	count1(l, p);
	count1(l, p);
	assert_int_equal(host(l, CLIENT)->errors.no_such_name, 1);
	assert_int_equal(host(l, CLIENT)->errors.dns_failures, 2);
	assert_int_equal(host(l, SERVER)->errors.dns_failures, 0);
	ledger_del(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_syn_that_is_sent_again_is_unanswered),
		cmocka_unit_test(a_reset_in_the_answers_place_is_a_refusal),
		cmocka_unit_test(a_reset_of_what_stood_is_none),
		cmocka_unit_test(backscatter_refuses_nobody),
		cmocka_unit_test(round_trips_are_of_both_ends),
		cmocka_unit_test(unreachable_is_who_is_told_so),
		cmocka_unit_test(dns_says_why_it_has_no_answer),
		cmocka_unit_test(who_asked_has_the_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
