/* The ledger: flows, folding, the balance law, and bounded memory. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/flow_lookup.h"
#include "ledger.h"
#include "util/alloc.h"
#include "util/buf.h"

static void
test_both_ways_are_one_flow(void **state)
{
	struct ledger *l = ledger_small();
	const struct flow *f = &l->flows.row[0];
	const struct host *h;

	(void)state;
	count1(l, packet(17, 1, 1000, 2, 53, 80, S));
	count1(l, packet(17, 2, 53, 1, 1000, 200, 2 * S));
	assert_balance(l);
	assert_int_equal(l->flows.table.used, 1);
	assert_tally(f->meter.t[0], 1, 80);
	assert_tally(f->meter.t[1], 1, 200);
	assert_int_equal(f->key.b_port, 53);
	assert_int_equal(f->first, S);
	assert_int_equal(f->last, 2 * S);
	h = hosts_find(&l->hosts, ADDR_IP4, &f->key.b);
	assert_non_null(h);
	assert_tally(h->meter[CLASS_UDP].t[0], 1, 200);
	assert_tally(h->meter[CLASS_UDP].t[1], 1, 80);
	assert_int_equal(h->flows, 1);
	assert_int_equal(l->ports.row[0].port, 53);
	assert_tally(l->ports.row[0].meter.t[0], 1, 80);
	ledger_del(l);
}

/* The row of evicted hosts is in the ledger itself, and has the alignment of the others. */
static void
test_rows_begin_on_a_cache_line(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	assert_int_equal((uintptr_t)&l->hosts.other % PAGES_ALIGN, 0);
	assert_int_equal((uintptr_t)l->hosts.row % PAGES_ALIGN, 0);
	assert_int_equal((uintptr_t)l->flows.row % PAGES_ALIGN, 0);
	ledger_del(l);
}

static void
test_what_differs_is_another_flow(void **state)
{
	struct ledger *l = ledger_small();
	struct pkt p = packet(17, 1, 1000, 2, 53, 80, S), q;

	(void)state;
	count1(l, p);
	q = p, q.sport = 1001, count1(l, q);
	q = p, q.dport = 54, count1(l, q);
	q = p, q.src = ip4(3), count1(l, q);
	q = p, q.proto = 6, count1(l, q);
	q = p, q.kind = ADDR_MAC, count1(l, q);
	assert_int_equal(l->flows.table.used, 6);
	/* The same ports in reverse are another flow. */
	q = p, q.sport = 53, q.dport = 1000, count1(l, q);
	assert_int_equal(l->flows.table.used, 7);
	assert_balance(l);
	ledger_del(l);
}

static void
test_the_sender_of_the_syn_is_the_initiator(void **state)
{
	struct ledger *l = ledger_small();
	const struct flow *f = &l->flows.row[0];
	struct addr client = ip4(1);

	(void)state;
	count1(l, tcp(2, 80, 1, 4000, TCP_ACK, 5));
	assert_int_equal(f->key.a_port, 80);
	ledger_flush(l);
	count1(l, tcp(1, 4000, 2, 80, TCP_SYN, 9));
	assert_int_equal(l->flows.table.used, 1);
	assert_true(addr_equal(&f->key.a, &client));
	assert_int_equal(f->key.b_port, 80);
	assert_balance(l);
	assert_tally(f->meter.t[0], 1, 60);
	assert_tally(f->meter.t[1], 1, 60);
	ledger_del(l);
}

