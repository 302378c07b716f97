#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "control/command.h"
#include "control/keymap.h"
#include "control/state.h"
#include "dissect/dissect.h"
#include "screen/screen.h"
#include "util/buf.h"
#include "util/hash.h"
#include "util/text.h"

#define SECOND  UINT64_C(1000000000)
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
#define EPOCH   (UINT64_C(1767225600) * SECOND)

/* A ledger, its displayed state, and a screen. */
struct stage {
	struct ledger *l;
	struct state st;
	struct canvas c;
	struct screen_info f;
	uint64_t now;
	unsigned requests; /* of the last keys */
};

static int
set_up(void **state)
{
	static struct stage s;
	static const struct hashkey key = { 1, 2 };

	memset(&s, 0, sizeof(s));
	s.l = ledger_new(&(struct ledger_config){ .memory = LEDGER_MEMORY_MIN, .key = &key });
	ledger_add_source(s.l, "eth0", 1, 0);
	state_init(&s.st);
	canvas_init(&s.c, false);
	canvas_resize(&s.c, 80, 24);
	s.f = (struct screen_info){ .source = "eth0", .mode = "LIVE" };
	s.now = EPOCH;
	ledger_tick(s.l, s.now);
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

/* n packets of TCP from 10.0.0.HOST to 192.0.2.1. */
static void
send(struct stage *s, uint8_t host, unsigned n)
{
	struct pkt p = { .kind = ADDR_IP4, .proto = 6, .len = 1000, .net_len = 986 };

	p.ts = s->now + 1;
	p.src.b[0] = 10;
	p.src.b[3] = host;
	p.dst.b[0] = 192;
	p.dst.b[2] = 2;
	p.dst.b[3] = 1;
	p.sport = 40000;
	p.dport = 443;
	p.flags = PKT_PORTS;
	p.stack[0] = PROTO_ETH;
	p.stack[1] = PROTO_IP;
	p.stack[2] = PROTO_TCP;
	p.depth = 3;
	p.ends_final = true;
	while (n-- > 0)
		ledger_count(s->l, &p, 1);
}

static void
rank(struct stage *s)
{
	refresh_begin(&s->st, s->l);
	while (refresh_step(&s->st, 64))
		;
	refresh_finish(&s->st);
}

/* A second passes, and the list is ranked again unless the screen is frozen. */
static void
tick(struct stage *s)
{
	s->now += SECOND;
	s->f.elapsed += SECOND;
	ledger_tick(s->l, s->now);
	while (ledger_fold(s->l, 64))
		;
	if (!s->st.frozen)
		rank(s);
}

static void
type(struct stage *s, const char *text)
{
	uint32_t code;

	s->requests = 0;
	while (key_parse(&text, &code)) {
		s->requests |= input_key(&s->st, code);
		if (s->requests & REQ_RANK)
			rank(s);
	}
	assert_string_equal(text, "");
}

static const char *
line(struct stage *s, int y)
{
	static char text[4096];
	struct buf b;

	screen_paint(&s->c, &s->st, s->l, &s->f);
	buf_init(&b, text, sizeof(text));
	canvas_text(&s->c, y, &b);
	return text;
}

/* The first line of the screen that contains the text, or -1. */
static int
line_with(struct stage *s, const char *text)
{
	for (int y = 0; y < s->c.rows; y++)
		if (strstr(line(s, y), text) != NULL)
			return y;
	return -1;
}

/* The last byte of the address of the selected talker. */
static int
selected(const struct stage *s)
{
	const struct state_view *p = &s->st.per_view[s->st.view];
	const struct table_row *row = state_row(&s->st, p->cursor);

	assert_true(p->has_selected);
	assert_non_null(row);
	assert_memory_equal(&row->key, &p->selected_key, sizeof(row->key));
	return row->cell[0].addr.b[3];
}

/* 40 hosts; host n sends n packets. */
static void
send_many(struct stage *s)
{
	for (uint8_t i = 1; i <= 40; i++)
		send(s, (uint8_t)(100 + i), i);
	tick(s);
}

/* Only y resets; any other key cancels, and does nothing else. */
static void
restart_asks_first(void **state)
{
	struct stage *s = *state;

	type(s, ":restart<Enter>");
	assert_int_equal(s->requests & REQ_RESTART, 0);
	assert_non_null(strstr(s->st.message.s, "(y/N)"));
	type(s, "q");
	assert_int_equal(s->requests & (REQ_RESTART | REQ_QUIT), 0);
	type(s, "y");
	assert_int_equal(s->requests & REQ_RESTART, 0);
	type(s, ":restart<Enter>y");
	assert_int_equal(s->requests & REQ_RESTART, REQ_RESTART);
	type(s, ":restart now<Enter>");
	assert_int_equal(s->requests & REQ_RESTART, REQ_RESTART);
	type(s, ":restart later<Enter>y");
	assert_int_equal(s->requests & REQ_RESTART, 0);
}

/* File names are part of the request; settings are never written to an existing file. */
static void
records_take_names(void **state)
{
	struct stage *s = *state;

	type(s, "l");
	assert_int_equal(s->requests & REQ_PACKET_LOG, REQ_PACKET_LOG);
	assert_string_equal(s->st.record.path, "");
	type(s, ":flow-log a b.json<Enter>");
	assert_int_equal(s->requests & REQ_FLOW_LOG, REQ_FLOW_LOG);
	assert_string_equal(s->st.record.path, "a b.json");
	type(s, ":pcap x.pcapng<Enter>");
	assert_int_equal(s->requests & REQ_PCAP, REQ_PCAP);
	assert_string_equal(s->st.record.path, "x.pcapng");
	type(s, "L");
	assert_int_equal(s->requests & REQ_FLOW_LOG, REQ_FLOW_LOG);
	assert_string_equal(s->st.record.path, "");
	type(s, ":write x.pcapng<Enter>");
	assert_int_equal(s->requests & (REQ_SAVE_SETTINGS | REQ_PCAP), 0);
	assert_true(s->st.message_bad);
}

/* z always starts from that moment; only a command restores all counters. */
static void
zero_is_no_switch(void **state)
{
	struct stage *s = *state;

	type(s, "z");
	assert_int_equal(s->requests & REQ_ZERO, REQ_ZERO);
	assert_true(s->st.since_baseline);
	type(s, "z");
	assert_int_equal(s->requests & REQ_ZERO, REQ_ZERO);
	assert_true(s->st.since_baseline);
	type(s, ":zero maybe<Enter>");
	assert_int_equal(s->requests & REQ_ZERO, 0);
	assert_non_null(strstr(s->st.error.s, "maybe"));
	type(s, "<Esc>:zero off<Enter>");
	assert_int_equal(s->requests & REQ_ZERO, REQ_ZERO);
	assert_false(s->st.since_baseline);
	type(s, ":reset<Enter>");
	assert_non_null(strstr(s->st.error.s, "reset"));
}

static void
the_cursor_stays_on_top_until_it_is_moved(void **state)
{
	struct stage *s = *state;

	send(s, 5, 10);
	send(s, 6, 5);
	tick(s);
	assert_int_equal(selected(s), 1); /* both sent to 192.0.2.1 */
	type(s, "j");
	assert_int_equal(selected(s), 5);
	send(s, 5, 1);
	send(s, 6, 9);
	tick(s);
	assert_int_equal(selected(s), 5);
	assert_int_equal(s->st.per_view[0].cursor, 2);
	type(s, "g");
	assert_int_equal(selected(s), 1);
	type(s, "<End>");
	assert_int_equal(selected(s), 5);
}

static void
the_selected_row_stays_on_the_screen(void **state)
{
	struct stage *s = *state;

	send_many(s);
	type(s, "jj");
	assert_int_equal(selected(s), 139);
	for (uint8_t i = 1; i <= 38; i++)
		send(s, (uint8_t)(100 + i), 100);
	tick(s);
	assert_int_equal(selected(s), 139);
	assert_in_range(s->st.per_view[0].cursor, s->st.per_view[0].top,
	    s->st.per_view[0].top + state_page_rows(&s->st) - 1);
	assert_int_not_equal(line_with(s, ">"), -1);
	assert_non_null(strstr(line(s, line_with(s, ">")), "10.0.0.139"));
}

static void
pages_and_ends_are_reached(void **state)
{
	struct stage *s = *state;
	uint32_t page, last;

	send_many(s);
	page = state_page_rows(&s->st);
	last = state_row_count(&s->st) - 1;
	assert_int_equal(last, 40);
	type(s, "<PgDn>");
	assert_int_equal(s->st.per_view[0].cursor, page);
	type(s, "<PgUp><PgUp>");
	assert_int_equal(s->st.per_view[0].cursor, 0);
	type(s, "G");
	assert_int_equal(s->st.per_view[0].cursor, last);
	assert_int_equal(s->st.per_view[0].top, last + 1 - page);
	type(s, "jj<PgDn>");
	assert_int_equal(s->st.per_view[0].cursor, last);
}

static void
moving_in_an_empty_table_does_nothing(void **state)
{
	struct stage *s = *state;

	type(s, "jkG");
	rank(s);
	type(s, "jkGg<PgDn><PgUp><Enter>");
	assert_false(s->st.per_view[0].has_selected);
	assert_int_not_equal(line_with(s, "no traffic yet"), -1);
}

static void
a_held_order_keeps_rows_in_their_places(void **state)
{
	struct stage *s = *state;

	send(s, 5, 10);
	send(s, 6, 5);
	tick(s);
	type(s, "o");
	send(s, 5, 1);
	send(s, 6, 99);
	send(s, 7, 50);
	tick(s);
	assert_int_equal(state_row(&s->st, 1)->cell[0].addr.b[3], 5);
	assert_int_equal(state_row(&s->st, 2)->cell[0].addr.b[3], 6);
	assert_int_equal(state_row(&s->st, 3)->cell[0].addr.b[3], 7);
	assert_int_not_equal(line_with(s, "held"), -1);
	type(s, "o");
	assert_int_equal(state_row(&s->st, 1)->cell[0].addr.b[3], 6);
}

static uint8_t
host_in(const struct stage *s, uint32_t row)
{
	return state_row(&s->st, row)->cell[0].addr.b[3];
}

/* A watched row must not move whenever two rows differ by little. */
static void
rows_of_nearly_the_same_rate_keep_their_places(void **state)
{
	struct stage *s = *state;

	send(s, 5, 100);
	send(s, 6, 110);
	tick(s);
	assert_int_equal(host_in(s, 1), 6);
	send(s, 5, 110);
	send(s, 6, 100);
	send(s, 7, 105);
	tick(s);
	assert_int_equal(host_in(s, 1), 6);
	assert_int_equal(host_in(s, 2), 5);
	assert_int_equal(host_in(s, 3), 7);
	send(s, 5, 100);
	send(s, 6, 100);
	send(s, 7, 300);
	tick(s);
	assert_int_equal(host_in(s, 1), 7);
	assert_int_equal(host_in(s, 2), 6);
	assert_int_equal(host_in(s, 3), 5);
}

/* The rates on the screen fall from row to row, up to the tenth within which rows stay. */
static void
assert_sorted_as_shown(const struct stage *s, unsigned column)
{
	for (uint32_t i = 2; i < 4; i++) {
		double above = state_row(&s->st, i - 1)->cell[column].x;

		assert_true(state_row(&s->st, i)->cell[column].x <= above * 1.1);
	}
}

/* What is received and what is sent are smoothed as their sum is. */
static void
assert_rates_add_up(const struct stage *s)
{
	const struct view *v = views[s->st.view];
	unsigned in = (unsigned)(view_find_column(v, "bps_in") - v->cols);
	unsigned out = (unsigned)(view_find_column(v, "bps_out") - v->cols);
	unsigned both = (unsigned)(view_find_column(v, "bps") - v->cols);

	for (uint32_t i = 1; i < 4; i++) {
		const struct value *cell = state_row(&s->st, i)->cell;

		assert_true(cell[in].x + cell[out].x < cell[both].x + 1e-6);
		assert_true(cell[in].x + cell[out].x > cell[both].x - 1e-6);
	}
}

/* Two that take turns, and one in the middle that is steady: nobody moves, and the column that is
 * sorted by shows why. */
static void
steady_rows_do_not_swap(void **state)
{
	struct stage *s = *state;
	unsigned by;
	bool desc;

	send(s, 5, 120);
	send(s, 6, 100);
	send(s, 7, 50);
	tick(s);
	by = state_get_sort(&s->st, &desc);
	for (int i = 0; i < 75; i++) {
		send(s, 5, i % 2 == 0 ? 145 : 85);
		send(s, 6, i % 2 == 0 ? 85 : 145);
		send(s, 7, i % 3 == 2 ? 150 : 2);
		tick(s);
		assert_int_equal(host_in(s, 1), 5);
		assert_int_equal(host_in(s, 2), 6);
		assert_int_equal(host_in(s, 3), 7);
		assert_sorted_as_shown(s, by);
		assert_rates_add_up(s);
	}
	assert_true(state_row(&s->st, 1)->cell[by].x > 1.1 * state_row(&s->st, 3)->cell[by].x);
}

/* A change that lasts is shown as it is. */
static void
a_lasting_change_moves_a_row(void **state)
{
	struct stage *s = *state;
	unsigned by;
	bool desc;

	for (int i = 0; i < 10; i++) {
		send(s, 5, 100);
		send(s, 6, 50);
		tick(s);
	}
	by = state_get_sort(&s->st, &desc);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(host_in(s, 1), 5);
		send(s, 5, 10);
		send(s, 6, 50);
		tick(s);
	}
	assert_int_equal(host_in(s, 1), 6);
	assert_true(state_row(&s->st, 1)->cell[by].x > 4 * state_row(&s->st, 2)->cell[by].x);
}

