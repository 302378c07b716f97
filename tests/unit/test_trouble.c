/* The problems of flows, their order, and the cells that show trouble. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dissect/pkt.h"
#include "ledger.h"
#include "view/columns.h"
#include "view/row_list.h"

#define CLIENT 0x0a000001
#define SERVER 0x0a000002

static void
send(struct ledger *l, bool back, uint16_t port, uint8_t flags, uint32_t seq, uint32_t ack)
{
	static uint64_t sent;
	struct pkt p = back ? tcp(SERVER, 80, CLIENT, port, flags, seq)
			    : tcp(CLIENT, port, SERVER, 80, flags, seq);

	p.ts = S + ++sent * S / 10;
	p.ack = ack;
	p.window = 1000;
	count1(l, p);
}

static void
handshake(struct ledger *l, uint16_t port)
{
	send(l, false, port, TCP_SYN, 1, 0);
	send(l, true, port, TCP_SYN | TCP_ACK, 1, 2);
	send(l, false, port, TCP_ACK, 2, 2);
}

/* Ports 1 to 4: well, reset, refused, unanswered. */
static struct ledger *
troubled(void)
{
	struct ledger *l = ledger_small();

	send(l, false, 4, TCP_SYN, 1, 0);
	send(l, false, 4, TCP_SYN, 1, 0);
	send(l, false, 3, TCP_SYN, 1, 0);
	send(l, true, 3, TCP_RST | TCP_ACK, 0, 2);
	handshake(l, 2);
	send(l, true, 2, TCP_RST, 2, 0);
	handshake(l, 1);
	ledger_flush(l);
	return l;
}

static void
test_failures_come_first(void **state)
{
	static const struct {
		uint16_t port;
		const char *problem;
		enum trouble trouble;
	} wanted[] = { { 4, "no answer", TROUBLE_BAD }, { 3, "refused", TROUBLE_BAD },
		{ 2, "reset", TROUBLE_WARN }, { 1, NULL, TROUBLE_NONE } };
	struct ledger *l = troubled();
	struct scope s = { .ledger = l, .classes = SCOPE_ALL, .ip4 = true, .ip6 = true };
	const struct view *v = &view_flows;
	unsigned problem = (unsigned)(view_find_column(v, "problem") - v->cols);
	unsigned shown = (unsigned)(view_find_column(v, "state") - v->cols);
	unsigned port = (unsigned)(view_find_column(v, "a_port") - v->cols);
	struct row_list *rows = row_list_new();

	(void)state;
	row_list_begin(rows, v, problem, true, NULL, &s, 10);
	while (row_list_step(rows, 10))
		;
	assert_int_equal(row_list_count(rows), 4);
	for (uint32_t i = 0; i < 4; i++) {
		const struct table_row *row = row_list_get(rows, i);

		assert_int_equal(row->cell[port].n, wanted[i].port);
		if (wanted[i].problem != NULL)
			assert_string_equal(row->cell[problem].text, wanted[i].problem);
		else
			assert_int_equal(row->cell[problem].type, V_NONE);
		assert_int_equal(trouble_of_cell(v, row, problem), wanted[i].trouble);
		assert_int_equal(trouble_of_cell(v, row, shown), wanted[i].trouble);
		assert_int_equal(trouble_of_cell(v, row, port), TROUBLE_NONE);
	}
	row_list_del(rows);
	ledger_del(l);
}

/* At least three, and one in a hundred. */
static void
test_many_retransmissions(void **state)
{
	(void)state;
	assert_false(retransmissions_are_many(2, 2));
	assert_true(retransmissions_are_many(3, 300));
	assert_false(retransmissions_are_many(3, 301));
	assert_true(retransmissions_are_many(4, 400));
}

/* The host that refuses has a row with its own reason. */
static void
test_the_service_that_fails(void **state)
{
	struct ledger *l = troubled();
	struct scope s = { .ledger = l, .classes = SCOPE_ALL, .ip4 = true, .ip6 = true };
	const struct column *problems = view_find_column(&view_health, "problems");
	struct addr client = ip4(CLIENT), server = ip4(SERVER);
	struct value v;

	(void)state;
	v = column_text_value(problems, &s, hosts_find(&l->hosts, ADDR_IP4, &client));
	assert_string_equal(v.text, "1 SYN unanswered, 1 refused, 1 retransmitted");
	v = column_text_value(problems, &s, hosts_find(&l->hosts, ADDR_IP4, &server));
	assert_string_equal(v.text, "1 unanswered on port 80, 1 refused on port 80, 1 reset");
	ledger_del(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_failures_come_first),
		cmocka_unit_test(test_many_retransmissions),
		cmocka_unit_test(test_the_service_that_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