static void
test_states(void **state)
{
	struct ledger *l = ledger_small();
	const struct flow *f = &l->flows.row[0];

	(void)state;
	count1(l, tcp(1, 4000, 2, 80, TCP_SYN, 9));
	assert_int_equal(f->state, FLOW_SYN_SENT);
	count1(l, tcp(2, 80, 1, 4000, TCP_SYN | TCP_ACK, 70));
	assert_int_equal(f->state, FLOW_SYN_RECEIVED);
	count1(l, tcp(1, 4000, 2, 80, TCP_ACK, 10));
	assert_int_equal(f->state, FLOW_ESTABLISHED);
	count1(l, tcp(1, 4000, 2, 80, TCP_ACK | TCP_FIN, 10));
	assert_int_equal(f->state, FLOW_FIN_WAIT);
	count1(l, tcp(2, 80, 1, 4000, TCP_ACK | TCP_FIN, 71));
	assert_int_equal(f->state, FLOW_CLOSED);
	/* The last ACK and a repeated SYN belong to the old flow; a new SYN starts another one. */
	count1(l, tcp(1, 4000, 2, 80, TCP_ACK, 11));
	count1(l, tcp(1, 4000, 2, 80, TCP_SYN, 9));
	assert_int_equal(l->flows.table.used, 1);
	count1(l, tcp(1, 4000, 2, 80, TCP_SYN, 5000));
	assert_int_equal(l->flows.table.used, 2);
	assert_int_equal(l->flows.row[1].state, FLOW_SYN_SENT);
	count1(l, tcp(2, 80, 1, 4000, TCP_RST | TCP_ACK, 0));
	assert_int_equal(l->flows.row[1].state, FLOW_RESET);
	assert_int_equal(f->state, FLOW_CLOSED);
	assert_balance(l);
	ledger_del(l);
}

#define CLIENT 0
#define SERVER 1
#define SYN    TCP_SYN
#define ACK    TCP_ACK

struct segment {
	int from;
	uint8_t flags;
	uint32_t seq, ack, payload;
};

static void
play(struct ledger *l, const struct segment *s, unsigned n)
{
	for (unsigned i = 0; i < n && s[i].flags != 0; i++) {
		struct pkt p = s[i].from == CLIENT ? tcp(1, 4000, 2, 80, s[i].flags, s[i].seq)
						   : tcp(2, 80, 1, 4000, s[i].flags, s[i].seq);

		p.ack = s[i].ack;
		p.payload = s[i].payload;
		p.window = 1000;
		p.ts = S + i * S / 10;
		count1(l, p);
	}
}

/* The SYN comes after the end of the other direction: each end keeps its own FIN. */
static void
test_a_late_syn_turns_what_has_ended(void **state)
{
	struct ledger *l = ledger_small();
	const struct flow *f = &l->flows.row[0];

	(void)state;
	count1(l, tcp(2, 80, 1, 4000, TCP_FIN | TCP_ACK, 9));
	count1(l, tcp(1, 4000, 2, 80, TCP_SYN, 1));
	assert_int_equal(l->flows.table.used, 1);
	assert_int_equal(f->key.a_port, 4000);
	assert_int_equal(f->state, FLOW_FIN_WAIT);
	count1(l, tcp(2, 80, 1, 4000, TCP_FIN | TCP_ACK, 9));
	assert_int_equal(f->state, FLOW_FIN_WAIT);
	count1(l, tcp(1, 4000, 2, 80, TCP_FIN | TCP_ACK, 2));
	assert_int_equal(f->state, FLOW_CLOSED);
	ledger_del(l);
}

