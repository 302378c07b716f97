#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "control/keymap.h"
#include "control/state.h"
#include "traffic.h"
#include "util/buf.h"
#include "util/text.h"
#include "view/row_filter.h"

struct stage {
	struct ledger *l;
	struct state st;
};

static int
set_up(void **state)
{
	static struct stage s;

	s.l = traffic_new();
	state_init(&s.st);
	*state = &s;
	return 0;
}

static int
tear_down(void **state)
{
	struct stage *s = *state;

	state_fini(&s->st);
	ledger_del(s->l);
	return 0;
}

static void
rank(struct stage *s)
{
	refresh_begin(&s->st, s->l);
	while (refresh_step(&s->st, 1000))
		;
	refresh_finish(&s->st);
}

static void
type(struct stage *s, const char *text)
{
	uint32_t code;

	while (key_parse(&text, &code))
		if (input_key(&s->st, code) & REQ_RANK)
			rank(s);
	assert_string_equal(text, "");
}

static bool
is_named(const struct stage *s, const struct table_row *row, const char *name)
{
	char text[VALUE_TEXT + 1];
	struct buf b;

	for (unsigned i = 0; i < 2; i++) {
		buf_init(&b, text, sizeof(text));
		value_text(&b, &row->cell[i], &s->st.units);
		if (strcmp(text + strspn(text, " "), name) == 0)
			return true;
	}
	return false;
}

/* A view sorted by a column, with the cursor on the row that has the name in its first two
 * cells. */
static void
stand_on(struct stage *s, const char *view, const char *column, const char *row)
{
	char text[128];

	snprintf(text, sizeof(text), ":view %s<Enter>:sort %s<Enter>", view, column);
	type(s, text);
	rank(s);
	for (uint32_t i = 0; i < state_row_count(&s->st); i++) {
		if (is_named(s, state_row(&s->st, i), row)) {
			state_select(&s->st, i);
			return;
		}
	}
	fail_msg("%s has no row %s", view, row);
}

/* The filter that = makes of a row, in every view. */
static void
a_row_becomes_a_filter(void **state)
{
	static const struct {
		const char *view, *column, *row, *show;
		unsigned left; /* rows */
	} cases[] = {
		{ "talkers", "bps", "192.0.2.1", "host 192.0.2.1", 1 },
		{ "talkers", "address", "2001:db8::1", "host 2001:db8::1", 1 },
		{ "talkers", "bps", "02:00:00:00:00:01", "host 02:00:00:00:00:01", 1 },
		{ "ports", "bps", "https", "tcp port 443", 1 },
		{ "ports", "port", "domain", "port 53", 1 },
		{ "ports", "protocol", "https", "protocol = tcp", 2 },
		{ "ports", "bps", "icmp", "proto icmp", 1 },
		{ "protocols", "name", "tls", "proto tls", 1 },
		{ "protocols", "bytes", "udp", "udp", 2 },
		{ "protocols", "bytes", "ipv6", "ip6", 3 },
		{ "sources", "bps", "eth0", "name = eth0", 1 },
		{ "sizes", "range", "64-127", "range = 64-127", 1 },
		{ "flows", "bps", "udp", "udp host 10.0.0.2 port 40000 host 192.0.2.53 port 53",
		    1 },
		{ "flows", "a", "udp", "host 10.0.0.2", 2 },
		{ "flows", "b_port", "udp", "port 53", 1 },
		{ "flows", "state", "udp", "udp host 10.0.0.2 port 40000 host 192.0.2.53 port 53",
		    1 },
		{ "flows", "app", "udp", "app = dns", 1 },
		{ "flows", "bps", "icmp", "proto icmp host 10.0.0.1 host 10.0.0.2", 1 },
		{ "health", "severity", "10.0.0.1", "host 10.0.0.1", 1 },
	};
	struct stage *s = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		state_set_filter_text(&s->st, "");
		stand_on(s, cases[i].view, cases[i].column, cases[i].row);
		type(s, "=");
		assert_string_equal(s->st.filter_text, cases[i].show);
		assert_int_equal(state_row_count(&s->st), cases[i].left);
	}
}

/* = and x together leave the previous rows except one. */
static void
terms_are_joined_and_dropped(void **state)
{
	struct stage *s = *state;
	uint32_t all;

	stand_on(s, "talkers", "bps", "192.0.2.1");
	all = state_row_count(&s->st);
	type(s, "x");
	assert_string_equal(s->st.filter_text, "!(host 192.0.2.1)");
	assert_int_equal(state_row_count(&s->st), all - 1);
	stand_on(s, "talkers", "bps", "10.0.0.2");
	type(s, "x");
	assert_string_equal(s->st.filter_text, "!(host 192.0.2.1) and !(host 10.0.0.2)");
	assert_int_equal(state_row_count(&s->st), all - 2);
	type(s, "X");
	assert_string_equal(s->st.filter_text, "!(host 192.0.2.1)");
	assert_int_equal(state_row_count(&s->st), all - 1);
	type(s, "X");
	assert_string_equal(s->st.filter_text, "");
	assert_int_equal(state_row_count(&s->st), all);
	type(s, "X");
	assert_string_equal(s->st.message.s, "no display filter");

	type(s, "/host 10.0.0.1 or host 10.0.0.2<Enter>");
	stand_on(s, "talkers", "bps", "10.0.0.2");
	type(s, "=");
	assert_string_equal(
	    s->st.filter_text, "(host 10.0.0.1 or host 10.0.0.2) and host 10.0.0.2");
	assert_int_equal(state_row_count(&s->st), 1);
	type(s, "=");
	assert_string_equal(
	    s->st.filter_text, "(host 10.0.0.1 or host 10.0.0.2) and host 10.0.0.2");
	assert_non_null(strstr(s->st.message.s, "already"));
	type(s, "X");
	assert_string_equal(s->st.filter_text, "(host 10.0.0.1 or host 10.0.0.2)");
}

