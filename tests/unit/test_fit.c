/* Which columns of a view are displayed, and how wide. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "util/buf.h"
#include "view/column_layout.h"
#include "view/row_list.h"
#include "view/view.h"

#define MARGIN 2

static struct column_prefs usual;

static const struct view *
talkers(void)
{
	return view_by_name("talkers");
}

static unsigned
number_of(const struct view *v, const char *name)
{
	return (unsigned)(view_find_column(v, name) - v->cols);
}

static bool
has(const struct column_layout *fit, const struct view *v, const char *name)
{
	return column_layout_has(fit, number_of(v, name));
}

/* Lays out a view in `width` cells. */
static struct column_layout
fit_in(const struct view *v, const char *sorted, int width, const struct column_needs *needs)
{
	const struct column_space space = {
		.v = v,
		.prefs = &usual,
		.needs = needs,
		.sorted = sorted != NULL ? number_of(v, sorted) : 0,
		.x = MARGIN,
		.width = width,
	};
	struct column_layout fit;

	column_layout_make(&fit, &space);
	return fit;
}

static int
width_of(const struct column_layout *fit, const struct view *v, const char *name)
{
	for (unsigned i = 0; i < fit->n; i++)
		if (fit->col[i].column == number_of(v, name))
			return fit->col[i].width;
	return 0;
}

static int
end_of(const struct column_layout *fit)
{
	return fit->col[fit->n - 1].x + fit->col[fit->n - 1].width;
}

/* Needs of a view whose texts have that many cells; the other columns have numbers. */
static struct column_needs
needs_of(const struct view *v, const char *texts)
{
	struct column_needs n = { .v = NULL };
	char name[32];
	unsigned cells;
	int used;

	column_needs_begin(&n, v, 0, 1);
	for (unsigned i = 0; i < v->n_cols; i++)
		if (!v->cols[i].left)
			column_needs_add_text(&n, i, 1);
	for (; sscanf(texts, " %31[a-z_]=%u%n", name, &cells, &used) == 2; texts += used)
		column_needs_add_text(&n, number_of(v, name), cells);
	return n;
}

/* Texts and numbers of any widths, some of them empty. */
static struct column_needs
any_needs(const struct view *v, unsigned seed)
{
	struct column_needs n = { .v = NULL };

	column_needs_begin(&n, v, 0, 1);
	for (unsigned i = 0; i < v->n_cols; i++)
		if ((i + seed) % 5 != 0)
			column_needs_add_text(
			    &n, i, v->cols[i].left ? (i * 13 + seed * 7) % 45 + 1 : 1);
	return n;
}

static void
columns_stand_apart_and_on_the_screen(void **state)
{
	(void)state;
	for (unsigned i = 0; i < n_views; i++) {
		for (int width = 1; width < 400; width++) {
			const struct column_needs needs = any_needs(views[i], (unsigned)width);
			struct column_layout fit =
			    fit_in(views[i], NULL, width, width % 2 == 0 ? &needs : NULL);
			int x = MARGIN;

			assert_true(fit.n > 0);
			for (unsigned k = 0; k < fit.n; k++) {
				assert_true(fit.col[k].x >= x);
				assert_true(fit.col[k].width > 0);
				x = fit.col[k].x + fit.col[k].width + 1;
			}
			assert_true(end_of(&fit) <= MARGIN + width);
		}
	}
}

static void
the_column_sorted_by_stays(void **state)
{
	const struct view *v = talkers();

	(void)state;
	for (unsigned sorted = 0; sorted < v->n_cols; sorted++) {
		for (int width = 40; width < 400; width++) {
			struct column_layout fit = fit_in(v, v->cols[sorted].name, width, NULL);

			assert_true(has(&fit, v, v->cols[sorted].name));
		}
	}
}