/* A SYN with another sequence number starts another connection, whatever was seen of the first. */
static void
test_connections_on_the_same_ports(void **state)
{
	/* clang-format off */
	static const struct {
		const char *what;
		struct segment s[8];
		unsigned flows;
		uint32_t retransmissions;
	} rows[] = {
		{ "the end was not seen", { { CLIENT, SYN, 100, 0, 0 }, { SERVER, SYN | ACK, 500, 101, 0 },
		    { CLIENT, ACK, 101, 501, 10 }, { CLIENT, SYN, 50, 0, 0 },
		    { SERVER, SYN | ACK, 400, 51, 0 }, { CLIENT, ACK, 51, 401, 10 } }, 2, 0 },
		{ "half closed", { { CLIENT, SYN, 100, 0, 0 }, { SERVER, SYN | ACK, 500, 101, 0 },
		    { CLIENT, ACK | TCP_FIN, 101, 501, 0 }, { CLIENT, SYN, 50, 0, 0 } }, 2, 0 },
		{ "never answered", { { CLIENT, SYN, 100, 0, 0 }, { CLIENT, SYN, 90, 0, 0 },
		    { CLIENT, SYN, 80, 0, 0 } }, 3, 0 },
		{ "sent again", { { CLIENT, SYN, 100, 0, 0 }, { CLIENT, SYN, 100, 0, 0 } }, 1, 1 },
		{ "one way, answers only", { { SERVER, SYN | ACK, 500, 101, 0 },
		    { SERVER, SYN | ACK, 500, 101, 0 }, { SERVER, SYN | ACK, 400, 51, 0 } }, 2, 1 },
		{ "one way, in the middle at first", { { SERVER, ACK, 900, 101, 10 },
		    { SERVER, SYN | ACK, 400, 51, 0 } }, 2, 0 },
		{ "in the middle at first", { { CLIENT, ACK, 900, 800, 10 }, { SERVER, ACK, 800, 910, 0 },
		    { CLIENT, SYN, 50, 0, 0 } }, 2, 0 },
		{ "the second SYN was not seen", { { CLIENT, SYN, 100000, 0, 0 },
		    { SERVER, SYN | ACK, 500, 100001, 0 }, { CLIENT, ACK, 100001, 501, 10 },
		    { SERVER, SYN | ACK, 400, 51, 0 }, { CLIENT, ACK, 51, 401, 0 } }, 2, 0 },
		{ "behind its answer", { { SERVER, SYN | ACK, 500, 101, 0 }, { CLIENT, SYN, 100, 0, 0 },
		    { CLIENT, ACK, 101, 501, 0 } }, 1, 0 },
		{ "behind the last ACK", { { CLIENT, ACK, 101, 501, 0 }, { SERVER, SYN | ACK, 500, 101, 0 } },
		    1, 0 },
		{ "with data that was acknowledged", { { SERVER, SYN | ACK, 500, 151, 0 },
		    { CLIENT, SYN, 100, 0, 50 } }, 1, 1 },
		{ "from both ends at once", { { CLIENT, SYN, 100, 0, 0 }, { SERVER, SYN, 500, 0, 0 },
		    { CLIENT, ACK, 101, 501, 0 }, { SERVER, ACK, 501, 101, 0 } }, 1, 0 },
		{ "two answers, the first one holds", { { CLIENT, SYN, 100, 0, 0 },
		    { SERVER, SYN | ACK, 500, 101, 0 }, { CLIENT, ACK, 101, 501, 0 },
		    { SERVER, SYN | ACK, 1600000000, 101, 0 }, { CLIENT, ACK, 101, 501, 0 },
		    { SERVER, ACK, 501, 101, 100 }, { CLIENT, ACK, 101, 601, 0 } }, 1, 0 },
		{ "two answers, the second one holds", { { CLIENT, SYN, 100, 0, 0 },
		    { SERVER, SYN | ACK, 1600000000, 101, 0 }, { SERVER, SYN | ACK, 500, 101, 0 },
		    { CLIENT, ACK, 101, 501, 0 }, { SERVER, ACK, 501, 101, 100 },
		    { SERVER, ACK, 601, 101, 100 } }, 1, 0 },
		{ "the same SYN after the end", { { CLIENT, SYN, 100, 0, 0 },
		    { SERVER, ACK | TCP_RST, 0, 101, 0 }, { CLIENT, SYN, 100, 0, 0 } }, 1, 1 },
		{ "after resets alone", { { SERVER, TCP_RST, 77, 0, 0 }, { CLIENT, SYN, 100, 0, 0 } }, 2, 0 },
	};
	/* clang-format on */

	(void)state;
	for (unsigned i = 0; i < NITEMS(rows); i++) {
		struct ledger *l = ledger_small();
		uint64_t sum = 0;

		play(l, rows[i].s, NITEMS(rows[i].s));
		for (uint32_t row = 0; row < l->flows.table.used; row++)
			sum += flow_retransmissions(&l->flows.row[row]);
		if (l->flows.table.used != rows[i].flows || sum != rows[i].retransmissions)
			fail_msg("%s: %u flows, %u retransmissions", rows[i].what,
			    l->flows.table.used, (unsigned)sum);
		assert_balance(l);
		ledger_del(l);
	}
}

