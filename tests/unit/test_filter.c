/* The display filter: what it matches, and its error messages. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "traffic.h"
#include "util/attr.h"
#include "util/buf.h"
#include "view/filter.h"

/* The names of the rows that match a filter, in the order of the table. */
static void
takes(const struct ledger *l, const char *view, const char *name, const char *text, struct buf *b)
{
	struct scope s = traffic_scope(l);
	const struct view *v = view_by_name(view);
	const struct column *col = view_find_column(v, name);
	char array[256];
	struct buf err;
	size_t at;
	struct filter *f;
	uint32_t weighed = 0;

	buf_init(&err, array, sizeof(array));
	f = filter_new(v, text, &err, &at);
	if (f == NULL)
		fail_msg("%s: %s", text, array);
	while (scope_total_step(&s, &weighed, 1))
		;
	buf_clear(b);
	for (uint32_t i = 0; i < v->slots(l); i++) {
		const void *row = v->row(&s, i);
		struct value cell = column_value(col, &s, row);

		if (!filter_matches(f, &s, row))
			continue;
		buf_adds(b, b->len > 0 ? " " : "");
		value_text(b, &cell, &(struct units){ .numeric = true });
	}
	filter_del(f);
}

struct taken {
	const char *view, *column, *text, *rows;
};

static const struct taken cases[] = {
	{ "flows", "app", "", "tls dns  ssh " },
	{ "flows", "app", " \t", "tls dns  ssh " },
	{ "flows", "bytes", "tcp", "9.00k 516" },
	{ "flows", "bytes", "TCP", "9.00k 516" },
	{ "flows", "bytes", "udp", "400" },
	{ "flows", "bytes", "icmp", "84" },
	{ "flows", "bytes", "arp", "100" },
	{ "flows", "bytes", "ip", "9.00k 400 84" },
	{ "flows", "bytes", "ip6", "516" },
	{ "flows", "bytes", "!ip", "516 100" },
	{ "flows", "bytes", "not ! ip", "9.00k 400 84" },
	{ "flows", "bytes", "tcp ip6", "516" },
	{ "flows", "bytes", "tcp and ip6", "516" },
	{ "flows", "bytes", "tcp&&ip6", "516" },
	{ "flows", "bytes", "udp or arp", "400 100" },
	{ "flows", "bytes", "udp||arp", "400 100" },
	{ "flows", "bytes", "arp or tcp ip6", "516 100" },
	{ "flows", "bytes", "(arp or tcp) ip6", "516" },
	{ "flows", "bytes", "!(arp or tcp)", "400 84" },
	{ "flows", "bytes", "host 10.0.0.1", "9.00k 84" },
	{ "flows", "bytes", "net 192.0.2.0/24", "9.00k 400" },
	{ "flows", "bytes", "host 2001:db8::2", "516" },
	{ "flows", "bytes", "host 02:00:00:00:00:01", "100" },
	{ "flows", "bytes", "port 53", "400" },
	{ "flows", "bytes", "port https", "9.00k" },
	{ "flows", "bytes", "port 50001", "516" },
	{ "flows", "bytes", "a = 10.0.0.0/8", "9.00k 400 84" },
	{ "flows", "bytes", "a != 10.0.0.0/8", "516 100" },
	{ "flows", "bytes", "a ~ ^2001:", "516" },
	{ "flows", "bytes", "b_port < 53", "516" },
	{ "flows", "bytes", "b_port <= 53", "400 516" },
	{ "flows", "bytes", "b_port > 53", "9.00k" },
	{ "flows", "bytes", "b_port >= 53", "9.00k 400" },
	{ "flows", "bytes", "b_port = https", "9.00k" },
	{ "flows", "bytes", "b_port != 53", "9.00k 84 516 100" },
	{ "flows", "bytes", "BYTES>=9k", "9.00k" },
	{ "flows", "bytes", "bytes == 0.1k", "100" },
	{ "flows", "bytes", "bytes < 0.1Ki", "84 100" },
	{ "flows", "bytes", "bytes > 399 bytes < 517", "400 516" },
	{ "flows", "bytes", "bps > 35.9k", "9.00k" },
	{ "flows", "bytes", "bps > 36k", "" },
	{ "flows", "bytes", "bps = 336", "84" },
	{ "flows", "bytes", "pps = 2", "9.00k" },
	{ "flows", "bytes", "share > 50%", "9.00k" },
	{ "flows", "bytes", "share < 0.05 and share > 0.03", "400" },
	{ "flows", "bytes", "age > 200ms", "9.00k 400" },
	{ "flows", "bytes", "age > 0.2", "9.00k 400" },
	{ "flows", "bytes", "first >= 2023-11-14T22:13:21Z", "84 516 100" },
	{ "flows", "bytes", "first < 2023-11-14T22:14", "9.00k 400 84 516 100" },
	{ "flows", "bytes", "first < 2023-11-14", "" },
	{ "flows", "bytes", "state = established", "9.00k 516" },
	{ "flows", "bytes", "state != established", "400 84 100" },
	{ "flows", "bytes", "state = ''", "400 84 100" },
	{ "flows", "bytes", "state ~ '^est|^fin'", "9.00k 516" },
	{ "flows", "bytes", "app ~ ^T", "9.00k" },
	{ "flows", "bytes", "app = and", "" },
	{ "flows", "bytes", "vlan = 7", "" },
	{ "flows", "bytes", "vlan 7", "" },
	{ "flows", "bytes", "not vni 7 udp", "400" },
	{ "talkers", "address", "host 10.0.0.2%eth0", "10.0.0.2" },
	{ "flows", "bytes", "DB8::", "516" },
	{ "flows", "bytes", "http", "9.00k" },
	{ "flows", "bytes", "4000", "400" },
	{ "flows", "bytes", "\"tcp\"", "9.00k 516" },
	{ "flows", "bytes", "\"and\"", "" },
	{ "talkers", "address", "host 10.0.0.0/8", "10.0.0.1 10.0.0.2" },
	{ "talkers", "address", "bytes_in > 5k", "10.0.0.1" },
	{ "talkers", "address", "ip6", "2001:db8::1 2001:db8::2" },
	{ "talkers", "address", "flows = 2 && bytes < 1k", "10.0.0.2" },
	{ "protocols", "path", "tcp", "eth/ip/tcp eth/ip/tcp/tls eth/ipv6/tcp eth/ipv6/tcp/ssh" },
	{ "protocols", "path", "ip6", "eth/ipv6 eth/ipv6/tcp eth/ipv6/tcp/ssh" },
	{ "protocols", "path", "ip udp", "eth/ip/udp eth/ip/udp/dns" },
	{ "protocols", "path", "name = tcp", "eth/ip/tcp eth/ipv6/tcp" },
	{ "ports", "port", "port 53", "53" },
	{ "ports", "port", "port https", "443" },
	{ "ports", "port", "port = ssh", "22" },
	{ "ports", "bytes", "icmp", "84" },
};