/* The columns that each size must have, with texts of usual lengths. */
static void
important_columns_are_shown(void **state)
{
	static const struct {
		const char *view, *sorted;
		int cols;
		const char *texts, *shown;
	} rows[] = {
		{ "talkers", "bps", 80, "address=15 name=18",
		    "address name bps_in bps_out bps flows retransmissions" },
		{ "talkers", "bps", 80, "address=39 name=30", "address bps_in bps_out bps" },
		{ "talkers", "bps", 20, "address=13", "address bps" },
		{ "flows", "bps", 80, "protocol=4 a=15 b=15 b_port=8 a_port=5 state=11",
		    "protocol a b b_port state bps_ab bps_ba bps" },
		{ "flows", "bps", 40, "protocol=4 a=15 b=15 b_port=8 a_port=5 state=11",
		    "a b b_port bps" },
		{ "health", "severity", 80, "address=15 problems=26",
		    "address problems severity rtt retransmissions refused unanswered" },
		{ "health", "severity", 40, "address=13 problems=20", "address problems severity" },
		{ "ports", "bps", 20, "service=5 protocol=3", "protocol port bps" },
		{ "ports", "bps", 40, "service=10 protocol=6", "service protocol port bps" },
		{ "packets", "time", 80, "time=15 protocol=4 a=15 b=15 a_port=5 b_port=5 flags=4",
		    "time protocol a a_port b b_port length flags" },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct view *v = view_by_name(rows[i].view);
		const struct column_needs needs = needs_of(v, rows[i].texts);
		struct column_layout fit = fit_in(v, rows[i].sorted, rows[i].cols - MARGIN, &needs);
		char names[128], *rest = names, *name;

		strlcpy(names, rows[i].shown, sizeof(names));
		while ((name = strsep(&rest, " ")) != NULL)
			if (!has(&fit, v, name))
				fail_msg("%s, %d: no %s", v->name, rows[i].cols, name);
	}
}

/* The cells with which a column that is not shown would be useful. */
static int
least_width(const struct view *v, unsigned column, const struct column_needs *needs)
{
	const struct column *c = &v->cols[column];
	int title = (int)strlen(c->title), need = needs->held.cells[column];

	if (c->left && c->type == V_TIME && need > c->max)
		return c->max;
	if (!c->left || (c->type != V_TIME && need > c->min))
		return c->min;
	return need > title ? need : title;
}

/* No room is left for a column that is hidden, and none is cut while there is room. */
static void
room_is_used(void **state)
{
	(void)state;
	for (unsigned i = 0; i < n_views; i++) {
		for (int width = 20; width < 300; width++) {
			const struct view *v = views[i];
			const struct column_needs needs = any_needs(v, (unsigned)width);
			struct column_layout fit = fit_in(v, NULL, width, &needs);
			int room = MARGIN + width - end_of(&fit);

			for (unsigned c = 0; c < v->n_cols; c++)
				if (needs.held.cells[c] > 0 && !column_layout_has(&fit, c) &&
				    v->cols[c].names == NULL &&
				    (width >= COLUMN_BUSY_WIDTH || !column_is_busy(&v->cols[c])))
					assert_true(room < 1 + least_width(v, c, &needs));
			for (unsigned k = 0; k < fit.n && room > 0; k++) {
				const struct column *c = &v->cols[fit.col[k].column];

				if (c->left && c->type != V_TIME)
					assert_true(fit.col[k].width >= c->max ||
					    fit.col[k].width >=
						needs.held.cells[fit.col[k].column]);
			}
		}
	}
}

/* Numbers that change all the time are details for a very wide screen. */
static void
busy_columns_need_a_wide_screen(void **state)
{
	const struct view *v = talkers();
	const struct column_needs needs = needs_of(v, "address=13");
	struct column_layout fit = fit_in(v, "bps", COLUMN_BUSY_WIDTH - 1, &needs);

	(void)state;
	assert_false(has(&fit, v, "pps"));
	fit = fit_in(v, "bps", COLUMN_BUSY_WIDTH, &needs);
	assert_true(has(&fit, v, "pps"));
	fit = fit_in(v, "pps", 78, &needs);
	assert_true(has(&fit, v, "pps"));
}