/* Each connection has its own handshake. */
static void
test_handshakes_are_of_each_connection(void **state)
{
	static const struct segment s[] = {
		{ CLIENT, SYN, 100, 0, 0 },
		{ SERVER, SYN | ACK, 500, 101, 0 },
		{ CLIENT, ACK, 101, 501, 0 },
		{ CLIENT, SYN, 50, 0, 0 },
		{ CLIENT, SYN, 50, 0, 0 },
		{ SERVER, SYN | ACK, 400, 51, 0 },
		{ SERVER, ACK, 401, 51, 0 },
		{ CLIENT, ACK, 51, 401, 0 },
	};
	struct ledger *l = ledger_small();
	uint32_t us;

	(void)state;
	play(l, s, NITEMS(s));
	assert_int_equal(l->flows.table.used, 2);
	assert_true(flow_handshake_rtt(&l->flows.row[0], &us));
	assert_int_equal(us, 200000);
	assert_true(flow_handshake_rtt(&l->flows.row[1], &us));
	assert_int_equal(us, 300000);
	ledger_del(l);
}

/* The server: the receiver of the SYN, or the sender of the SYN/ACK; without both, the lower
 * port. */
static void
test_who_serves(void **state)
{
	static const struct {
		struct segment s[3];
		uint16_t port;
	} rows[] = {
		{ { { CLIENT, SYN, 100, 0, 0 } }, 80 },
		{ { { SERVER, SYN, 100, 0, 0 } }, 4000 },
		{ { { CLIENT, SYN | ACK, 500, 101, 0 } }, 4000 },
		{ { { SERVER, SYN | ACK, 500, 101, 0 } }, 80 },
		{ { { CLIENT, ACK, 101, 501, 10 } }, 80 },
		/* The first packets came out of order. */
		{ { { CLIENT, ACK, 501, 101, 10 }, { SERVER, SYN, 100, 0, 0 } }, 4000 },
		{ { { SERVER, ACK, 101, 501, 0 }, { CLIENT, SYN | ACK, 500, 101, 0 } }, 4000 },
		/* And late ones do not swap it. */
		{ { { SERVER, SYN, 100, 0, 0 }, { CLIENT, SYN | ACK, 500, 101, 0 },
		      { SERVER, SYN, 100, 0, 0 } },
		    4000 },
		{ { { SERVER, SYN, 100, 0, 0 }, { CLIENT, SYN, 500, 0, 0 } }, 4000 },
	};

	(void)state;
	for (unsigned i = 0; i < NITEMS(rows); i++) {
		struct ledger *l = ledger_small();

		play(l, rows[i].s, NITEMS(rows[i].s));
		assert_int_equal(l->flows.table.used, 1);
		assert_int_equal(flow_service_port(&l->flows.row[0]), rows[i].port);
		assert_balance(l);
		ledger_del(l);
	}
}

