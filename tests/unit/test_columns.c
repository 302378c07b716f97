/* The columns of a view as the user arranges them: by commands, and in menus. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "control/command.h"
#include "control/keymap.h"
#include "control/layout.h"
#include "control/state.h"
#include "screen/screen.h"
#include "traffic.h"

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

static int
set_up(void **state)
{
	static struct state st;

	state_init(&st);
	*state = &st;
	return 0;
}

static int
tear_down(void **state)
{
	state_fini(*state);
	return 0;
}

/* The columns on the screen, "address bps_in ..."; borrowed until the next call. */
static const char *
seen(const struct state *st)
{
	static char text[1024];
	struct column_layout fit;
	struct buf b;

	table_layout_columns(st, &fit);
	buf_init(&b, text, sizeof(text));
	for (unsigned i = 0; i < fit.n; i++)
		buf_addf(
		    &b, "%s%s", i > 0 ? " " : "", views[st->view]->cols[fit.col[i].column].name);
	return text;
}

static int
width_of(const struct state *st, const char *name)
{
	const struct view *v = views[st->view];
	struct column_layout fit;

	table_layout_columns(st, &fit);
	for (unsigned i = 0; i < fit.n; i++)
		if (strcmp(v->cols[fit.col[i].column].name, name) == 0)
			return fit.col[i].width;
	return 0;
}

static const char *
saved(const struct state *st)
{
	static char text[2048];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	column_prefs_commands(&st->column_prefs[st->view], views[st->view], &b);
	return text;
}

static void
type(struct state *st, const char *s)
{
	uint32_t code;

	while (key_parse(&s, &code))
		input_key(st, code);
}

static void
chosen_columns_come_before_all_others(void **state)
{
	struct state *st = *state;

	assert_null(strstr(seen(st), "pps"));
	command_run(st, "columns +pps,+resets");
	assert_non_null(strstr(seen(st), "pps"));
	assert_non_null(strstr(seen(st), "resets"));
	assert_non_null(strstr(seen(st), "address"));
	assert_string_equal(saved(st), "columns +pps,+resets\n");
}

/* They are dropped in their stated order, too, and only completely. */
static void
chosen_columns_leave_where_there_is_no_room(void **state)
{
	struct state *st = *state;

	command_run(st, "columns +packets_in,+packets_out,+packets,+pps");
	for (int cols = 10; cols < 200; cols++) {
		struct column_layout fit;
		int end = TABLE_MARGIN;

		st->cols = cols;
		table_layout_columns(st, &fit);
		for (unsigned i = 0; i < fit.n; i++) {
			const struct column *c = &views[0]->cols[fit.col[i].column];

			if (fit.n > 2)
				assert_true(c->left || fit.col[i].width >= c->min);
			assert_true(fit.col[i].x >= end);
			end = fit.col[i].x + fit.col[i].width + 1;
		}
		assert_true(end - 1 <= cols);
	}
	st->cols = 34;
	command_run(st, "columns +first");
	assert_non_null(strstr(st->message.s, "no room"));
}

static void
hidden_columns_stay_away(void **state)
{
	struct state *st = *state;

	st->cols = 200;
	assert_non_null(strstr(seen(st), "share"));
	command_run(st, "columns -share,-address");
	assert_null(strstr(seen(st), "share"));
	assert_null(strstr(seen(st), "address"));
	command_run(st, "columns default");
	assert_non_null(strstr(seen(st), "share"));
	assert_string_equal(saved(st), "");
}

static void
the_column_sorted_by_stays_though_it_is_hidden(void **state)
{
	struct state *st = *state;

	command_run(st, "columns -bps");
	assert_non_null(strstr(st->message.s, "rows are sorted by it"));
	assert_int_not_equal(width_of(st, "bps"), 0);
	command_run(st, "sort bytes");
	assert_int_equal(width_of(st, "bps"), 0);
}

static void
the_last_column_cannot_be_hidden(void **state)
{
	struct state *st = *state;

	command_run(st, "columns address");
	command_run(st, "columns -address");
	assert_true(st->message_bad);
	assert_non_null(strstr(seen(st), "address"));
}

static void
a_list_of_columns_is_all_there_is(void **state)
{
	struct state *st = *state;

	command_run(st, "columns bytes,address,bps");
	assert_string_equal(seen(st), "bytes address bps");
	command_run(st, "columns order bps");
	assert_string_equal(seen(st), "bps bytes address");
}