/* A new sort shows the true order. */
static void
sorting_anew_takes_the_lists_own_order(void **state)
{
	struct stage *s = *state;

	send(s, 5, 100);
	send(s, 6, 110);
	tick(s);
	send(s, 5, 110);
	send(s, 6, 100);
	tick(s);
	assert_int_equal(host_in(s, 1), 6);
	type(s, "RR");
	assert_int_equal(host_in(s, 1), 5);
}

static void
a_frozen_picture_stands_still(void **state)
{
	struct stage *s = *state;
	char before[512];

	send(s, 5, 10);
	tick(s);
	type(s, "<Space>");
	strlcpy(before, line(s, 1), sizeof(before));
	send(s, 6, 500);
	tick(s);
	tick(s);
	assert_string_equal(line(s, 1), before);
	assert_int_equal(line_with(s, "10.0.0.6"), -1);
	assert_non_null(strstr(line(s, 0), "FROZEN 2.0s behind"));
	type(s, "<Space>");
	assert_int_not_equal(line_with(s, "10.0.0.6"), -1);
	assert_non_null(strstr(line(s, 0), "LIVE"));
}

static void
sorting_follows_the_keys(void **state)
{
	struct stage *s = *state;
	bool desc;

	assert_int_equal(
	    state_get_sort(&s->st, &desc), view_find_column(views[0], "bps") - views[0]->cols);
	assert_true(desc);
	type(s, "R");
	state_get_sort(&s->st, &desc);
	assert_false(desc);
	type(s, ":sort address desc<Enter>");
	assert_int_equal(state_get_sort(&s->st, &desc), 0);
	assert_true(desc);
	type(s, "<lt>");
	assert_int_equal(state_get_sort(&s->st, &desc), views[0]->n_cols - 1);
	type(s, ">");
	assert_int_equal(state_get_sort(&s->st, &desc), 0);
	type(s, ":sort nonsense<Enter>");
	assert_int_equal(s->st.prompt, PROMPT_COMMAND);
	assert_non_null(strstr(s->st.error.s, "nonsense"));
	assert_int_equal(state_get_sort(&s->st, &desc), 0);
}