/* A port belongs to an application if it is the server's. */
static void
test_the_port_of_a_client_says_nothing(void **state)
{
	static const struct {
		uint8_t flags;
		uint16_t client, server;
		enum proto told, app;
	} rows[] = {
		{ SYN, 1720, 4567, PROTO_H225, PROTO_NONE },
		{ SYN, 1720, 5432, PROTO_H225, PROTO_PGSQL },
		{ SYN, 50000, 1720, PROTO_H225, PROTO_H225 },
		{ ACK, 1720, 4567, PROTO_H225, PROTO_H225 },
	};

	(void)state;
	for (unsigned i = 0; i < NITEMS(rows); i++) {
		struct ledger *l = ledger_small();
		struct pkt p = tcp(1, rows[i].client, 2, rows[i].server, rows[i].flags, 100);

		count1(l, p);
		p.tcp_flags = ACK;
		p.seq = 101;
		p.payload = 10;
		p.app = (uint8_t)rows[i].told;
		p.app_confidence = APP_BY_PORT;
		count1(l, p);
		assert_int_equal(l->flows.table.used, 1);
		assert_int_equal(l->flows.row[0].app, rows[i].app);
		ledger_del(l);
	}
}

/* One datagram that looks like RTP is not enough; two of a stream are, from either end. */
static void
test_rtp_needs_two(void **state)
{
	static const struct {
		uint32_t seq[3], source[3];
		bool rtp;
	} rows[] = {
		{ { 7, 8, 9 }, { 1, 1, 1 }, true },
		{ { 65535, 0, 1 }, { 1, 1, 1 }, true },
		{ { 7, 9000, 9003 }, { 1, 1, 1 }, true }, /* a packet is missing */
		{ { 7, 7, 7 }, { 1, 1, 1 }, false },
		{ { 7, 8, 9 }, { 1, 2, 3 }, false },
		{ { 700, 600, 500 }, { 1, 1, 1 }, false },
		{ { 7, 2000, 40000 }, { 1, 1, 1 }, false },
	};

	(void)state;
	for (unsigned i = 0; i < NITEMS(rows); i++) {
		struct ledger *l = ledger_small();
		const struct flow *f = &l->flows.row[0];

		for (unsigned k = 0; k < 3; k++) {
			struct pkt p = packet(17, 1, 20000, 2, 30000, 60, S);

			p.payload = 20;
			p.app = PROTO_RTP;
			p.app_confidence = APP_GUESSED;
			p.seq = rows[i].seq[k];
			p.ack = rows[i].source[k];
			count1(l, p);
			if (k == 0)
				assert_int_equal(f->app, PROTO_NONE);
		}
		assert_int_equal(f->app, rows[i].rtp ? PROTO_RTP : PROTO_NONE);
		ledger_del(l);
	}
}

/* Both ports may be 0; later fragments and protocols without ports have none. */
static void
test_port_zero(void **state)
{
	struct ledger *l = ledger_small();
	struct pkt p = packet(17, 1, 0, 2, 0, 60, S);

	(void)state;
	count1(l, p);
	assert_false(flow_has_ports(&l->flows.row[0]));
	p.flags = PKT_PORTS;
	p.dst = ip4(3);
	count1(l, p);
	assert_true(flow_has_ports(&l->flows.row[1]));
	p.dst = ip4(4);
	p.dport = 9999;
	count1(l, p);
	assert_true(flow_has_ports(&l->flows.row[2]));
	assert_int_equal(flow_service_port(&l->flows.row[2]), 9999);
	assert_balance(l);
	assert_int_equal(l->ports.table.used, 3);
	assert_false(l->ports.row[0].has_port);
	assert_true(l->ports.row[1].has_port);
	assert_int_equal(l->ports.row[1].port, 0);
	ledger_del(l);
}

static void
test_resets_go_on(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	for (unsigned i = 0; i < 70000; i++)
		count1(l, tcp(2, 80, 1, 4000, TCP_RST, 1));
	assert_int_equal(l->flows.row[0].resets, 70000);
	ledger_del(l);
}

static void
test_more_bytes_than_pending_can_hold(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	for (int i = 0; i < 5; i++)
		count1(l, packet(17, 1, 1000, 2, 53, UINT32_MAX - 7, S));
	assert_balance(l);
	assert_tally(l->flows.row[0].meter.t[0], 5, 5 * (uint64_t)(UINT32_MAX - 7));
	ledger_del(l);
}

