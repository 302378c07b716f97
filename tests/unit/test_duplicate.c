/* Packets that are captured twice: counted as traffic and as duplicates, not as errors. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ledger.h"

#define CLIENT 0x0a000001
#define SERVER 0x0a000002
#define US     UINT64_C(1000)
#define MS     UINT64_C(1000000)

/* A data segment of 100 bytes; id 0: none. */
static struct pkt
data(uint16_t id, uint32_t seq)
{
	struct pkt p = tcp(CLIENT, 1000, SERVER, 80, TCP_ACK, seq);

	p.ip_id = id;
	p.ack = 1;
	p.payload = 100;
	p.net_len = 140;
	p.window = 1000;
	p.ttl = 64;
	return p;
}

static struct pkt
pure_ack(uint16_t id, uint32_t ack)
{
	struct pkt p = tcp(SERVER, 80, CLIENT, 1000, TCP_ACK, 1);

	p.ip_id = id;
	p.ack = ack;
	p.net_len = 40;
	p.window = 1000;
	p.ttl = 64;
	return p;
}

static void
later(struct ledger *l, struct pkt p, uint64_t ns)
{
	p.ts += ns;
	count1(l, p);
}

static const struct flow *
flow(const struct ledger *l)
{
	return &l->flows.row[0];
}

static void
assert_health(const struct ledger *l, uint32_t duplicates, uint32_t retransmissions, uint32_t acks)
{
	const struct tcp_counts *c = flow(l)->tcp;

	assert_int_equal(flow(l)->duplicates, duplicates);
	assert_int_equal(l->totals.duplicates, duplicates);
	assert_int_equal(c[0].retransmissions + c[1].retransmissions, retransmissions);
	assert_int_equal(c[0].duplicate_acks + c[1].duplicate_acks, acks);
}

static void
test_span_port(void **state)
{
	struct ledger *l = ledger_small();
	struct addr a = ip4(CLIENT);

	(void)state;
	for (unsigned i = 0; i < 20; i++) {
		later(l, data((uint16_t)(i + 1), 1 + i * 100), i * MS);
		later(l, data((uint16_t)(i + 1), 1 + i * 100), i * MS + 100 * US);
		later(l, pure_ack((uint16_t)(i + 1), 101 + i * 100), i * MS + 200 * US);
		later(l, pure_ack((uint16_t)(i + 1), 101 + i * 100), i * MS + 300 * US);
	}
	assert_health(l, 40, 0, 0);
	assert_true(source_sees_duplicates(&l->source[0]));
	assert_balance(l);
	assert_int_equal(hosts_find(&l->hosts, ADDR_IP4, &a)->errors.duplicates, 20);
	ledger_reset(l);
	assert_int_equal(l->totals.duplicates, 0);
	assert_false(source_sees_duplicates(&l->source[0]));
	ledger_del(l);
}

static void
test_behind_a_router(void **state)
{
	struct ledger *l = ledger_small();
	struct pkt p = pure_ack(0, 101);

	(void)state;
	/* The hop limit differs, even without an identification; a third point captures it
	 * again. */
	later(l, p, 0);
	p.ttl = 63;
	later(l, p, 200 * US);
	p.ttl = 62;
	later(l, p, 400 * US);
	assert_health(l, 2, 0, 0);
	/* Two hops at once cannot be a router's copy. */
	p.ttl = 60;
	later(l, p, 600 * US);
	assert_health(l, 2, 0, 1);
	ledger_del(l);
}

static void
test_true_retransmissions(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	later(l, data(1, 1), 0);
	later(l, data(2, 1), 1 * MS);
	assert_health(l, 0, 1, 0);
	/* The same packet, but too late. */
	later(l, data(2, 1), 10 * MS);
	assert_health(l, 0, 2, 0);
	ledger_del(l);
}

static void
test_true_duplicate_acks(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	for (uint16_t i = 1; i <= 4; i++)
		later(l, pure_ack(i, 101), i * 100 * US);
	assert_health(l, 0, 0, 3);
	/* Without an identification nothing shows that they are duplicates. */
	for (uint16_t i = 1; i <= 3; i++)
		later(l, pure_ack(0, 201), 10 * MS + i * 100 * US);
	assert_health(l, 0, 0, 5);
	ledger_del(l);
}