static void
toggles_are_shown_as_chips(void **state)
{
	struct stage *s = *state;

	send(s, 5, 10);
	tick(s);
	type(s, "t");
	assert_int_equal(s->st.classes, SCOPE_ALL & ~(1u << CLASS_TCP));
	assert_int_not_equal(line_with(s, "-TCP"), -1);
	assert_int_not_equal(line_with(s, "all rows are hidden"), -1);
	type(s, "t");
	assert_int_equal(line_with(s, "-TCP"), -1);
	type(s, "v");
	assert_int_not_equal(line_with(s, "-IPv6"), -1);
	type(s, "v");
	assert_int_not_equal(line_with(s, "-IPv4"), -1);
	assert_int_equal(line_with(s, "-IPv6"), -1);
	type(s, "v");
	assert_true(s->st.ip4 && s->st.ip6);
}

static void
a_filter_works_while_it_is_typed(void **state)
{
	struct stage *s = *state;

	send(s, 5, 10);
	send(s, 6, 5);
	tick(s);
	type(s, "/10.0.0.6");
	assert_int_equal(row_list_n_matched(s->st.list), 1);
	type(s, "<Esc>");
	assert_int_equal(row_list_n_matched(s->st.list), 3);
	assert_string_equal(s->st.filter_text, "");
	type(s, "/10.0.0.6<Enter>");
	assert_int_equal(s->st.prompt, PROMPT_NONE);
	assert_string_equal(s->st.filter_text, "10.0.0.6");
	assert_int_not_equal(line_with(s, "show: 10.0.0.6"), -1);
	type(s, "<Esc>");
	assert_string_equal(s->st.filter_text, "");
	assert_int_equal(row_list_n_matched(s->st.list), 3);
}