static void
test_takes(void **state)
{
	struct ledger *l = traffic_new();
	char array[512];
	struct buf b;

	(void)state;
	buf_init(&b, array, sizeof(array));
	for (unsigned i = 0; i < NITEMS(cases); i++) {
		const struct taken *c = &cases[i];

		takes(l, c->view, c->column, c->text, &b);
		if (strcmp(array, c->rows) != 0)
			fail_msg("%s: %s: \"%s\", not \"%s\"", c->view, c->text, array, c->rows);
	}
	ledger_del(l);
}

struct refused {
	const char *view, *text, *error;
	size_t at;
};

static const struct refused errors[] = {
	{ "flows", "x = 1", "view flows has no column \"x\"", 0 },
	{ "talkers", "udp", "view talkers has no protocol: see flows", 0 },
	{ "talkers", "10. and state = closed", "view talkers has no column \"state\": see flows", 8 },
	{ "talkers", "port 80", "view talkers has no port: see flows", 0 },
	{ "protocols", "host 10.0.0.1", "view protocols has no address: see talkers", 0 },
	{ "ports", "ip", "view ports has no address: see talkers", 0 },
	{ "flows", "tcp and", "expected a term", 7 },
	{ "flows", "and tcp", "expected a term", 0 },
	{ "flows", "tcp or or udp", "expected a term", 7 },
	{ "flows", "()", "expected a term", 1 },
	{ "flows", "!", "expected a term", 1 },
	{ "flows", "(tcp", "unclosed parenthesis", 0 },
	{ "flows", "tcp)", "unmatched closing parenthesis", 3 },
	{ "flows", "tcp > 1", "view flows has no column \"tcp\"", 0 },
	{ "flows", "(tcp) > 1", "expected a column before this", 6 },
	{ "flows", "bytes >", "bytes requires a value", 7 },
	{ "flows", "bytes > > 1", "bytes requires a value", 8 },
	{ "flows", "host", "host requires a value", 4 },
	{ "flows", "host 10.0.0.300", "\"10.0.0.300\" is not an address or network", 5 },
	{ "flows", "port 65536", "port out of range (0 to 65535)", 5 },
	{ "flows", "port 1.5", "port out of range (0 to 65535)", 5 },
	{ "flows", "port gopherd", "\"gopherd\" is not a port or service", 5 },
	{ "flows", "b_port > https", "\"https\" is not a port or service", 9 },
	{ "flows", "bytes > much", "\"much\" is not a number of bytes, such as 10M", 8 },
	{ "flows", "bytes > 1x", "\"1x\" is not a number of bytes, such as 10M", 8 },
	{ "flows", "bytes > 1.", "\"1.\" is not a number of bytes, such as 10M", 8 },
	{ "flows", "bytes > -1", "\"-1\" is not a number of bytes, such as 10M", 8 },
	{ "flows", "first > now",
	    "\"now\" is not a time in UTC, such as 2026-01-31 or 2026-01-31T12:00", 8 },
	{ "flows", "a > 10.0.0.1", "a is not a number: use = != or ~", 4 },
	{ "flows", "app < b", "app is not a number: use = != or ~", 6 },
	{ "flows", "app ~ '(a)\\1'", "back-references are not supported", 6 },
	{ "flows", "app ~ '((a{99})b{99})'", "the regular expression repeats too much", 6 },
	{ "flows", "app ~ '((((((((((a+)+)+)+)+)+)+)+)+)+)'",
	    "the regular expression repeats too much", 6 },
	{ "flows", "app = \"tls", "unclosed quote", 6 },
	{ "flows", "tcp & udp", "\"&\" stands alone: write and", 4 },
	{ "flows", "tcp | udp", "\"|\" stands alone: write or", 4 },
	{ "flows", "\x1b[2J = 1", "view flows has no column \"\\x1b[2j\"", 0 },
};

