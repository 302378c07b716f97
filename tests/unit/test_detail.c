#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "control/keymap.h"
#include "control/state.h"
#include "screen/screen.h"
#include "traffic.h"
#include "util/buf.h"

struct stage {
	struct ledger *l;
	struct state st;
	struct canvas c;
	uint64_t ns;
};

static int
set_up(void **state)
{
	static struct stage s;

	s.l = traffic_none();
	ledger_enable(s.l, LEDGER_PACKETS | LEDGER_NETWORKS, 24, 64);
	for (size_t i = 0; i < sizeof(traffic_rows) / sizeof(traffic_rows[0]); i++)
		traffic_count(s.l, &traffic_rows[i], TRAFFIC_START + i * TRAFFIC_NS / 4);
	s.ns = 2 * TRAFFIC_NS;
	traffic_tick(s.l, s.ns);
	state_init(&s.st);
	canvas_init(&s.c, false);
	canvas_resize(&s.c, 80, 24);
	*state = &s;
	return 0;
}

static int
tear_down(void **state)
{
	struct stage *s = *state;

	state_fini(&s->st);
	canvas_fini(&s->c);
	ledger_del(s->l);
	return 0;
}

static void
rank(struct stage *s)
{
	while (refresh_watch_extras(&s->st, s->l))
		while (ledger_fold(s->l, 1000))
			;
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

/* A second passes, with one more packet of the first row of the traffic. */
static void
second(struct stage *s)
{
	struct traffic t = traffic_rows[0];

	t.packets = 1;
	traffic_count(s->l, &t, TRAFFIC_START + s->ns);
	s->ns += TRAFFIC_NS;
	traffic_tick(s->l, s->ns);
	rank(s);
}

static bool
shows(struct stage *s, const char *text)
{
	struct screen_info f = { .source = "eth0", .mode = "LIVE" };
	char line[4096];
	struct buf b;

	screen_paint(&s->c, &s->st, s->l, &f);
	for (int y = 0; y < s->c.rows; y++) {
		buf_init(&b, line, sizeof(line));
		canvas_text(&s->c, y, &b);
		if (strstr(line, text) != NULL)
			return true;
	}
	return false;
}

static const char *
view_name(const struct stage *s)
{
	return views[s->st.view]->name;
}

static void
it_opens_follows_and_closes(void **state)
{
	struct stage *s = *state;

	type(s, "1:sort address asc<Enter><Enter>");
	assert_true(shows(s, "bpf: ip host 10.0.0.1"));
	assert_true(shows(s, "Enter open"));
	type(s, "j");
	assert_true(shows(s, "bpf: ip host 10.0.0.2"));
	assert_string_equal(view_name(s), "talkers");
	type(s, "<Esc>");
	assert_false(shows(s, "bpf:"));
	assert_int_equal(s->st.per_view[s->st.view].cursor, 1);
}

/* The numbers change, and the row stays the same when its rank changes. */
static void
it_follows_its_row(void **state)
{
	struct stage *s = *state;

	type(s, "1:sort packets desc<Enter>:sort packets asc<Enter>");
	for (unsigned i = 0; i < 20 && !shows(s, "bpf: ip host 192.0.2.1"); i++)
		type(s, i == 0 ? "<Enter>" : "j");
	assert_true(shows(s, "bpf: ip host 192.0.2.1"));
	assert_true(shows(s, "PACKETS        4"));
	for (unsigned i = 0; i < 3; i++)
		second(s);
	assert_true(shows(s, "bpf: ip host 192.0.2.1"));
	assert_true(shows(s, "PACKETS        7"));
	assert_true(shows(s, "rate since opened"));
	assert_int_equal(s->st.detail.n_rates, 4);
	assert_float_equal(s->st.detail.rate[3], 1000, 1);
}

/* A row that the display filter hides is still updated; an evicted one is marked. */
static void
hidden_rows_go_on_and_gone_ones_say_so(void **state)
{
	struct stage *s = *state;

	type(s, "1:sort bps desc<Enter>g<Enter>");
	assert_true(shows(s, "bpf: ip host 10.0.0.1") || shows(s, "bpf: ip host 192.0.2.1"));
	type(s, "/host 2001:db8::1<Enter>");
	assert_int_equal(state_row_count(&s->st), 1);
	second(s);
	assert_false(shows(s, "gone"));
	assert_true(shows(s, "PACKETS        6") || shows(s, "PACKETS        5"));
	ledger_reset(s->l);
	second(s);
	ledger_reset(s->l);
	rank(s);
	assert_true(shows(s, "evicted; last known values"));
	assert_true(shows(s, "bpf: ip host"));
}

/* A row hidden by a toggle is not evicted. */
static void
toggles_hide_no_detail(void **state)
{
	struct stage *s = *state;

	type(s, "2:sort bytes desc<Enter>g<Enter>");
	assert_true(shows(s, "bpf: host 10.0.0.1 and host 192.0.2.1 and tcp port 50000"));
	type(s, "t");
	second(s);
	assert_int_equal(state_row_count(&s->st), 3);
	assert_false(shows(s, "gone"));
	assert_true(shows(s, "PACKETS        5"));
}

/* From a network to its hosts, the flows of one, its packets; and back again. */
static void
one_goes_down_and_back(void **state)
{
	static const char *const down[] = { "networks", "talkers", "flows", "packets" };
	static const char *const show[] = { "", "net 192.0.2.0/24", "host 192.0.2.1",
		"tcp host 10.0.0.1 port 50000 host 192.0.2.1 port 443" };
	struct stage *s = *state;

	type(s, "9:sort bps desc<Enter>gj");
	for (unsigned i = 0; !shows(s, "bpf: ip net 192.0.2.0/24"); i++)
		type(s, i == 0 ? "g<Enter>" : "j");
	for (unsigned i = 1; i < 4; i++) {
		type(s, "<Enter>");
		assert_string_equal(view_name(s), down[i]);
		assert_string_equal(s->st.filter_text, show[i]);
		assert_false(shows(s, "bpf:"));
		rank(s);
		assert_in_range(state_row_count(&s->st), 1, 5);
		if (i == 1)
			type(s, ":sort bps desc<Enter>g");
		if (i < 3)
			type(s, "<Enter>");
	}
	assert_int_equal(state_row_count(&s->st), 4);
	for (unsigned i = 3; i-- > 0;) {
		type(s, "<Esc>");
		assert_string_equal(view_name(s), down[i]);
		assert_string_equal(s->st.filter_text, show[i]);
		assert_true(shows(s, "bpf:"));
		type(s, "<BS>");
		assert_false(shows(s, "bpf:"));
	}
	type(s, "<Esc>");
	assert_string_equal(view_name(s), "networks");
}

/* Going back restores cursor, filter and view; another view clears the way back. */
static void
the_place_is_kept(void **state)
{
	struct stage *s = *state;
	struct row_key before;

	type(s, "1/10.0<Enter>:sort address desc<Enter>gj");
	before = s->st.per_view[s->st.view].selected_key;
	type(s, "<Enter><Enter>");
	assert_string_equal(view_name(s), "flows");
	type(s, "jj<Esc>");
	assert_string_equal(view_name(s), "talkers");
	assert_string_equal(s->st.filter_text, "10.0");
	assert_memory_equal(&before, &s->st.per_view[s->st.view].selected_key, sizeof(before));
	type(s, "<Enter>4<Esc>");
	assert_string_equal(view_name(s), "ports");
	assert_string_equal(s->st.filter_text, "");
}

static void
the_way_is_bounded(void **state)
{
	struct stage *s = *state;

	type(s, "2");
	for (unsigned i = 0; i < 40; i++)
		type(s, "<Enter>");
	assert_int_equal(s->st.detail.n_breadcrumbs, DETAIL_DEPTH);
	assert_non_null(strstr(s->st.message.s, "maximum depth"));
	for (unsigned i = 0; i < 2 * DETAIL_DEPTH + 2; i++)
		type(s, "<Esc>");
	assert_string_equal(view_name(s), "flows");
	assert_int_equal(s->st.detail.n_breadcrumbs, 0);
	assert_string_equal(s->st.filter_text, "");
}

/* Every column of every view is listed separately, if its value is known. */
static void
every_known_value_is_shown(void **state)
{
	struct stage *s = *state;

	canvas_resize(&s->c, 200, 60);
	for (unsigned v = 0; v < n_views; v++) {
		if (views[v]->is_graph || views[v]->slots(s->l) == 0)
			continue;
		state_show_view(&s->st, v);
		rank(s);
		shows(s, "");
		type(s, "g<Enter>");
		for (unsigned c = 0; c < views[v]->n_cols; c++)
			if (s->st.detail.cell[c].type != V_NONE)
				assert_true(shows(s, views[v]->cols[c].title));
		assert_true(shows(s, "bpf: "));
	}
}

static void
related_flows_are_shown_where_there_is_room(void **state)
{
	struct stage *s = *state;

	canvas_resize(&s->c, 160, 50);
	shows(s, "");
	type(s, "4:sort bytes desc<Enter>g<Enter>");
	assert_true(shows(s, "bpf: tcp port 443"));
	assert_true(shows(s, "10.0.0.1 50000"));
	type(s, "j");
	assert_false(shows(s, "10.0.0.1 50000"));
	canvas_resize(&s->c, 80, 24);
	type(s, "k");
	assert_false(shows(s, "10.0.0.1 50000"));
}

/* Without a row, or without a flow of it, there is a message. */
static void
nothing_is_said_where_there_is_nothing(void **state)
{
	struct stage *s = *state;

	type(s, "0<Enter>");
	assert_non_null(strstr(s->st.message.s, "no row"));
	type(s, "3:sort name<Enter>g<Enter>");
	assert_true(shows(s, "bpf: all"));
	type(s, "<Enter>");
	assert_non_null(strstr(s->st.message.s, "no more details"));
	assert_string_equal(view_name(s), "protocols");
}

/* Keys apply to the row whose detail is shown. */
static void
keys_are_about_the_row_shown(void **state)
{
	struct stage *s = *state;

	type(s, "1:sort address asc<Enter>gj<Enter>/host 2001:db8::1<Enter>");
	assert_true(shows(s, "bpf: ip host 10.0.0.2"));
	type(s, "X=");
	assert_string_equal(s->st.filter_text, "host 10.0.0.2");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(it_opens_follows_and_closes),
		TEST(it_follows_its_row),
		TEST(hidden_rows_go_on_and_gone_ones_say_so),
		TEST(toggles_hide_no_detail),
		TEST(one_goes_down_and_back),
		TEST(the_place_is_kept),
		TEST(the_way_is_bounded),
		TEST(every_known_value_is_shown),
		TEST(related_flows_are_shown_where_there_is_room),
		TEST(nothing_is_said_where_there_is_nothing),
		TEST(keys_are_about_the_row_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