/* Texts are complete before minor columns are shown. */
static void
names_come_before_details(void **state)
{
	const struct view *v = talkers();

	(void)state;
	for (int width = 60; width < 200; width++) {
		const struct column_needs needs = needs_of(v, "address=39 name=40");
		struct column_layout fit = fit_in(v, "bps", width, &needs);

		if (has(&fit, v, "pps")) {
			assert_int_equal(width_of(&fit, v, "address"), 39);
			assert_int_equal(width_of(&fit, v, "name"), 40);
		}
	}
}

/* A column without values is left out, and comes back with the first one. */
static void
empty_columns_are_left_out(void **state)
{
	const struct view *v = talkers();
	struct column_needs needs = needs_of(v, "address=13");
	struct column_layout fit = fit_in(v, "bps", 78, &needs);

	(void)state;
	assert_false(has(&fit, v, "name"));
	column_needs_add_text(&needs, number_of(v, "name"), 9);
	fit = fit_in(v, "bps", 78, &needs);
	assert_int_equal(width_of(&fit, v, "name"), 9);
}

/* Two flows that differ in one column only. */
struct twins {
	const char *differs;
	const char *a[2], *b[2]; /* addresses */
	unsigned a_port[2], b_port[2];
	const char *protocol[2], *context[2];
	const char *a_name; /* of both */
};

static struct value
address(const char *dotted)
{
	unsigned b[4];
	struct addr a = { .w = { 0 } };

	assert_int_equal(sscanf(dotted, "%u.%u.%u.%u", &b[0], &b[1], &b[2], &b[3]), 4);
	for (unsigned i = 0; i < 4; i++)
		a.b[i] = (uint8_t)b[i];
	return value_addr(ADDR_IP4, &a);
}

static void
make_row(struct table_row *row, struct value *cells, const struct twins *p, int i)
{
	const struct view *v = view_by_name("flows");

	memset(cells, 0, VIEW_COLUMNS * sizeof(*cells));
	cells[number_of(v, "protocol")] = value_textf("%s", p->protocol[i]);
	cells[number_of(v, "a")] = address(p->a[i]);
	cells[number_of(v, "b")] = address(p->b[i]);
	cells[number_of(v, "a_port")] = value_n(V_PORT, p->a_port[i]);
	cells[number_of(v, "b_port")] = value_n(V_PORT, p->b_port[i]);
	cells[number_of(v, "bps")] = value_x(V_BYTE_RATE, 1);
	cells[number_of(v, "state")] = value_textf("established");
	if (p->context[i] != NULL)
		cells[number_of(v, "context")] = value_textf("%s", p->context[i]);
	if (p->a_name != NULL)
		cells[number_of(v, "a_name")] = value_textf("%s", p->a_name);
	*row = (struct table_row){ .cell = cells };
}

static void
add_shown(struct buf *b, const struct column_needs *needs, const struct column_layout *fit,
    const struct table_row *row)
{
	const struct units units = { .numeric = false };

	for (unsigned i = 0; i < fit->n; i++) {
		column_cell_text(b, &needs->v->cols[fit->col[i].column],
		    column_shown_cell(needs, needs->v, row, fit->col[i].column), &units,
		    fit->col[i].width);
		buf_addc(b, ' ');
	}
}