/* X works with a filter that the current view rejects, too. */
static void
a_foreign_filter_is_dropped(void **state)
{
	struct stage *s = *state;

	type(s, "2/port 53 and vlan = 4<Enter>1X");
	assert_string_equal(s->st.filter_text, "port 53");
	type(s, "X");
	assert_string_equal(s->st.filter_text, "");
}

static void
what_does_not_fit_is_refused(void **state)
{
	struct stage *s = *state;
	char text[FILTER_MAX + 1];

	memset(text, 'a', FILTER_MAX);
	text[0] = '!';
	text[FILTER_MAX] = '\0';
	state_set_filter_text(&s->st, text);
	stand_on(s, "talkers", "bps", "192.0.2.1");
	type(s, "=");
	assert_string_equal(s->st.filter_text, text);
	assert_true(s->st.message_bad);
	assert_non_null(strstr(s->st.message.s, "too long"));
}

/* No selected row, or an evicted one. */
static void
no_row_makes_no_filter(void **state)
{
	struct stage *s = *state;

	state_set_filter_text(&s->st, "host 198.51.100.1");
	rank(s);
	assert_int_equal(state_row_count(&s->st), 0);
	type(s, "=x");
	assert_string_equal(s->st.filter_text, "host 198.51.100.1");
	assert_non_null(strstr(s->st.message.s, "no row"));
}

/* Foreign names may have blanks and quotes in them. */
static void
odd_texts_are_quoted(void **state)
{
	static const struct {
		const char *text, *term;
	} cases[] = {
		{ "a b", "state = \"a b\"" },
		{ "say \"x\"", "state = 'say \"x\"'" },
		{ "it's", "state = \"it's\"" },
		{ "a(b", "state = \"a(b\"" },
		{ "and", "state = and" },
	};
	const struct view *v = view_by_name("flows");
	unsigned column = (unsigned)(view_find_column(v, "state") - v->cols);
	struct value cell[VIEW_COLUMNS] = { 0 };
	struct table_row row = { .cell = cell };
	char text[200];
	struct buf b;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct filter *f;

		cell[column] = value_textf("%s", cases[i].text);
		buf_init(&b, text, sizeof(text));
		assert_true(row_filter_cell(&b, v, &row, column));
		assert_string_equal(text, cases[i].term);
		f = filter_new(v, text, NULL, NULL);
		assert_non_null(f);
		filter_del(f);
	}
	cell[column] = value_textf("both ' and \"");
	buf_init(&b, text, sizeof(text));
	assert_false(row_filter_cell(&b, v, &row, column));
	assert_string_equal(text, "");
}

/* The flows of a row have all of its counters. */
static void
a_rows_flows_are_found(void **state)
{
	static const struct {
		const char *view, *row, *flows;
		unsigned n;
	} cases[] = {
		{ "talkers", "10.0.0.1", "host 10.0.0.1", 2 },
		{ "health", "10.0.0.1", "host 10.0.0.1", 2 },
		{ "ports", "https", "tcp port 443", 1 },
		{ "protocols", "dns", "ip udp proto dns", 1 },
		{ "protocols", "ssh", "ip6 tcp proto ssh", 1 },
		{ "protocols", "ip", "ip", 3 },
		{ "protocols", "arp", "arp", 1 },
		{ "sources", "eth0", "source = eth0", 5 },
	};
	struct stage *s = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[200];
		struct buf b;

		state_set_filter_text(&s->st, "");
		stand_on(s, cases[i].view, "bytes", cases[i].row);
		buf_init(&b, text, sizeof(text));
		assert_true(row_filter_flows(&b, view_by_name(cases[i].view),
		    state_row(&s->st, s->st.per_view[s->st.view].cursor)));
		assert_string_equal(text, cases[i].flows);
		type(s, "2");
		assert_true(state_set_filter(&s->st, text));
		rank(s);
		assert_int_equal(state_row_count(&s->st), cases[i].n);
	}
}

static void
last_terms_are_found(void **state)
{
	static const struct {
		const char *text, *before;
		bool either;
	} cases[] = {
		{ "", "", false },
		{ "port 53", "", false },
		{ "tcp port 53", "tcp", false },
		{ "tcp && port 53", "tcp", false },
		{ "a or b", "a", true },
		{ "a || b and c", "a || b", true },
		{ "(a or b) and !(c or d)", "(a or b)", false },
		{ "(a or b)", "", false },
		{ "x = and y = or", "x = and", false },
		{ "host 'and' \"or\"", "host 'and'", false },
		{ "not not a ! ! b", "not not a", false },
		{ "a'b'", "a", false },
		{ "(a)'b'c", "(a)'b'", false },
		{ "a (b", "", false },
		{ "a 'b", "", false },
		{ "a and", "a", false },
		{ "proto dns vlan > 3", "proto dns", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool either;
		size_t n = filter_last_term_start(NULL, cases[i].text, &either);

		assert_int_equal(n, strlen(cases[i].before));
		assert_int_equal(strncmp(cases[i].text, cases[i].before, n), 0);
		assert_int_equal(either, cases[i].either);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_row_becomes_a_filter),
		TEST(terms_are_joined_and_dropped),
		TEST(a_foreign_filter_is_dropped),
		TEST(what_does_not_fit_is_refused),
		TEST(no_row_makes_no_filter),
		cmocka_unit_test(odd_texts_are_quoted),
		TEST(a_rows_flows_are_found),
		cmocka_unit_test(last_terms_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