static void
test_more_packets_than_pending_can_hold(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	for (unsigned i = 0; i < 70000; i++)
		count1(l, packet(17, 1, 1000, 2, 53, 100, S));
	assert_balance(l);
	assert_tally(l->flows.row[0].meter.t[0], 70000, 7000000);
	ledger_del(l);
}

static void
test_directions(void **state)
{
	struct ledger *l = ledger_small();
	struct net lan;

	(void)state;
	assert_true(net_parse("10.0.0.0/8", &lan));
	ledger_set_local(l, &lan, 1);
	count1(l, packet(17, 0x0a000001, 1000, 2, 53, 100, S));
	count1(l, packet(17, 2, 53, 0x0a000001, 1000, 30, S));
	count1(l, packet(17, 2, 53, 3, 1000, 7, S));
	count1(l, packet(17, 2, 53, 0xe0000001, 1000, 5, S));
	assert_tally(l->way_total[WAY_OUT], 1, 100);
	assert_tally(l->way_total[WAY_IN], 2, 35);
	assert_tally(l->way_total[WAY_OTHER], 1, 7);
	assert_int_equal(flow_dir(l, &l->flows.row[0], 1), DIR_IN);
	assert_int_equal(flow_dir(l, &l->flows.row[1], 0), DIR_THROUGH);
	assert_balance(l);
	ledger_del(l);
}

/* Multicast: ours goes out, that of others comes in; without local addresses the direction is
 * unknown. */
static void
test_directions_of_broadcasts(void **state)
{
	enum { OURS = 0x0a000005, OTHER = 0x0a000006, ALL = 0xffffffff, LAN = 0x0a0000ff };
	static const struct {
		uint32_t src, dst;
		uint8_t mac; /* last byte of the sender's; 0: its address is known */
		enum pkt_dir of_interface, of_network, of_file;
	} rows[] = {
		{ OURS, ALL, 0, DIR_OUT, DIR_OUT, DIR_UNKNOWN },
		{ OURS, LAN, 0, DIR_OUT, DIR_OUT, DIR_UNKNOWN },
		{ OTHER, ALL, 0, DIR_IN, DIR_OUT, DIR_UNKNOWN },
		{ OTHER, LAN, 0, DIR_IN, DIR_OUT, DIR_UNKNOWN },
		{ 0x0b000001, LAN, 0, DIR_IN, DIR_IN, DIR_UNKNOWN },
		{ 0x0b000001, 0xe0000001, 0, DIR_IN, DIR_IN, DIR_UNKNOWN },
		{ 0, ALL, 5, DIR_OUT, DIR_IN, DIR_UNKNOWN },
		{ 0, ALL, 6, DIR_IN, DIR_IN, DIR_UNKNOWN },
	};
	const struct net interface[] = {
		{ .addr = ip4(OURS), .kind = ADDR_IP4, .bits = 32 },
		{ .addr = ip4(LAN), .kind = ADDR_IP4, .bits = 32, .is_broadcast = true },
		{ .addr = { .b = { 2, 0, 0, 0, 0, 5 } }, .kind = ADDR_MAC, .bits = 48 },
	};
	const struct net network = { .addr = ip4(0x0a000000), .kind = ADDR_IP4, .bits = 24 };

	(void)state;
	for (unsigned i = 0; i < NITEMS(rows); i++) {
		struct pkt p = packet(17, rows[i].src, 68, rows[i].dst, 67, 300, S);
		struct ledger *l[3] = { ledger_small(), ledger_small(), ledger_small() };

		if (rows[i].mac != 0) {
			p.flags |= PKT_UNSPECIFIED_SRC;
			p.mac[0] = 2;
			p.mac[5] = rows[i].mac;
		}
		ledger_set_local(l[0], interface, NITEMS(interface));
		ledger_set_local(l[1], &network, 1);
		for (unsigned k = 0; k < NITEMS(l); k++) {
			const struct flow *f = &l[k]->flows.row[0];
			const enum pkt_dir right[] = { rows[i].of_interface, rows[i].of_network,
				rows[i].of_file };

			count1(l[k], p);
			assert_int_equal(flow_dir(l[k], f, 0), right[k]);
			assert_int_equal(l[k]->way_total[WAY_OUT].packets, right[k] == DIR_OUT);
			assert_int_equal(l[k]->way_total[WAY_IN].packets, right[k] == DIR_IN);
			ledger_set_local(l[k], l[k]->local, l[k]->n_local);
			ledger_flush(l[k]);
			assert_int_equal(flow_dir(l[k], f, 0), right[k]);
			ledger_del(l[k]);
		}
	}
}

