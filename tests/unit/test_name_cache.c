/* Names from the traffic, and the application of a flow. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/host.h"
#include "core/ledger.h"
#include "dissect/dissect.h"
#include "util/attr.h"
#include "util/table.h"

static const struct hashkey key = { 1, 2 };

static struct addr
number(uint64_t n)
{
	return (struct addr){ .w = { n, 0 } };
}

static void
test_learn(void **state)
{
	struct name_cache ns;
	struct addr a = number(1), b = number(2);

	(void)state;
	name_cache_init(&ns, &(struct table_room){ .max = 64, .most = 64, .key = &key });
	assert_null(name_cache_find_text(&ns, ADDR_IP4, &a));
	name_cache_learn(&ns, ADDR_IP4, &a, NAME_DNS, "one", 1);
	name_cache_learn(&ns, ADDR_IP4, &b, NAME_DNS, "two", 1);
	assert_string_equal(name_cache_find_text(&ns, ADDR_IP4, &a), "one");
	assert_string_equal(name_cache_find_text(&ns, ADDR_IP4, &b), "two");
	assert_null(name_cache_find_text(&ns, ADDR_IP6, &a));
	name_cache_learn(&ns, ADDR_IP4, &a, NAME_DNS, "another", 2);
	assert_string_equal(name_cache_find_text(&ns, ADDR_IP4, &a), "another");
	assert_int_equal(ns.table.used, 2);
	name_cache_clear(&ns);
	assert_null(name_cache_find_text(&ns, ADDR_IP4, &a));
	name_cache_fini(&ns);
}

/* The name of the best origin is kept, the latest one of several, and different ones are counted.
 */
static void
test_origins(void **state)
{
	static const struct {
		enum name_origin origin;
		const char *text, *shown;
		unsigned known;
	} rows[] = {
		{ NAME_NETBIOS, "PRINTER", "PRINTER", 1 },
		{ NAME_MDNS, "printer.local", "printer.local", 2 },
		{ NAME_NETBIOS, "printer", "printer.local", 2 },
		{ NAME_TLS, "a.example", "a.example", 3 },
		{ NAME_DNS, "A.example", "A.example", 3 },
		{ NAME_DNS, "b.example", "b.example", 4 },
		{ NAME_TLS, "c.example", "b.example", 5 },
		{ NAME_DNS, "a.example", "a.example", 5 },
	};
	const struct cached_name *n = NULL;
	struct addr a = number(1);
	struct name_cache ns;
	char text[16];

	(void)state;
	name_cache_init(&ns, &(struct table_room){ .max = 64, .most = 64, .key = &key });
	for (size_t i = 0; i < NITEMS(rows); i++) {
		name_cache_learn(&ns, ADDR_IP4, &a, rows[i].origin, rows[i].text, 1);
		n = name_cache_find(&ns, ADDR_IP4, &a);
		assert_string_equal(n->text, rows[i].shown);
		assert_int_equal(n->n_known, rows[i].known);
	}
	assert_int_equal(n->origin, NAME_DNS);
	for (unsigned i = 0; i < 100; i++) {
		snprintf(text, sizeof(text), "%u.example", i);
		name_cache_learn(&ns, ADDR_IP4, &a, NAME_DNS, text, 1);
	}
	assert_string_equal(n->text, "99.example");
	assert_int_equal(n->n_known, NAME_CACHE_KNOWN);
	name_cache_fini(&ns);
}

/* If there are more names than there is room for, the newest in a window of neighbours are kept. */
static void
test_full(void **state)
{
	enum { MAX = 64, ALL = 1000 };
	unsigned known = 0;
	struct name_cache ns;

	(void)state;
	name_cache_init(&ns, &(struct table_room){ .max = MAX, .most = MAX, .key = &key });
	for (uint32_t i = 1; i <= ALL; i++) {
		struct addr a = number(i);

		name_cache_learn(&ns, ADDR_IP6, &a, NAME_DNS, "x", i);
		assert_non_null(name_cache_find_text(&ns, ADDR_IP6, &a));
	}
	assert_int_equal(ns.table.used, MAX);
	for (uint64_t i = 1; i <= ALL; i++) {
		struct addr a = number(i);

		known += name_cache_find_text(&ns, ADDR_IP6, &a) != NULL;
		if (i <= ALL - MAX - LRU_WINDOW)
			assert_null(name_cache_find_text(&ns, ADDR_IP6, &a));
	}
	assert_int_equal(known, MAX);
	name_cache_fini(&ns);
}