static void
a_wrong_filter_is_said_and_the_last_good_one_stays(void **state)
{
	struct stage *s = *state;

	send(s, 5, 10);
	tick(s);
	type(s, "/10.0.0.5<Enter>/ (<Enter>");
	assert_int_equal(s->st.prompt, PROMPT_SHOW);
	assert_int_not_equal(s->st.error.len, 0);
	assert_int_equal(row_list_n_matched(s->st.list), 1);
	assert_int_equal(line_with(s, s->st.error.s), 22);
	type(s, "<C-u><Enter>");
	assert_int_equal(s->st.prompt, PROMPT_NONE);
	assert_string_equal(s->st.filter_text, "");
}

static void
a_filter_that_a_view_cannot_read_takes_all_there(void **state)
{
	struct stage *s = *state;

	send(s, 5, 10);
	tick(s);
	type(s, "/bps_in >= 0<Enter>4");
	assert_int_equal(row_list_n_matched(s->st.list), 1);
	assert_int_not_equal(line_with(s, "not for this view"), -1);
	type(s, "1");
	assert_int_equal(line_with(s, "not for this view"), -1);
	assert_int_equal(row_list_n_matched(s->st.list), 2);
}

static void
enter_opens_the_flows_of_a_host_and_esc_comes_back(void **state)
{
	struct stage *s = *state;

	send(s, 5, 10);
	send(s, 6, 5);
	tick(s);
	type(s, "/10.0<Enter>j<Enter><Enter>");
	assert_string_equal(views[s->st.view]->name, "flows");
	assert_string_equal(s->st.filter_text, "host 10.0.0.6");
	assert_int_equal(row_list_n_matched(s->st.list), 1);
	type(s, "<Esc>");
	assert_string_equal(views[s->st.view]->name, "talkers");
	assert_string_equal(s->st.filter_text, "10.0");
	assert_int_equal(selected(s), 6);
}