static void
wrong_names_change_nothing(void **state)
{
	static const char *const lines[] = { "columns bytes,nonsense", "columns +nonsense",
		"columns bytes,+pps,", "columns order", "column", "column nonsense left",
		"column bytes", "column bytes up", "column bytes wider 0", "column bytes wider x",
		"columns -" };
	struct state *st = *state;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		command_run(st, lines[i]);
		assert_true(st->message_bad);
		assert_string_equal(saved(st), "");
	}
}

static void
moving_passes_over_what_is_hidden(void **state)
{
	struct state *st = *state;

	command_run(st, "columns -name,-bps_in");
	command_run(st, "column bps_out left");
	assert_int_equal(strncmp(seen(st), "bps_out address", 15), 0);
	command_run(st, "column bps_out left 99");
	assert_int_equal(strncmp(seen(st), "bps_out address", 15), 0);
	command_run(st, "column bps_out right 2");
	assert_int_equal(strncmp(seen(st), "address bps bps_out", 19), 0);
}

static void
columns_get_wider_and_numbers_are_never_cut(void **state)
{
	struct state *st = *state;
	int bps = width_of(st, "bps"), address;

	command_run(st, "column bps wider 3");
	assert_int_equal(width_of(st, "bps"), bps + 3);
	command_run(st, "column bps narrower 9");
	assert_int_equal(width_of(st, "bps"), bps);
	assert_non_null(strstr(st->message.s, "fixed by its numbers"));
	address = width_of(st, "address");
	command_run(st, "column address narrower 10");
	assert_in_range(width_of(st, "address"), 1, address - 8);
	for (int i = 0; i < 20; i++)
		command_run(st, "column address wider 99");
	assert_int_equal(st->column_prefs[0].extra_width[0], COLUMN_MAX_EXTRA);
}

/* The saved settings restore the arrangement. */
static void
what_is_saved_says_it_all(void **state)
{
	struct state *st = *state;
	char text[2048], *line, *rest = text;
	struct column_prefs before;

	command_run(st, "columns -name,+pps,+first");
	command_run(st, "column bps left 2");
	command_run(st, "column last left 9");
	command_run(st, "column address narrower 4");
	command_run(st, "column bytes wider 2");
	strlcpy(text, saved(st), sizeof(text));
	before = st->column_prefs[0];
	command_run(st, "columns default");
	assert_memory_not_equal(&before, &st->column_prefs[0], sizeof(before));
	while ((line = strsep(&rest, "\n")) != NULL)
		command_run(st, line);
	assert_memory_equal(&before, &st->column_prefs[0], sizeof(before));
}

static void
each_view_has_its_own(void **state)
{
	struct state *st = *state;

	command_run(st, "columns -bytes");
	command_run(st, "view flows");
	assert_string_equal(saved(st), "");
	command_run(st, "view talkers");
	assert_string_equal(saved(st), "columns -bytes\n");
}

static void
the_menu_shows_hides_and_moves(void **state)
{
	struct state *st = *state;

	type(st, "c");
	assert_int_equal(st->menu.kind, MENU_COLUMNS);
	assert_string_equal(st->menu.name, "address");
	type(st, "jj<Space>");
	assert_string_equal(st->menu.name, "bps_in");
	assert_null(strstr(seen(st), "bps_in"));
	type(st, "<Space>");
	assert_non_null(strstr(seen(st), "bps_in"));
	assert_string_equal(saved(st), "");
	type(st, "<Right>");
	assert_string_equal(st->menu.name, "bps_in");
	assert_string_equal(saved(st), "columns order address,name,bps_out\n");
	type(st, "++-");
	assert_int_equal(st->column_prefs[0].extra_width[2], 1);
	type(st, "=");
	assert_string_equal(saved(st), "");
	type(st, "<Esc>");
	assert_int_equal(st->menu.kind, MENU_NONE);
}

static void
the_sort_menu_sorts_and_reverses(void **state)
{
	struct state *st = *state;
	bool desc;

	type(st, "S");
	assert_string_equal(st->menu.name, "bps");
	type(st, "g<Enter>");
	assert_int_equal(state_get_sort(st, &desc), 0);
	assert_false(desc);
	type(st, "<Enter>");
	assert_true(desc || (state_get_sort(st, &desc), desc));
	type(st, "<Enter>");
	state_get_sort(st, &desc);
	assert_false(desc);
	type(st, "S");
	assert_int_equal(st->menu.kind, MENU_NONE);
}