/* On a screen of any width, rows that differ do not look the same. */
static void
rows_do_not_look_alike(void **state)
{
#define SAME_A                                                                                     \
	{                                                                                          \
		"192.0.2.1", "192.0.2.1"                                                           \
	}
#define SAME_B                                                                                     \
	{                                                                                          \
		"198.51.100.14", "198.51.100.14"                                                   \
	}
#define TCP                                                                                        \
	{                                                                                          \
		"tcp", "tcp"                                                                       \
	}
	static const struct twins pairs[] = {
		{ "a", { "192.0.2.1", "192.0.2.2" }, SAME_B, { 40000, 40000 }, { 443, 443 }, TCP,
		    { NULL }, NULL },
		{ "a in its middle", { "198.51.100.14", "198.52.100.14" }, SAME_B, { 40000, 40000 },
		    { 443, 443 }, TCP, { NULL }, NULL },
		{ "a, but not its name", { "192.0.2.1", "192.0.2.2" }, SAME_B, { 40000, 40000 },
		    { 443, 443 }, TCP, { NULL }, "host.example" },
		{ "a_port, with names", SAME_A, SAME_B, { 40000, 40001 }, { 443, 443 }, TCP,
		    { NULL }, "host.example" },
		{ "a_port", SAME_A, SAME_B, { 40000, 40001 }, { 443, 443 }, TCP, { NULL }, NULL },
		{ "b_port", SAME_A, SAME_B, { 40000, 40000 }, { 443, 444 }, TCP, { NULL }, NULL },
		{ "protocol", SAME_A, SAME_B, { 40000, 40000 }, { 443, 443 }, { "tcp", "udp" },
		    { NULL }, NULL },
		{ "context", SAME_A, SAME_B, { 40000, 40000 }, { 443, 443 }, TCP,
		    { "vlan 1", "vlan 2" }, NULL },
	};
	const struct view *v = view_by_name("flows");
	const struct units units = { .numeric = false };

	(void)state;
	for (unsigned i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		for (int width = 18; width < 250; width++) {
			struct value cells[2][VIEW_COLUMNS];
			struct table_row row[2];
			const struct table_row *rows[2] = { &row[0], &row[1] };
			struct column_needs needs = { .v = NULL };
			const struct column_space space = { .v = v,
				.prefs = &usual,
				.needs = &needs,
				.sorted = number_of(v, "bps"),
				.x = MARGIN,
				.width = width };
			char text[2][512];
			struct column_layout fit;
			struct buf b;

			for (int k = 0; k < 2; k++)
				make_row(&row[k], cells[k], &pairs[i], k);
			column_needs_begin(&needs, v, space.sorted, 1);
			column_needs_measure(&needs, &space, &units, rows, 2);
			column_layout_make(&fit, &space);
			for (int k = 0; k < 2; k++) {
				buf_init(&b, text[k], sizeof(text[k]));
				add_shown(&b, &needs, &fit, rows[k]);
			}
			if (strcmp(text[0], text[1]) == 0)
				fail_msg("%s, %d: %s", pairs[i].differs, width, text[0]);
		}
	}
}

/* Widths grow at once.  They shrink if unneeded for some time, or in another order. */
static void
needs_are_held_for_a_while(void **state)
{
	const struct view *v = talkers();
	struct column_needs n = { .v = NULL };

	(void)state;
	column_needs_begin(&n, v, 2, 0);
	column_needs_add_text(&n, 0, 10);
	column_needs_add_text(&n, 0, 30);
	column_needs_add_required(&n, 3);
	assert_int_equal(n.held.cells[0], 30);
	column_needs_begin(&n, v, 2, COLUMN_NEEDS_HOLD_NS);
	column_needs_add_text(&n, 0, 10);
	assert_int_equal(n.held.cells[0], 30);
	assert_int_equal(n.held.required, 1 << 3);
	column_needs_begin(&n, v, 2, 2 * COLUMN_NEEDS_HOLD_NS);
	assert_int_equal(n.held.cells[0], 10);
	assert_int_equal(n.held.required, 0);
	column_needs_add_text(&n, 0, 20);
	column_needs_begin(&n, v, 3, 2 * COLUMN_NEEDS_HOLD_NS);
	assert_int_equal(n.held.cells[0], 0);
	column_needs_add_text(&n, 0, 20);
	column_needs_begin(&n, views[1], 3, 2 * COLUMN_NEEDS_HOLD_NS);
	assert_int_equal(n.held.cells[0], 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_stand_apart_and_on_the_screen),
		cmocka_unit_test(the_column_sorted_by_stays),
		cmocka_unit_test(important_columns_are_shown),
		cmocka_unit_test(room_is_used),
		cmocka_unit_test(busy_columns_need_a_wide_screen),
		cmocka_unit_test(names_come_before_details),
		cmocka_unit_test(empty_columns_are_left_out),
		cmocka_unit_test(rows_do_not_look_alike),
		cmocka_unit_test(needs_are_held_for_a_while),
	};

	column_prefs_default(&usual);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