static void
enter_opens_the_flows_of_a_port(void **state)
{
	struct stage *s = *state;

	send(s, 5, 10);
	tick(s);
	type(s, "4<Enter><Enter>");
	assert_string_equal(s->st.filter_text, "tcp port 443");
	assert_int_equal(row_list_n_matched(s->st.list), 1);
}

static void
typing_is_edited_by_whole_characters(void **state)
{
	struct stage *s = *state;

	type(s, ":aé漢z");
	assert_string_equal(s->st.typed, "aé漢z");
	type(s, "<Left><Left><BS>");
	assert_string_equal(s->st.typed, "a漢z");
	type(s, "<Del>");
	assert_string_equal(s->st.typed, "az");
	type(s, "<C-a>é<C-e>!<Home><Right>.");
	assert_string_equal(s->st.typed, "é.az!");
	type(s, "<End> two  words<C-w>");
	assert_string_equal(s->st.typed, "é.az! two  ");
	type(s, "<C-w><C-w><C-w>");
	assert_string_equal(s->st.typed, "");
	type(s, "abc<Left><C-u>");
	assert_string_equal(s->st.typed, "c");
	type(s, "<BS>");
	assert_string_equal(s->st.typed, "c");
	type(s, "<Del><BS>");
	assert_int_equal(s->st.prompt, PROMPT_NONE);
}