static void
a_menu_is_left_by_q_and_by_another_view(void **state)
{
	struct state *st = *state;
	uint32_t q = 'q';

	type(st, "c");
	assert_int_equal(input_key(st, q) & REQ_QUIT, 0);
	assert_int_equal(st->menu.kind, MENU_NONE);
	type(st, "c2");
	assert_int_equal(st->menu.kind, MENU_NONE);
	assert_string_equal(views[st->view]->name, "flows");
}

static void
an_empty_menu_does_nothing(void **state)
{
	struct state *st = *state;

	type(st, "I<Enter>+-jkG<PgUp>");
	assert_int_equal(st->menu.kind, MENU_INTERFACES);
	assert_string_equal(st->ifaces.request, "");
}

static void
interfaces_are_wished_for_by_name(void **state)
{
	struct state *st = *state;

	assert_int_equal(input_key(st, 'I') & REQ_LIST_INTERFACES, REQ_LIST_INTERFACES);
	st->ifaces.n = 2;
	strlcpy(st->ifaces.iface[0].name, "eth0", IFACE_NAME_LEN);
	strlcpy(st->ifaces.iface[1].name, "eth1", IFACE_NAME_LEN);
	type(st, "j");
	assert_string_equal(st->menu.name, "eth1");
	assert_int_equal(input_key(st, '+') & REQ_CAPTURE_ON, REQ_CAPTURE_ON);
	assert_string_equal(st->ifaces.request, "+eth1");
	type(st, "k<Enter>");
	assert_string_equal(st->ifaces.request, "eth0");
	type(st, "-");
	assert_string_equal(st->ifaces.request, "-eth0");
	command_run(st, "interface +");
	assert_true(st->message_bad);
}

/* The line of column titles is the one with the sort mark. */
static void
assert_mark_stands_apart(const struct canvas *c, const char *sorted)
{
	char line[4096];
	struct buf b;

	for (int y = 0; y < c->rows; y++) {
		const char *mark;

		buf_init(&b, line, sizeof(line));
		canvas_text(c, y, &b);
		if ((mark = strstr(line, "▾")) == NULL)
			continue;
		mark += strlen("▾");
		if (*mark != '\0' && *mark != ' ')
			fail_msg("%d cells, %s: %s", c->cols, sorted, line);
		return;
	}
	fail_msg("no mark: %s", sorted);
}

static void
a_sorted_title_keeps_its_distance(void **state)
{
	static const int widths[] = { 40, 80, 100, 132, 160, 240 };
	const struct screen_info f = { .source = "eth0", .mode = "LIVE" };
	struct ledger *l = traffic_none();
	struct state *st = *state;
	struct canvas c;
	char line[64];
	struct buf b;

	canvas_init(&c, false);
	for (unsigned i = 0; i < n_views; i++) {
		for (unsigned k = 0; !views[i]->is_graph && k < views[i]->n_cols; k++) {
			state_show_view(st, i);
			buf_init(&b, line, sizeof(line));
			buf_addf(&b, "sort %s desc", views[i]->cols[k].name);
			command_run(st, line);
			for (unsigned w = 0; w < NITEMS(widths); w++) {
				canvas_resize(&c, widths[w], 24);
				screen_paint(&c, st, l, &f);
				assert_mark_stands_apart(&c, line);
			}
		}
	}
	canvas_fini(&c);
	ledger_del(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(chosen_columns_come_before_all_others),
		TEST(chosen_columns_leave_where_there_is_no_room),
		TEST(hidden_columns_stay_away),
		TEST(the_column_sorted_by_stays_though_it_is_hidden),
		TEST(the_last_column_cannot_be_hidden),
		TEST(a_list_of_columns_is_all_there_is),
		TEST(wrong_names_change_nothing),
		TEST(moving_passes_over_what_is_hidden),
		TEST(columns_get_wider_and_numbers_are_never_cut),
		TEST(what_is_saved_says_it_all),
		TEST(each_view_has_its_own),
		TEST(the_menu_shows_hides_and_moves),
		TEST(the_sort_menu_sorts_and_reverses),
		TEST(a_menu_is_left_by_q_and_by_another_view),
		TEST(a_sorted_title_keeps_its_distance),
		TEST(an_empty_menu_does_nothing),
		TEST(interfaces_are_wished_for_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
