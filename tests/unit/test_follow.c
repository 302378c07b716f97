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
	ledger_enable(s.l, LEDGER_PACKETS, 24, 64);
	s.ns = TRAFFIC_NS;
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

/* n packets from 10.0.HOST, then a second passes, as in the loop. */
static void
second(struct stage *s, unsigned host, unsigned n)
{
	struct traffic t = traffic_rows[0];
	char src[32];
	struct buf b;

	buf_init(&b, src, sizeof(src));
	buf_addf(&b, "10.0.%u.%u", host / 256, host % 256);
	t.src = src;
	t.packets = n;
	traffic_count(s->l, &t, TRAFFIC_START + s->ns);
	s->ns += TRAFFIC_NS;
	traffic_tick(s->l, s->ns);
	if (follow_is_paused(&s->st))
		follow_update_summary(&s->st, s->l);
	else
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

/* The row falls from the first rank below all rows that a list would keep. */
static void
a_row_is_followed_down(void **state)
{
	struct stage *s = *state;
	struct state_view *p = &s->st.per_view[0];
	struct row_key key;

	type(s, ":sort bytes desc<Enter>");
	second(s, 1, 1);
	type(s, "jk");
	key = p->selected_key;
	type(s, "F");
	assert_true(shows(s, "follow"));
	for (unsigned i = 0; i < 300; i++)
		second(s, 2 + i, 2);
	assert_memory_equal(&p->selected_key, &key, sizeof(key));
	assert_int_equal(p->cursor, state_row_count(&s->st) - 1);
	assert_in_range(p->cursor, p->top, p->top + state_page_rows(&s->st) - 1);
	assert_true(shows(s, "> 10.0.0.1 "));
	type(s, "F");
	assert_non_null(strstr(s->st.message.s, "following stopped"));
	assert_null(follow_label(&s->st));
}

static void
a_lost_row_is_said(void **state)
{
	struct stage *s = *state;

	second(s, 1, 1);
	type(s, "gF");
	assert_true(s->st.per_view[0].follows_row);
	state_set_filter_text(&s->st, "host 198.51.100.1");
	rank(s);
	assert_false(s->st.per_view[0].follows_row);
	assert_non_null(strstr(s->st.message.s, "no longer listed"));
	type(s, "F");
	assert_non_null(strstr(s->st.message.s, "no row here"));
}

/* At first the newest packet is on top; after scrolling, the same ones stay until F. */
static void
the_log_follows_or_stands(void **state)
{
	struct stage *s = *state;
	struct row_key first;

	/* The verdict would name the hosts, too. */
	for (unsigned r = 0; r < EVENT_RULES; r++)
		detect_set_threshold(s->l->detect, (enum event_rule)r, 0);
	type(s, "5");
	second(s, 1, 30);
	second(s, 2, 30);
	assert_true(shows(s, "follow"));
	assert_true(shows(s, "10.0.0.2"));
	type(s, "<PgDn>");
	assert_true(shows(s, "scrolled"));
	first = state_row(&s->st, s->st.per_view[s->st.view].top)->key;
	for (unsigned i = 0; i < 10; i++)
		second(s, 3, 3000);
	assert_memory_equal(
	    &first, &state_row(&s->st, s->st.per_view[s->st.view].top)->key, sizeof(first));
	assert_false(shows(s, "10.0.0.3"));
	assert_true(shows(s, "30000 newer, F follows"));
	assert_true(s->st.summary.total.packets > 3000);
	type(s, "F");
	assert_true(shows(s, "follow"));
	assert_true(shows(s, "> "));
	assert_true(shows(s, "10.0.0.3"));
	assert_int_equal(s->st.per_view[s->st.view].cursor, 0);
	type(s, "F");
	assert_true(shows(s, "scrolled"));
}

/* A page of new packets appears after four seconds, a few rows at once; with a filter, matching
 * ones. */
static void
a_fast_log_waits(void **state)
{
	static const struct {
		const char *show;
		unsigned packets;
		uint64_t age_ns;
		bool waits;
	} rows[] = {
		{ "a=10.0.0.1", 300, 1 * TRAFFIC_NS, false },
		{ "", 300, 1 * TRAFFIC_NS, true },
		{ "", 300, 3 * TRAFFIC_NS, true },
		{ "", 300, 4 * TRAFFIC_NS, false },
		{ "", 7, 1 * TRAFFIC_NS, true },
		{ "", 7, 2 * TRAFFIC_NS, false },
		{ "", 2, 1 * TRAFFIC_NS, false },
	};
	struct stage *s = *state;
	struct traffic t = traffic_rows[0];

	t.src = "10.0.0.2";
	type(s, "5");
	second(s, 1, 1);
	second(s, 2, 300);
	for (unsigned i = 0; i < NITEMS(rows); i++) {
		s->st.delay = 1;
		state_set_filter_text(&s->st, rows[i].show);
		rank(s);
		assert_true(state_row_count(&s->st) > 0);
		t.packets = rows[i].packets;
		traffic_count(s->l, &t, TRAFFIC_START + s->ns);
		assert_int_equal(follow_is_held_back(&s->st, s->l, rows[i].age_ns), rows[i].waits);
		assert_int_equal(shows(s, "newer, shown soon"), rows[i].waits);
	}
	assert_false(follow_is_paused(&s->st));
}

/* A paused log stays long enough to be read. */
static void
the_log_goes_back_far(void **state)
{
	struct stage *s = *state;

	type(s, "5");
	second(s, 1, 3000);
	for (unsigned i = 0; i < 50; i++)
		type(s, "<PgDn>");
	assert_in_range(s->st.per_view[s->st.view].cursor, 500, 3000);
}

/* In another order the newest has no special place: F restores the order by time. */
static void
following_needs_the_order_of_time(void **state)
{
	struct stage *s = *state;
	bool desc;

	type(s, "5");
	second(s, 1, 30);
	type(s, ":sort length asc<Enter>F");
	assert_string_equal(views[s->st.view]->cols[state_get_sort(&s->st, &desc)].name, "time");
	assert_true(desc);
	assert_true(s->st.per_view[s->st.view].stays_on_top);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_row_is_followed_down),
		TEST(a_lost_row_is_said),
		TEST(the_log_follows_or_stands),
		TEST(a_fast_log_waits),
		TEST(the_log_goes_back_far),
		TEST(following_needs_the_order_of_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