static void
what_cannot_be_shown_is_not_typed(void **state)
{
	struct stage *s = *state;

	type(s, ":");
	input_key(&s->st, 0x9b);
	input_key(&s->st, 0x202e);
	input_key(&s->st, 0xd800);
	input_key(&s->st, 0);
	input_key(&s->st, KEYC_F10);
	assert_string_equal(s->st.typed, "");
	for (unsigned i = 0; i < FILTER_MAX / 2 + 100; i++)
		input_key(&s->st, 0xe9);
	assert_int_equal(s->st.typed_len, FILTER_MAX);
	input_key(&s->st, 'x');
	assert_int_equal(s->st.typed_len, FILTER_MAX);
	assert_true(text_is_clean(s->st.typed));
}

static void
history_is_kept_apart_and_bounded(void **state)
{
	struct stage *s = *state;

	type(s, ":view flows<Enter>:view ports<Enter>:xy<Up>");
	assert_string_equal(s->st.typed, "view ports");
	type(s, "<Up><Up><Up>");
	assert_string_equal(s->st.typed, "view flows");
	type(s, "<Down><Down>");
	assert_string_equal(s->st.typed, "xy");
	type(s, "<Esc>d<Up>");
	assert_string_equal(s->st.typed, "");
	type(s, "<Esc>");
	for (int i = 0; i < 3 * PROMPT_HISTORY; i++)
		type(s, i % 2 != 0 ? ":freeze on<Enter>" : ":freeze off<Enter>");
	assert_int_equal(s->st.history[PROMPT_COMMAND].n, PROMPT_HISTORY);
}

static void
delays_are_checked(void **state)
{
	struct stage *s = *state;

	type(s, "d0.5<Enter>");
	assert_true(s->st.delay > 0.49 && s->st.delay < 0.51);
	assert_true(s->requests & REQ_DELAY);
	type(s, "d0<Enter>");
	assert_int_equal(s->st.prompt, PROMPT_DELAY);
	assert_int_not_equal(s->st.error.len, 0);
	type(s, "<Esc>+");
	assert_true(s->st.delay > 0.99 && s->st.delay < 1.01);
	type(s, "------------");
	assert_true(s->st.delay > 0.09 && s->st.delay < 0.11);
	type(s, ":delay nan<Enter>");
	assert_true(s->st.message_bad);
	assert_true(s->st.delay > 0.09 && s->st.delay < 0.11);
}

