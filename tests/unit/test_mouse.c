/* The mouse: events of the terminal, and clicks on the screen. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "control/command.h"
#include "control/keymap.h"
#include "control/layout.h"
#include "screen/screen.h"
#include "ui/private.h"
#include "util/attr.h"
#include "util/hash.h"

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

struct stage {
	struct ledger *l;
	struct state st;
	struct canvas c;
};

static void
add_host(struct ledger *l, uint8_t host, uint32_t len)
{
	struct pkt p = { .ts = UINT64_C(1000000000), .len = len, .kind = ADDR_IP4, .proto = 17 };

	p.src.b[15] = host;
	p.dst.b[15] = 200;
	ledger_count(l, &p, 1);
}

static void
look(struct stage *s)
{
	static const struct screen_info f = { .source = "eth0", .mode = "LIVE" };

	refresh_begin(&s->st, s->l);
	while (row_list_step(s->st.list, UINT32_MAX))
		;
	refresh_finish(&s->st);
	screen_paint(&s->c, &s->st, s->l, &f);
}

static int
set_up(void **state)
{
	static struct stage s;
	static const struct hashkey key = { 1, 2 };

	memset(&s, 0, sizeof(s));
	s.l = ledger_new(&(struct ledger_config){ .memory = LEDGER_MEMORY_MIN, .key = &key });
	ledger_add_source(s.l, "eth0", 1, 0);
	for (uint8_t i = 1; i < 30; i++)
		add_host(s.l, i, 1000u - i);
	ledger_tick(s.l, UINT64_C(2000000000));
	while (ledger_fold(s.l, UINT32_MAX))
		;
	state_init(&s.st);
	canvas_init(&s.c, false);
	canvas_resize(&s.c, 80, 24);
	s.st.whole_time = true;
	look(&s);
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

static unsigned
click(struct stage *s, int x, int y)
{
	unsigned requests = screen_mouse(&s->c, &s->st, mouse_encode(MOUSE_CLICK, x, y));

	look(s);
	return requests;
}

/* The position of a text on the screen. */
static void
find(struct stage *s, const char *text, int *x, int *y)
{
	char line[1024];
	struct buf b;

	buf_init(&b, line, sizeof(line));
	for (*y = 0; *y < s->c.rows; (*y)++) {
		const char *at;

		buf_clear(&b);
		canvas_text(&s->c, *y, &b);
		if ((at = strstr(line, text)) == NULL)
			continue;
		*x = 0;
		for (const char *p = line; p < at; p++)
			*x += ((unsigned char)*p & 0xc0) != 0x80;
		return;
	}
	fail_msg("no \"%s\" on the screen", text);
}

static unsigned
click_text(struct stage *s, const char *text)
{
	int x, y;

	find(s, text, &x, &y);
	return click(s, x, y);
}

/* False if the terminal sent no valid event. */
static bool
hear(const char *text, uint32_t *key)
{
	struct mouse m;
	bool said = false;

	ui_mouse_init(&m);
	for (const char *s = text; *s != '\0'; s++) {
		assert_true(m.reading);
		said = ui_mouse_feed(&m, (unsigned char)*s, key);
	}
	assert_false(m.reading);
	return said;
}

static void
what_the_terminal_says_is_understood(void **state)
{
	static const char *const nonsense[] = { "0;1;1m", "1;1;1M", "35;1;1M", "M", "0;1M",
		"0;0;1M", "0;1;0M", "0;1;99999999999M", "0;1;1;1M", "0;-", "66;3;3M" };
	uint32_t key;

	(void)state;
	assert_true(hear("0;12;7M", &key));
	assert_int_equal(key, mouse_encode(MOUSE_CLICK, 11, 6));
	assert_true(hear("16;1000;500M", &key));
	assert_int_equal(key, mouse_encode(MOUSE_CLICK, 999, 499));
	assert_true(hear("64;1;1M", &key));
	assert_int_equal(key, mouse_encode(MOUSE_WHEEL_UP, 0, 0));
	assert_true(hear("65;1;1M", &key));
	assert_int_equal(key, mouse_encode(MOUSE_WHEEL_DOWN, 0, 0));
	for (size_t i = 0; i < NITEMS(nonsense); i++) {
		struct mouse m;

		ui_mouse_init(&m);
		for (const char *s = nonsense[i]; *s != '\0' && m.reading; s++)
			assert_false(ui_mouse_feed(&m, (unsigned char)*s, &key));
	}
}

static void
a_title_sorts_and_reverses(void **state)
{
	struct stage *s = *state;
	bool desc;

	click_text(s, "FLOWS");
	assert_string_equal(views[0]->cols[state_get_sort(&s->st, &desc)].name, "flows");
	assert_true(desc);
	click_text(s, "FLOWS");
	state_get_sort(&s->st, &desc);
	assert_false(desc);
}

static void
a_row_is_selected_and_then_opened(void **state)
{
	struct stage *s = *state;
	int x, y, first;

	find(s, "> ", &x, &first);
	click(s, 30, first + 3);
	assert_int_equal(s->st.per_view[0].cursor, 3);
	find(s, "> ", &x, &y);
	assert_int_equal(y, first + 3);
	assert_false(s->st.detail.open);
	click(s, 30, first + 3);
	assert_true(s->st.detail.open);
}

