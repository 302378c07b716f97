/* What flows are used for: the table of services, and flows that become known later. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/baseline.h"
#include "core/use.h"
#include "ledger.h"
#include "util/attr.h"
#include "util/buf.h"
#include "view/columns.h"

#define TCP 6
#define UDP 17

static void
test_names(void **state)
{
	static const struct {
		const char *name;
		unsigned service;
	} names[] = {
		{ "netflix.com", SERVICE_NETFLIX },
		{ "WWW.Netflix.COM", SERVICE_NETFLIX },
		{ "a.b.c.nflxvideo.net", SERVICE_NETFLIX },
		{ "notnetflix.com", SERVICE_UNKNOWN },
		{ "netflix.com.evil.example", SERVICE_UNKNOWN },
		{ "netflix.co", SERVICE_UNKNOWN },
		{ "com", SERVICE_UNKNOWN },
		{ "", SERVICE_UNKNOWN },
		{ ".", SERVICE_UNKNOWN },
		{ "mail.google.com", SERVICE_GMAIL },
		{ "www.google.com", SERVICE_GOOGLE },
		{ "swcdn.apple.com", SERVICE_APPLE_UPDATE },
		{ "1drv.com", SERVICE_ONEDRIVE },
		{ "eu.zoom.us", SERVICE_ZOOM },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_int_equal(use_find_name(names[i].name), names[i].service);
	assert_int_equal(use_find_name(NULL), SERVICE_UNKNOWN);
}

/* Each row is found by its own suffix, so they are sorted. */
static void
test_rows_are_sorted(void **state)
{
	static const struct {
		const char *suffix;
		unsigned service;
	} names[] = {
#define USE_SERVICE(name, text, kind)
#define USE_NAME(suffix, service) { suffix, SERVICE_##service },
#define USE_PORT(protocol, port, service)
#define USE_PROTO(proto, kind)
#define USE_IP(number, kind)
#include "core/use.def"
	};
#undef USE_NAME
#undef USE_PORT
#define USE_NAME(suffix, service)
#define USE_PORT(protocol, port, service) { protocol, port, SERVICE_##service },
	static const struct {
		uint8_t protocol;
		uint16_t port;
		unsigned service;
	} ports[] = {
#include "core/use.def"
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_int_equal(use_find_name(names[i].suffix), names[i].service);
	for (unsigned i = 0; i < sizeof(ports) / sizeof(ports[0]); i++)
		assert_int_equal(use_find_port(ports[i].protocol, ports[i].port), ports[i].service);
	assert_int_equal(use_find_port(TCP, 1), SERVICE_UNKNOWN);
	assert_int_equal(use_find_port(TCP, 65535), SERVICE_UNKNOWN);
}

static void
test_service_names(void **state)
{
	char scratch[USE_SERVICE_NAME];

	(void)state;
	assert_string_equal(use_service_name(NULL, PROTO_SSH, scratch), "ssh");
	assert_string_equal(use_service_name(NULL, SERVICE_NETFLIX, scratch), "Netflix");
	assert_string_equal(use_service_name(NULL, SERVICE_LINK, scratch), "link");
	assert_string_equal(use_service_name(NULL, SERVICE_IP + 50, scratch), "esp");
	assert_string_equal(use_service_name(NULL, SERVICE_IP + 253, scratch), "ip-253");
	assert_int_equal(use_service_kind(NULL, SERVICE_IP + 50), USE_VPN);
	assert_int_equal(use_service_kind(NULL, SERVICE_IP + 253), USE_OTHER);
	assert_int_equal(use_service_kind(NULL, SERVICE_LINK), USE_NETWORK);
	assert_int_equal(use_service_kind(NULL, PROTO_SSH), USE_REMOTE);
	assert_int_equal(use_find_service("gOOgle-Drive"), SERVICE_GOOGLE_DRIVE);
	assert_int_equal(use_find_service("Google Drives"), SERVICE_UNKNOWN);
	assert_int_equal(use_find_service("SSH"), PROTO_SSH);
	for (unsigned i = 1; i < SERVICES; i++)
		assert_true(strlen(use_service_name(NULL, i, scratch)) < USE_SERVICE_NAME);
}

static struct pkt
payload(enum proto app, enum app_confidence confidence, uint16_t port, uint32_t len)
{
	struct pkt p = packet(UDP, 1, 40000, 2, port, len, S);

	p.app = (uint8_t)app;
	p.app_confidence = (uint8_t)confidence;
	p.payload = len;
	return p;
}

static uint64_t
bytes(const struct ledger *l, unsigned row)
{
	return meter_sum(&l->use.row[row].meter).bytes;
}

static void
assert_sums(struct ledger *l)
{
	uint64_t kinds = 0, services = 0, flows = 0;

	ledger_flush(l);
	for (unsigned i = 0; i < USE_ROWS; i++)
		*(i < USE_KINDS ? &kinds : &services) += bytes(l, i);
	for (unsigned i = 0; i < USE_KINDS; i++)
		flows += l->use.row[i].flows;
	assert_int_equal(kinds, l->totals.all.bytes);
	assert_int_equal(services, l->totals.all.bytes);
	assert_int_equal(flows, l->flows.table.used + l->flows.table.evicted);
}

/* What decides, from the least to the most. */
static void
test_what_decides(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	count1(l, packet(50, 1, 0, 2, 0, 100, S));
	count1(l, payload(PROTO_NONE, APP_UNKNOWN, 27015, 200));
	count1(l, payload(PROTO_DNS, APP_BY_PORT, 53, 300));
	count1(l, payload(PROTO_SSH, APP_DOUBTED, 22, 400));
	assert_sums(l);
	assert_int_equal(bytes(l, USE_VPN), 100);
	assert_int_equal(bytes(l, USE_GAMES), 200);
	assert_int_equal(bytes(l, USE_KINDS + SERVICE_STEAM), 200);
	assert_int_equal(bytes(l, USE_NETWORK), 300);
	assert_int_equal(bytes(l, USE_OTHER), 400);
	ledger_del(l);
}

/* A flow is named after it was counted: all that it has counted moves, and the rest of a baseline.
 */
static void
test_name_comes_later(void **state)
{
	struct ledger *l = ledger_small();
	struct scope s = { .ledger = l, .classes = SCOPE_ALL, .ip4 = true, .ip6 = true };
	struct pkt_meta hello = { .type = META_SNI, .name = "www.netflix.com" };
	struct pkt p = payload(PROTO_QUIC, APP_BY_CONTENT, 443, 500);

	(void)state;
	count1(l, p);
	assert_sums(l);
	assert_int_equal(bytes(l, USE_BROWSING), 500);
	ledger_set_baseline(l, true);
	p.ts = 2 * S;
	p.meta = &hello;
	count1(l, p);
	assert_sums(l);
	assert_int_equal(bytes(l, USE_BROWSING), 0);
	assert_int_equal(l->use.row[USE_BROWSING].flows, 0);
	assert_int_equal(bytes(l, USE_STREAMING), 1000);
	assert_int_equal(bytes(l, USE_KINDS + SERVICE_NETFLIX), 1000);
	s.since_baseline = true;
	assert_int_equal(scope_count_both(&s, &l->use.row[USE_STREAMING].meter).bytes, 500);
	assert_int_equal(scope_count_both(&s, &l->use.row[USE_BROWSING].meter).bytes, 0);
	assert_int_equal(flow_service(l, &l->flows.row[0]), SERVICE_NETFLIX);
	ledger_del(l);
}

/* A name that DNS gave the server, but only for a flow that it answers. */
static void
test_name_of_the_address(void **state)
{
	struct ledger *l = ledger_small();
	struct pkt p = payload(PROTO_TLS, APP_BY_CONTENT, 443, 100);
	struct pkt back = packet(UDP, 2, 443, 1, 40000, 100, S);
	struct addr server = p.dst;

	(void)state;
	name_cache_learn(&l->host_names, ADDR_IP4, &server, NAME_DNS, "cdn.spotify.com", 0);
	count1(l, p);
	assert_sums(l);
	assert_int_equal(bytes(l, USE_STREAMING), 0);
	count1(l, back);
	assert_sums(l);
	assert_int_equal(bytes(l, USE_STREAMING), 200);
	/* A protocol that says more than the name. */
	count1(l, payload(PROTO_SSH, APP_BY_CONTENT, 22, 70));
	assert_sums(l);
	assert_int_equal(bytes(l, USE_REMOTE), 70);
	ledger_del(l);
}

/* Number 1 is in none of our tables, 2 is a service of them, 3 a carrier. */
static const struct app_db apps = {
	.app = { [1] = { "Chess", SERVICE_FOUND + 1, USE_GAMES },
	    [2] = { "NetFlix", SERVICE_NETFLIX, USE_STREAMING },
	    [3] = { "QUIC", PROTO_QUIC, USE_BROWSING } },
	.risk = { [1] = "Rust", [2] = "Fire" },
	.serious = 1 << 2,
};

static void
find(struct ledger *l, uint16_t app, bool guessed)
{
	flow_set_found(l, 0, &(struct flow_found){ .app = app, .guessed = guessed });
}

static void
test_found_by_a_library(void **state)
{
	static const struct {
		enum proto app;
		uint16_t port, found;
		bool guessed;
		unsigned service;
	} rows[] = {
		{ PROTO_NONE, 9, 1, false, SERVICE_FOUND + 1 },
		{ PROTO_TLS, 443, 2, false, SERVICE_NETFLIX },
		{ PROTO_TLS, 8801, 2, false, SERVICE_NETFLIX },
		/* A carrier says less than the port, and so does a guess. */
		{ PROTO_TLS, 8801, 3, false, SERVICE_ZOOM },
		{ PROTO_NONE, 9, 3, false, PROTO_QUIC },
		{ PROTO_NONE, 8801, 1, true, SERVICE_ZOOM },
		{ PROTO_NONE, 9, 1, true, SERVICE_FOUND + 1 },
		/* A protocol that says more stays, but calls may be those of a service. */
		{ PROTO_SSH, 22, 2, false, PROTO_SSH },
		{ PROTO_STUN, 9, 1, false, SERVICE_FOUND + 1 },
		{ PROTO_STUN, 9, 3, false, PROTO_STUN },
		{ PROTO_STUN, 9, 0, false, PROTO_STUN },
	};

	(void)state;
	for (unsigned i = 0; i < NITEMS(rows); i++) {
		struct ledger *l = ledger_small();

		l->apps = &apps;
		count1(l, payload(rows[i].app, APP_BY_CONTENT, rows[i].port, 100));
		assert_sums(l);
		find(l, rows[i].found, rows[i].guessed);
		assert_sums(l);
		assert_int_equal(flow_service(l, &l->flows.row[0]), rows[i].service);
		assert_int_equal(bytes(l, use_service_kind(&apps, rows[i].service)), 100);
		ledger_del(l);
	}
}

/* In words, serious ones first; both ends count a flow with a serious risk once. */
static void
test_risks(void **state)
{
	struct ledger *l = ledger_small();
	struct scope s = { .ledger = l, .classes = SCOPE_ALL, .ip4 = true, .ip6 = true };
	char text[COLUMN_TEXT];
	struct buf b;

	(void)state;
	l->apps = &apps;
	count1(l, packet(UDP, 1, 40000, 2, 9, 100, S));
	flow_set_found(l, 0, &(struct flow_found){ .risks = 1 << 1 });
	assert_sums(l);
	assert_int_equal(l->hosts.row[0].errors.risks, 0);
	for (int i = 0; i < 2; i++)
		flow_set_found(l, 0, &(struct flow_found){ .risks = 1 << 1 | 1 << 2 });
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(l->hosts.row[i].errors.risks, 1);
		assert_int_equal(scope_host_errors(&s, &l->hosts.row[i]).risks, 1);
	}
	buf_init(&b, text, sizeof(text));
	view_find_column(&view_flows, "risks")->text(&b, &s, &l->flows.row[0]);
	assert_string_equal(b.s, "Fire, Rust");
	ledger_del(l);
}