static struct ledger *
new_ledger(void)
{
	struct ledger *l =
	    ledger_new(&(struct ledger_config){ .memory = LEDGER_MEMORY_MIN, .key = &key });

	ledger_add_source(l, "eth0", 1, 0);
	return l;
}

/* A segment from port sport of an IPv4 connection between 1 and 2. */
static struct pkt
segment(uint8_t flags, uint8_t app, uint8_t by)
{
	struct pkt p = {
		.src = number(1),
		.dst = number(2),
		.ts = 1000,
		.len = 100,
		.sport = 50000,
		.dport = 443,
		.proto = 6,
		.kind = ADDR_IP4,
		.flags = PKT_PORTS,
		.tcp_flags = flags,
		.payload = flags & TCP_SYN ? 0 : 40,
		.app = app,
		.app_confidence = by,
		.depth = 3,
		.stack = { PROTO_ETH, PROTO_IP, PROTO_TCP },
	};

	if (app != PROTO_NONE)
		p.stack[p.depth++] = app;
	return p;
}

static void
count(struct ledger *l, struct pkt p)
{
	ledger_count(l, &p, 1);
}

/* Packets that end at a path. */
static uint64_t
own(const struct ledger *l, uint8_t last)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < l->proto_tree.used; i++)
		if (l->proto_tree.node[i].proto == last)
			n += l->proto_tree.node[i].self.packets;
	return n;
}

#define FLOW(l) (&(l)->flows.row[0])

/* Content has priority over the port, and applies to later packets of the stream. */
static void
test_content_beats_port(void **state)
{
	struct ledger *l = new_ledger();

	(void)state;
	count(l, segment(TCP_ACK, PROTO_TLS, APP_DOUBTED));
	assert_int_equal(FLOW(l)->app, PROTO_TLS);
	count(l, segment(TCP_ACK, PROTO_SSH, APP_BY_CONTENT));
	assert_int_equal(FLOW(l)->app, PROTO_SSH);
	count(l, segment(TCP_ACK, PROTO_TLS, APP_DOUBTED));
	count(l, segment(TCP_ACK, PROTO_NONE, APP_UNKNOWN));
	count(l, segment(TCP_ACK, PROTO_HTTP, APP_BY_CONTENT));
	assert_int_equal(FLOW(l)->app, PROTO_SSH);
	assert_int_equal(own(l, PROTO_TLS), 1);
	assert_int_equal(own(l, PROTO_SSH), 3);
	assert_int_equal(own(l, PROTO_HTTP), 1);
	assert_int_equal(own(l, PROTO_TCP), 0);
	ledger_del(l);
}

/* A connection that was captured from its start, and does not begin like its port's protocol, is
 * another one. */
static void
test_refuted(void **state)
{
	struct ledger *l = new_ledger();

	(void)state;
	count(l, segment(TCP_SYN, PROTO_NONE, APP_UNKNOWN));
	count(l, segment(TCP_ACK, PROTO_TLS, APP_DOUBTED));
	count(l, segment(TCP_ACK, PROTO_TLS, APP_BY_PORT));
	assert_int_equal(FLOW(l)->app, PROTO_NONE);
	assert_int_equal(own(l, PROTO_TLS), 0);
	assert_int_equal(own(l, PROTO_TCP), 3);
	count(l, segment(TCP_ACK, PROTO_TLS, APP_BY_CONTENT));
	assert_int_equal(FLOW(l)->app, PROTO_TLS);
	ledger_del(l);
}

/* A guess is accepted only at the start. */
static void
test_guessed(void **state)
{
	struct ledger *l = new_ledger();

	(void)state;
	for (int i = 0; i < 16; i++)
		count(l, segment(TCP_ACK, PROTO_NONE, APP_UNKNOWN));
	count(l, segment(TCP_ACK, PROTO_RTP, APP_GUESSED));
	assert_int_equal(FLOW(l)->app, PROTO_NONE);
	assert_int_equal(own(l, PROTO_RTP), 0);
	ledger_reset(l);
	count(l, segment(TCP_ACK, PROTO_RTP, APP_GUESSED));
	assert_int_equal(FLOW(l)->app, PROTO_RTP);
	assert_int_equal(own(l, PROTO_RTP), 1);
	ledger_del(l);
}

static const char *
host_name(const struct ledger *l, uint8_t kind, const struct addr *a)
{
	return ledger_host_name(l, kind, a, false).text;
}