static void
the_detail_follows_the_mouse(void **state)
{
	struct stage *s = *state;
	struct row_key fourth;
	int x, first;

	find(s, "> ", &x, &first);
	click(s, 30, first + 3);
	fourth = s->st.per_view[0].selected_key;
	input_key(&s->st, KEYC_ENTER);
	look(s);
	assert_memory_equal(&s->st.detail.row.key, &fourth, sizeof(fourth));
	find(s, "> ", &x, &first);
	click(s, 30, first + 1);
	assert_memory_not_equal(&s->st.per_view[0].selected_key, &fourth, sizeof(fourth));
	assert_memory_equal(&s->st.detail.row.key, &s->st.per_view[0].selected_key, sizeof(fourth));
}

static void
a_tab_shows_its_view(void **state)
{
	struct stage *s = *state;

	click_text(s, "3 Prot");
	assert_string_equal(views[s->st.view]->name, "protocols");
}

static void
a_hint_presses_its_key(void **state)
{
	struct stage *s = *state;

	click_text(s, "h help");
	assert_true(s->st.help);
	click_text(s, "Esc back");
	assert_false(s->st.help);
	assert_int_equal(click_text(s, "q quit") & REQ_QUIT, REQ_QUIT);
}

static void
the_wheel_moves_the_cursor(void **state)
{
	struct stage *s = *state;

	screen_mouse(&s->c, &s->st, mouse_encode(MOUSE_WHEEL_DOWN, 5, 5));
	assert_int_equal(s->st.per_view[0].cursor, 3);
	screen_mouse(&s->c, &s->st, mouse_encode(MOUSE_WHEEL_UP, 5, 5));
	assert_int_equal(s->st.per_view[0].cursor, 0);
}

/* A menu covers the table. */
static void
menus_are_clicked_too(void **state)
{
	struct stage *s = *state;
	bool desc;

	command_run(&s->st, "menu sort");
	look(s);
	click_text(s, "Sort by");
	assert_int_equal(s->st.per_view[0].cursor, 0);
	command_run(&s->st, "select top");
	look(s);
	click_text(s, "bps_in");
	assert_string_equal(s->st.menu.name, "bps_in");
	click_text(s, "bps_in");
	assert_string_equal(views[0]->cols[state_get_sort(&s->st, &desc)].name, "bps_in");
	click_text(s, "Enter sort");
	state_get_sort(&s->st, &desc);
	assert_false(desc);
	click_text(s, "Esc back");
	assert_int_equal(s->st.menu.kind, MENU_NONE);
}

static void
what_is_typed_stays(void **state)
{
	struct stage *s = *state;

	command_run(&s->st, "prompt show");
	look(s);
	click_text(s, "3 Prot");
	assert_int_equal(s->st.view, 0);
	assert_int_equal(s->st.prompt, PROMPT_SHOW);
}

/* Interfaces are listed after their menu has opened: the cursor starts on the one in use. */
static void
a_menu_that_fills_later_begins_where_it_should(void **state)
{
	struct stage *s = *state;

	command_run(&s->st, "menu interfaces");
	look(s);
	s->st.ifaces.n = 2;
	strlcpy(s->st.ifaces.iface[0].name, "eth0", IFACE_NAME_LEN);
	strlcpy(s->st.ifaces.iface[1].name, "lo", IFACE_NAME_LEN);
	s->st.ifaces.iface[1].captured = true;
	look(s);
	assert_string_equal(s->st.menu.name, "lo");
}

/* Clicks at every position, at every size. */
static void
every_cell_can_be_clicked(void **state)
{
	struct stage *s = *state;

	for (int cols = 1; cols < 220; cols += 37) {
		for (int rows = 1; rows < 60; rows += 7) {
			canvas_resize(&s->c, cols, rows);
			look(s);
			for (int i = 0; i < cols * rows; i += 13) {
				click(s, i % cols, i / cols);
				s->st.confirm_command = NULL;
			}
		}
	}
}

/* A click on the side panel of a wide screen selects no row. */
static void
the_panel_is_no_row(void **state)
{
	struct stage *s = *state;
	uint32_t *at = &s->st.per_view[s->st.view].cursor;
	int x, y, left;

	canvas_resize(&s->c, 160, 40);
	s->st.cols = 160;
	s->st.rows = 40;
	look(s);
	left = s->c.cols - panel_width(&s->st);
	find(s, "PROTOCOLS", &x, &y);
	for (int below = 1; below < 8; below++) {
		for (x = left; x < s->c.cols; x++)
			assert_int_equal(click(s, x, y + below), 0);
		assert_int_equal(*at, 0);
	}
	click(s, left - 1, y + 5);
	assert_int_equal(*at, 4);
	command_run(&s->st, "pane off");
	look(s);
	click(s, left + 5, y + 3);
	assert_int_equal(*at, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_terminal_says_is_understood),
		TEST(a_title_sorts_and_reverses),
		TEST(a_row_is_selected_and_then_opened),
		TEST(the_detail_follows_the_mouse),
		TEST(a_tab_shows_its_view),
		TEST(a_hint_presses_its_key),
		TEST(the_wheel_moves_the_cursor),
		TEST(menus_are_clicked_too),
		TEST(what_is_typed_stays),
		TEST(a_menu_that_fills_later_begins_where_it_should),
		TEST(every_cell_can_be_clicked),
		TEST(the_panel_is_no_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