static void
test_errors(void **state)
{
	char array[256];
	struct buf b;

	(void)state;
	buf_init(&b, array, sizeof(array));
	for (unsigned i = 0; i < NITEMS(errors); i++) {
		const struct refused *e = &errors[i];
		size_t at = 999;

		if (filter_new(view_by_name(e->view), e->text, &b, &at) != NULL)
			fail_msg("%s was taken", e->text);
		if (strcmp(array, e->error) != 0 || at != e->at)
			fail_msg("%s: \"%s\" at %zu", e->text, array, at);
		assert_null(filter_new(view_by_name(e->view), e->text, NULL, NULL));
	}
}

static void
test_bounds(void **state)
{
	char text[FILTER_MAX + 2], array[256];
	const struct view *v = view_by_name("flows");
	struct filter *f;
	struct buf b;
	size_t at;

	(void)state;
	buf_init(&b, array, sizeof(array));
	memset(text, '!', sizeof(text));
	memcpy(text + 32, "x", 2);
	f = filter_new(v, text, &b, &at);
	assert_non_null(f);
	filter_del(f);
	memset(text, '!', sizeof(text));
	memcpy(text + 33, "x", 2);
	assert_null(filter_new(v, text, &b, &at));
	assert_string_equal(array, "nested too deeply");
	assert_int_equal(at, 32);
	memset(text, 'x', sizeof(text));
	text[FILTER_MAX + 1] = '\0';
	assert_null(filter_new(v, text, &b, &at));
	assert_string_equal(array, "too long (maximum 1024 bytes)");
	text[FILTER_MAX] = '\0';
	f = filter_new(v, text, &b, &at);
	assert_non_null(f);
	filter_del(f);
}

/* A keyword is more than a text to search for: some view rejects it alone. */
static void
test_words(void **state)
{
	(void)state;
	for (const char *const *w = filter_words; *w != NULL; w++) {
		unsigned refused = 0;

		for (unsigned i = 0; i < n_views; i++) {
			struct filter *f = filter_new(views[i], *w, NULL, NULL);

			refused += f == NULL;
			filter_del(f);
		}
		if (refused == 0)
			fail_msg("%s is taken for a text", *w);
	}
}

static void
test_all(void **state)
{
	struct filter *f = filter_new(view_by_name("flows"), "", NULL, NULL);
	struct filter *tcp = filter_new(view_by_name("flows"), "tcp", NULL, NULL);

	(void)state;
	assert_true(filter_matches_all(NULL));
	assert_true(filter_matches_all(f));
	assert_false(filter_matches_all(tcp));
	filter_del(f);
	filter_del(tcp);
	filter_del(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_takes),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