/* Nothing of it is left to another flow in the same row. */
static void
test_found_is_of_one_flow(void **state)
{
	struct ledger *l = ledger_small();
	unsigned many = l->flows.table.max_grown * 2;

	(void)state;
	l->apps = &apps;
	count1(l, packet(UDP, 1, 40000, 2, 9, 100, S));
	find(l, 1, false);
	assert_sums(l);
	assert_int_equal(bytes(l, USE_GAMES), 100);
	for (unsigned i = 2; i < many; i++)
		count1(l, packet(UDP, i, 40000, 2, 9, 100, S + i));
	assert_sums(l);
	assert_int_equal(bytes(l, USE_GAMES), 100);
	for (unsigned i = 0; i < l->flows.table.used; i++)
		assert_true(
		    flow_found(l, &l->flows.row[i])->app == 0 || l->flows.row[i].first == S);
	ledger_reset(l);
	count1(l, packet(UDP, 1, 40000, 2, 9, 100, S));
	assert_int_equal(flow_found(l, &l->flows.row[0])->app, 0);
	ledger_del(l);
}

static void
test_evicted_flows(void **state)
{
	struct ledger *l = ledger_small();
	unsigned many = l->flows.table.max_grown * 2;

	(void)state;
	for (unsigned i = 0; i < many; i++) {
		count1(l, packet(UDP, i, 40000, 2, 27015, 100, S + i));
		if (i == many / 4)
			assert_sums(l);
	}
	assert_sums(l);
	assert_true(l->flows.table.evicted > 0);
	assert_int_equal(bytes(l, USE_GAMES), (uint64_t)many * 100);
	ledger_reset(l);
	assert_int_equal(bytes(l, USE_GAMES), 0);
	ledger_del(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_rows_are_sorted),
		cmocka_unit_test(test_service_names),
		cmocka_unit_test(test_what_decides),
		cmocka_unit_test(test_name_comes_later),
		cmocka_unit_test(test_name_of_the_address),
		cmocka_unit_test(test_found_by_a_library),
		cmocka_unit_test(test_risks),
		cmocka_unit_test(test_found_is_of_one_flow),
		cmocka_unit_test(test_evicted_flows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