static void
commands_say_what_is_wrong_with_them(void **state)
{
	struct stage *s = *state;

	assert_int_equal(command_run(&s->st, "frobnicate now"), 0);
	assert_non_null(strstr(s->st.message.s, "frobnicate"));
	command_run(&s->st, "toggle sctp");
	assert_non_null(strstr(s->st.message.s, "sctp"));
	command_run(&s->st, "view");
	assert_true(s->st.message_bad);
	assert_int_equal(command_run(&s->st, "   "), 0);
	assert_true(command_run(&s->st, "  'view' \"flows\"  ") & REQ_RANK);
	assert_string_equal(views[s->st.view]->name, "flows");
	assert_true(command_run(&s->st, "capture  tcp port 80 ") & REQ_CAPTURE_FILTER);
	assert_string_equal(s->st.capture_filter, "tcp port 80");
	command_run(&s->st, "units bytes");
	assert_true(s->st.units.bytes_per_second);
}

static void
quitting_works_everywhere(void **state)
{
	struct stage *s = *state;

	type(s, "q");
	assert_true(s->requests & REQ_QUIT);
	type(s, "/ab<C-c>");
	assert_true(s->requests & REQ_QUIT);
	type(s, "<Esc>?<F10>");
	assert_true(s->requests & REQ_QUIT);
}

/* In each view the keys that work there; in all views together all of them. */
static void
help_fits_two_pages_and_says_every_key(void **state)
{
	struct stage *s = *state;
	bool said[256] = { false };

	assert_in_range(n_keys, 1, 256);
	for (unsigned v = 0; v < n_views; v++) {
		s->st.help = false;
		state_show_view(&s->st, v);
		type(s, "?");
		assert_true(s->st.help);
		assert_non_null(strstr(line(s, 0), views[v]->title));
		for (unsigned i = 0; i < n_keys; i++)
			said[i] |= line_with(s, keys[i].label) != -1;
		type(s, "<PgDn>");
		for (unsigned i = 0; i < n_keys; i++)
			said[i] |= line_with(s, keys[i].label) != -1;
	}
	for (unsigned i = 0; i < n_keys; i++)
		if (!said[i])
			fail_msg("no view's help says %s", keys[i].label);
	state_show_view(&s->st, 0);
	type(s, "?");
	assert_int_equal(line_with(s, "traffic longer"), -1);
	type(s, "mG");
	assert_int_not_equal(line_with(s, "traffic"), -1);
	assert_in_range(s->st.help_top, 1, 1000);
	type(s, "<Esc>");
	assert_int_not_equal(line_with(s, "exit at once"), -1);
	type(s, "<Esc>");
	assert_false(s->st.help);
}

/* The key hints list what can be done now. */
static void
the_line_of_keys_follows_the_mode(void **state)
{
	static const struct {
		const char *keys, *text;
	} rows[] = {
		{ "", "Enter detail" },
		{ " ", "Space resume" },
		{ " 0", ". longer" },
		{ "13", "* all" },
		{ "h", "m manual" },
		{ "m", "Esc the keys" },
		{ "<Esc><Esc>1/x<Enter>", "Esc all rows" },
		{ "c", "Left Right move" },
	};
	struct stage *s = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		type(s, rows[i].keys);
		if (strstr(line(s, 23), rows[i].text) == NULL)
			fail_msg("after \"%s\": no \"%s\" in \"%s\"", rows[i].keys, rows[i].text,
			    line(s, 23));
	}
}