/* Other hosts without an address share the flow, but come in. */
static void
test_senders_without_addresses(void **state)
{
	const struct net ours = {
		.addr = { .b = { 2, 0, 0, 0, 0, 5 } }, .kind = ADDR_MAC, .bits = 48
	};
	struct pkt p = packet(17, 0, 68, 0xffffffff, 67, 300, S);
	struct ledger *l = ledger_small();

	(void)state;
	ledger_set_local(l, &ours, 1);
	p.flags |= PKT_UNSPECIFIED_SRC;
	p.mac[0] = 2;
	for (uint8_t last = 4; last < 8; last++) {
		p.mac[5] = last;
		p.dir = DIR_UNKNOWN;
		count1(l, p);
	}
	assert_int_equal(l->flows.table.used, 1);
	assert_tally(l->way_total[WAY_OUT], 1, 300);
	assert_tally(l->way_total[WAY_IN], 3, 900);
	ledger_del(l);
}

static void
test_an_address_that_talks_to_itself(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	count1(l, packet(17, 1, 123, 1, 123, 90, S));
	count1(l, packet(17, 1, 123, 1, 123, 90, S));
	assert_balance(l);
	assert_int_equal(l->hosts.table.used, 1);
	assert_int_equal(l->hosts.row[0].flows, 1);
	assert_tally(l->hosts.row[0].meter[CLASS_UDP].t[0], 2, 180);
	assert_tally(l->hosts.row[0].meter[CLASS_UDP].t[1], 2, 180);
	ledger_del(l);
}

static void
test_series(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	count1(l, packet(17, 1, 1000, 2, 53, 100, 1000 * S));
	count1(l, packet(17, 1, 1000, 2, 53, 100, 1003 * S));
	count1(l, packet(17, 1, 1000, 2, 53, 100, 1001 * S));
	assert_int_equal(series_sample_sum(series_second(&l->series, 0)).packets, 1);
	assert_int_equal(series_sample_sum(series_second(&l->series, 1)).packets, 0);
	assert_int_equal(series_sample_sum(series_second(&l->series, 2)).packets, 1);
	assert_null(series_second(&l->series, 4));
	count1(l, packet(17, 1, 1000, 2, 53, 100, 10 * S));
	assert_int_equal(series_sample_sum(series_second(&l->series, 3)).packets, 1);
	assert_int_equal(series_sample_sum(series_second(&l->series, 993)).packets, 1);
	assert_int_equal(series_sample_sum(series_minute(&l->series, 0)).packets, 3);
	series_advance(&l->series, 1003 + SERIES_SECONDS);
	assert_int_equal(
	    series_sample_sum(series_second(&l->series, SERIES_SECONDS - 1)).packets, 0);
	assert_int_equal(series_sample_sum(series_minute(&l->series, 60)).packets, 3);
	ledger_del(l);
}