/* Names come with packets: a flow keeps the first, an address the last. */
static void
test_said(void **state)
{
	struct pkt_meta server = { .type = META_SNI, .name = "a.example" };
	struct pkt_meta other = { .type = META_SNI, .name = "b.example" };
	struct pkt_meta answer = {
		.type = META_DNS_ANSWER, .n_addrs = 2, .origin = NAME_DNS, .name = "c.example"
	};
	struct ledger *l = new_ledger();
	struct pkt p = segment(TCP_ACK, PROTO_TLS, APP_BY_CONTENT);

	(void)state;
	count(l, p);
	assert_null(flow_server_name(l, FLOW(l)));
	p.meta = &server;
	count(l, p);
	p.meta = &other;
	count(l, p);
	assert_string_equal(flow_server_name(l, FLOW(l)), "a.example");
	answer.kind[0] = ADDR_IP4;
	answer.addr[0] = number(2);
	answer.kind[1] = ADDR_IP6;
	answer.addr[1] = number(7);
	p.meta = &answer;
	count(l, p);
	assert_string_equal(host_name(l, ADDR_IP4, &answer.addr[0]), "c.example");
	assert_string_equal(host_name(l, ADDR_IP6, &answer.addr[1]), "c.example");
	assert_null(host_name(l, ADDR_IP4, &answer.addr[1]));
	strlcpy(answer.name, "d.example", sizeof(answer.name));
	count(l, p);
	assert_string_equal(host_name(l, ADDR_IP4, &answer.addr[0]), "d.example");
	ledger_reset(l);
	assert_null(host_name(l, ADDR_IP4, &answer.addr[0]));
	ledger_del(l);
}

/* A client's server name is that of the flow's server; it teaches the address a name, unless it is
 * an address itself, and without its port. */
static void
test_server_of_flow(void **state)
{
	static const struct {
		const char *said, *flow, *host;
	} rows[] = {
		{ "www.example.com", "www.example.com", "www.example.com" },
		{ "192.0.2.1", NULL, NULL },
		{ "[2001:db8::1]:80", NULL, NULL },
		{ "www.example.com:8080", "www.example.com", "www.example.com" },
	};

	(void)state;
	for (size_t i = 0; i < NITEMS(rows); i++) {
		struct pkt_meta said = { .type = META_SNI };
		struct ledger *l = new_ledger();
		struct pkt p = segment(TCP_ACK, PROTO_TLS, APP_BY_CONTENT);
		const char *name, *host;

		p.meta = &said;
		strlcpy(said.name, rows[i].said, sizeof(said.name));
		count(l, p);
		name = flow_host_name(l, FLOW(l), 1, false).text;
		host = host_name(l, ADDR_IP4, &p.dst);
		assert_string_equal(
		    name != NULL ? name : "-", rows[i].flow != NULL ? rows[i].flow : "-");
		assert_string_equal(
		    host != NULL ? host : "-", rows[i].host != NULL ? rows[i].host : "-");
		assert_null(flow_host_name(l, FLOW(l), 0, false).text);
		name_cache_learn(&l->host_names, ADDR_IP4, &p.dst, NAME_DNS, "edge.example", 2);
		assert_string_equal(host_name(l, ADDR_IP4, &p.dst), "edge.example");
		if (i == 0) /* the flow keeps the name that was asked for */
			assert_string_equal(
			    flow_host_name(l, FLOW(l), 1, false).text, rows[i].said);
		ledger_del(l);
	}
}

/* Another connection over the same ports starts without a name. */
static void
test_reopened(void **state)
{
	struct pkt_meta server = { .type = META_SNI, .name = "a.example" };
	struct ledger *l = new_ledger();
	struct pkt p = segment(TCP_ACK, PROTO_TLS, APP_BY_CONTENT);

	(void)state;
	p.meta = &server;
	count(l, p);
	count(l, segment(TCP_RST, PROTO_NONE, APP_UNKNOWN));
	count(l, segment(TCP_SYN, PROTO_NONE, APP_UNKNOWN));
	assert_int_equal(l->flows.table.used, 2);
	assert_string_equal(flow_server_name(l, &l->flows.row[0]), "a.example");
	assert_null(flow_server_name(l, &l->flows.row[1]));
	ledger_del(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_learn),
		cmocka_unit_test(test_origins),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_content_beats_port),
		cmocka_unit_test(test_refuted),
		cmocka_unit_test(test_guessed),
		cmocka_unit_test(test_said),
		cmocka_unit_test(test_server_of_flow),
		cmocka_unit_test(test_reopened),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