/* Some systems send the same identification in all packets: it proves nothing. */
static void
test_constant_identification(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	later(l, pure_ack(1, 101), 0);
	later(l, pure_ack(1, 201), 1 * MS);
	later(l, pure_ack(1, 201), 2 * MS);
	assert_health(l, 0, 0, 1);
	ledger_del(l);
}

static void
test_asked_for(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	later(l, pure_ack(0, 1), 0);
	later(l, data(0, 1), 100 * US);
	for (uint16_t i = 1; i <= 3; i++)
		later(l, pure_ack(0, 1), 100 * US + i * 10 * US);
	later(l, data(0, 1), 500 * US);
	assert_health(l, 0, 1, 3);
	ledger_del(l);
}

static struct pkt
datagram(uint8_t kind, uint16_t id, uint16_t checksum)
{
	struct pkt p = packet(17, CLIENT, 5000, SERVER, 53, 80, S);

	p.kind = kind;
	p.ip_id = id;
	p.checksum = checksum;
	p.net_len = 66;
	p.payload = 38;
	p.ttl = 64;
	return p;
}

static void
test_datagrams(void **state)
{
	static const struct {
		struct {
			uint8_t kind;
			uint16_t id, checksum;
		} p[2];
		uint64_t apart;
		uint32_t duplicates;
	} rows[] = {
		{ { { ADDR_IP4, 7, 9 }, { ADDR_IP4, 7, 9 } }, 1 * MS, 1 },
		{ { { ADDR_IP4, 7, 9 }, { ADDR_IP4, 8, 9 } }, 1 * MS, 0 },
		{ { { ADDR_IP4, 7, 9 }, { ADDR_IP4, 7, 9 } }, 6 * MS, 0 },
		/* Statistics often repeat the same values. */
		{ { { ADDR_IP4, 0, 9 }, { ADDR_IP4, 0, 9 } }, 1 * MS, 0 },
		{ { { ADDR_IP6, 0, 9 }, { ADDR_IP6, 0, 9 } }, 1 * MS, 1 },
		{ { { ADDR_IP6, 0, 9 }, { ADDR_IP6, 0, 8 } }, 1 * MS, 0 },
		{ { { ADDR_IP6, 0, 0 }, { ADDR_IP6, 0, 0 } }, 1 * MS, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ledger *l = ledger_small();

		for (int k = 0; k < 2; k++)
			later(l,
			    datagram(rows[i].p[k].kind, rows[i].p[k].id, rows[i].p[k].checksum),
			    (uint64_t)k * rows[i].apart);
		assert_int_equal(flow(l)->duplicates, rows[i].duplicates);
		ledger_del(l);
	}
}

/* Also in a busy flow with other packets in between. */
static void
test_busy_datagrams(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	for (unsigned i = 0; i < 1000; i++) {
		later(l, datagram(ADDR_IP4, (uint16_t)(2 * i + 1), 1), i * 100 * US);
		later(l, datagram(ADDR_IP4, (uint16_t)(2 * i + 2), 1), i * 100 * US + 10 * US);
		later(l, datagram(ADDR_IP4, (uint16_t)(2 * i + 1), 1), i * 100 * US + 20 * US);
		later(l, datagram(ADDR_IP4, (uint16_t)(2 * i + 2), 1), i * 100 * US + 30 * US);
	}
	assert_in_range(flow(l)->duplicates, 1990, 2000);
	ledger_del(l);
}

/* Similar packets, but none that is certainly a duplicate. */
static void
test_evidence(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	for (unsigned i = 0; i < 1000; i++) {
		later(l, pure_ack(0, 1 + i), i * MS);
		later(l, pure_ack(0, 1 + i), i * MS + 100 * US);
	}
	assert_in_range(flow(l)->duplicates, 950, 1000);
	ledger_del(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_span_port),
		cmocka_unit_test(test_behind_a_router),
		cmocka_unit_test(test_true_retransmissions),
		cmocka_unit_test(test_true_duplicate_acks),
		cmocka_unit_test(test_constant_identification),
		cmocka_unit_test(test_asked_for),
		cmocka_unit_test(test_datagrams),
		cmocka_unit_test(test_busy_datagrams),
		cmocka_unit_test(test_evidence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