static void
every_size_can_be_painted(void **state)
{
	static const char *const situations[] = { "", "?", "<Esc>/10.0", "<lt>", "<Esc>:", "<Esc>G",
		"<Enter>" };
	struct stage *s = *state;

	send_many(s);
	for (size_t i = 0; i < sizeof(situations) / sizeof(situations[0]); i++) {
		type(s, situations[i]);
		for (int rows = 1; rows <= 30; rows++) {
			for (int cols = 1; cols <= 90; cols += 1 + cols / 8) {
				canvas_resize(&s->c, cols, rows);
				screen_paint(&s->c, &s->st, s->l, &s->f);
				rank(s);
				screen_paint(&s->c, &s->st, s->l, &s->f);
				assert_in_range(s->c.cursor_x + 1, 0, cols);
				assert_in_range(s->c.cursor_y + 1, 0, rows);
			}
		}
	}
}

static void
small_screens_keep_what_matters(void **state)
{
	struct stage *s = *state;

	send_many(s);
	canvas_resize(&s->c, 40, 10);
	assert_non_null(strstr(line(s, 0), "rate"));
	assert_non_null(strstr(line(s, 1), "ADDRESS"));
	assert_non_null(strstr(line(s, 2), "192.0.2.1"));
	assert_non_null(strstr(line(s, 9), "more rows"));
	canvas_resize(&s->c, 20, 5);
	assert_non_null(strstr(line(s, 1), "RATE"));
	canvas_resize(&s->c, 30, 4);
	assert_non_null(strstr(line(s, 0), "rate"));
	assert_string_equal(line(s, 1), "");
}

/* A value that changes must not move its neighbours. */
static void
nothing_changes_at_rest(void **state)
{
	struct stage *s = *state;
	char before[24][512];

	send(s, 5, 10);
	for (int i = 0; i < 300; i++)
		tick(s);
	for (int y = 0; y < 24; y++)
		strlcpy(before[y], line(s, y), sizeof(before[y]));
	tick(s);
	for (int y = 1; y < 24; y++)
		assert_string_equal(line(s, y), before[y]);
	assert_string_not_equal(line(s, 0), before[0]);
	assert_int_equal(strlen(line(s, 0)), strlen(before[0]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(restart_asks_first),
		TEST(records_take_names),
		TEST(zero_is_no_switch),
		TEST(the_cursor_stays_on_top_until_it_is_moved),
		TEST(the_selected_row_stays_on_the_screen),
		TEST(pages_and_ends_are_reached),
		TEST(moving_in_an_empty_table_does_nothing),
		TEST(a_held_order_keeps_rows_in_their_places),
		TEST(rows_of_nearly_the_same_rate_keep_their_places),
		TEST(steady_rows_do_not_swap),
		TEST(a_lasting_change_moves_a_row),
		TEST(sorting_anew_takes_the_lists_own_order),
		TEST(a_frozen_picture_stands_still),
		TEST(sorting_follows_the_keys),
		TEST(toggles_are_shown_as_chips),
		TEST(a_filter_works_while_it_is_typed),
		TEST(a_wrong_filter_is_said_and_the_last_good_one_stays),
		TEST(a_filter_that_a_view_cannot_read_takes_all_there),
		TEST(enter_opens_the_flows_of_a_host_and_esc_comes_back),
		TEST(enter_opens_the_flows_of_a_port),
		TEST(typing_is_edited_by_whole_characters),
		TEST(what_cannot_be_shown_is_not_typed),
		TEST(history_is_kept_apart_and_bounded),
		TEST(delays_are_checked),
		TEST(commands_say_what_is_wrong_with_them),
		TEST(quitting_works_everywhere),
		TEST(help_fits_two_pages_and_says_every_key),
		TEST(the_line_of_keys_follows_the_mode),
		TEST(every_size_can_be_painted),
		TEST(small_screens_keep_what_matters),
		TEST(nothing_changes_at_rest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