static void
test_paths(void **state)
{
	struct ledger *l = ledger_small();
	struct pkt p = packet(17, 1, 1000, 2, 53, 100, S);
	char text[64];
	struct buf b;

	(void)state;
	count1(l, p);
	p.stack[p.depth++] = PROTO_DNS;
	count1(l, p);
	ledger_flush(l);
	assert_int_equal(l->proto_tree.used, 4);
	buf_init(&b, text, sizeof(text));
	proto_tree_path_text(&b, &l->proto_tree, 3);
	assert_string_equal(text, "eth/ip/udp/dns");
	assert_tally(l->proto_tree.node[0].meter.t[0], 2, 200);
	assert_tally(l->proto_tree.node[2].self, 1, 100);
	assert_tally(l->proto_tree.node[3].meter.t[0], 1, 100);
	ledger_del(l);
}

static void
test_more_paths_than_there_is_room_for(void **state)
{
	struct ledger *l = ledger_small();
	struct pkt p = packet(17, 1, 1000, 2, 53, 100, S);

	(void)state;
	for (unsigned i = 0; i < 4000; i++) {
		p.depth = 6;
		p.stack[3] = (uint8_t)(1 + i % 16);
		p.stack[4] = (uint8_t)(1 + i / 16 % 16);
		p.stack[5] = (uint8_t)(1 + i / 256 % 16);
		count1(l, p);
	}
	p.stack[0] = PROTO_SLL;
	count1(l, p);
	assert_true(l->proto_tree.used <= PROTO_TREE_MAX);
	assert_balance(l);
	ledger_del(l);
}

static void
test_reset(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	count1(l, packet(17, 1, 1000, 2, 53, 100, S));
	ledger_tick(l, 2 * S);
	ledger_reset(l);
	assert_int_equal(l->totals.all.packets, 0);
	assert_int_equal(l->flows.table.used, 0);
	assert_int_equal(l->n_sources, 1);
	count1(l, packet(17, 1, 1000, 2, 53, 100, S));
	assert_balance(l);
	assert_int_equal(l->source[0].totals.all.packets, 1);
	ledger_del(l);
}

/* Of three sources with one name, none is taken for another. */
static void
test_labels_of_sources(void **state)
{
	static const char *const labels[] = { "test", "eth0", "test#2", "test#3" };
	struct ledger *l = ledger_small();
	char text[LEDGER_NAME + 4];
	struct buf b;

	(void)state;
	ledger_add_source(l, "eth0", 1, 1);
	ledger_add_source(l, "test", 1, 2);
	ledger_add_source(l, "test", 1, 3);
	for (unsigned i = 0; i < 4; i++) {
		buf_init(&b, text, sizeof(text));
		ledger_source_label(&b, l, &l->source[i]);
		assert_string_equal(b.s, labels[i]);
	}
	ledger_del(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_ways_are_one_flow),
		cmocka_unit_test(test_rows_begin_on_a_cache_line),
		cmocka_unit_test(test_what_differs_is_another_flow),
		cmocka_unit_test(test_the_sender_of_the_syn_is_the_initiator),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_a_late_syn_turns_what_has_ended),
		cmocka_unit_test(test_connections_on_the_same_ports),
		cmocka_unit_test(test_handshakes_are_of_each_connection),
		cmocka_unit_test(test_who_serves),
		cmocka_unit_test(test_the_port_of_a_client_says_nothing),
		cmocka_unit_test(test_rtp_needs_two),
		cmocka_unit_test(test_port_zero),
		cmocka_unit_test(test_resets_go_on),
		cmocka_unit_test(test_more_bytes_than_pending_can_hold),
		cmocka_unit_test(test_more_packets_than_pending_can_hold),
		cmocka_unit_test(test_directions),
		cmocka_unit_test(test_directions_of_broadcasts),
		cmocka_unit_test(test_senders_without_addresses),
		cmocka_unit_test(test_an_address_that_talks_to_itself),
		cmocka_unit_test(test_series),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_more_paths_than_there_is_room_for),
		cmocka_unit_test(test_reset),
		cmocka_unit_test(test_labels_of_sources),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
