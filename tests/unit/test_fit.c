/* Which columns of a view are displayed, and how wide. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "view/column_layout.h"
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

static void
columns_stand_apart_and_on_the_screen(void **state)
{
	(void)state;
	for (unsigned i = 0; i < n_views; i++) {
		for (int width = 1; width < 400; width++) {
			struct column_layout fit;
			int x = MARGIN;

			column_layout_make(&fit, views[i], &usual, 0, MARGIN, width);
			assert_true(fit.n > 0);
			for (unsigned k = 0; k < fit.n; k++) {
				assert_true(fit.col[k].x >= x);
				assert_true(fit.col[k].width > 0);
				x = fit.col[k].x + fit.col[k].width + 1;
			}
			assert_true(x <= MARGIN + width || fit.n == 1);
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
			struct column_layout fit;

			column_layout_make(&fit, v, &usual, sorted, MARGIN, width);
			assert_true(has(&fit, v, v->cols[sorted].name));
		}
	}
}

/* Complete IPv6 addresses have priority over another number. */
static void
who_it_is_comes_first(void **state)
{
	const struct view *v = talkers();
	struct column_layout fit;

	(void)state;
	column_layout_make(&fit, v, &usual, number_of(v, "bps"), MARGIN, 80 - MARGIN);
	assert_int_equal(fit.col[0].width, v->cols[0].max);
	assert_true(has(&fit, v, "bps_in"));
	assert_true(has(&fit, v, "bps_out"));
	assert_true(has(&fit, v, "bps"));
}

static void
details_come_only_on_a_very_wide_screen(void **state)
{
	const struct view *v = talkers();
	struct column_layout fit;

	(void)state;
	column_layout_make(&fit, v, &usual, number_of(v, "bps"), MARGIN, 160 - MARGIN);
	assert_false(has(&fit, v, "pps"));
	column_layout_make(&fit, v, &usual, number_of(v, "pps"), MARGIN, 80 - MARGIN);
	assert_true(has(&fit, v, "pps"));
	column_layout_make(&fit, v, &usual, number_of(v, "bps"), MARGIN, 240 - MARGIN);
	assert_true(has(&fit, v, "pps"));
}

/* On a narrow screen names are cut before an end of a flow is dropped. */
static void
names_are_cut_before_they_leave(void **state)
{
	const struct view *flows = view_by_name("flows"), *health = view_by_name("health");
	struct column_layout fit;

	(void)state;
	column_layout_make(&fit, flows, &usual, number_of(flows, "bytes"), MARGIN, 40 - MARGIN);
	assert_true(has(&fit, flows, "a"));
	assert_true(has(&fit, flows, "b"));
	column_layout_make(
	    &fit, health, &usual, number_of(health, "severity"), MARGIN, 40 - MARGIN);
	assert_true(has(&fit, health, "problems"));
}

static int
width_of(const struct column_layout *fit, const struct view *v, const char *name)
{
	for (unsigned i = 0; i < fit->n; i++)
		if (fit->col[i].column == number_of(v, name))
			return fit->col[i].width;
	return 0;
}

/* Needs of talkers: addresses and names of that many cells. */
static struct column_needs
needing(size_t address, size_t name)
{
	struct column_needs n = { .known = false };

	column_needs_begin(&n, 0, 0, 1);
	column_needs_add_text(&n, number_of(talkers(), "address"), address);
	column_needs_add_text(&n, number_of(talkers(), "name"), name);
	return n;
}

static void
room_goes_to_what_is_cut(void **state)
{
	static const struct {
		int cols;
		size_t address, name; /* cells that they need */
		int gets, name_gets;
	} rows[] = {
		{ 80, 13, 0, 39, 0 },   /* there is no name, and nothing changes */
		{ 80, 13, 20, 18, 20 }, /* a name appears */
		{ 80, 25, 30, 25, 13 }, /* an address is not cut for it */
		{ 80, 39, 30, 39, 0 },
		{ 130, 13, 20, 39, 30 }, /* there is room for both */
		{ 130, 13, 38, 31, 38 },
		{ 130, 39, 38, 39, 30 },
	};
	const struct view *v = talkers();

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct column_needs needs = needing(rows[i].address, rows[i].name);
		struct column_layout before, fit;

		column_layout_make(
		    &fit, v, &usual, number_of(v, "bps"), MARGIN, rows[i].cols - MARGIN);
		before = fit;
		column_layout_fit_texts(&fit, v, &usual, &needs);
		assert_int_equal(width_of(&fit, v, "address"), rows[i].gets);
		assert_int_equal(width_of(&fit, v, "name"), rows[i].name_gets);
		assert_int_equal(fit.col[fit.n - 1].x + fit.col[fit.n - 1].width,
		    before.col[before.n - 1].x + before.col[before.n - 1].width);
	}
}

/* In all views, for any needed widths: no column is cut that had room before. */
static void
none_is_cut_for_another(void **state)
{
	(void)state;
	for (unsigned i = 0; i < n_views; i++) {
		for (int width = 20; width < 300; width += 7) {
			struct column_needs needs = { .known = false };
			struct column_layout before, fit;

			column_needs_begin(&needs, i, 0, 1);
			for (unsigned c = 0; c < views[i]->n_cols; c++)
				column_needs_add_text(&needs, c, (c * 13 + (unsigned)width) % 60);
			column_layout_make(&before, views[i], &usual, 0, MARGIN, width);
			fit = before;
			column_layout_fit_texts(&fit, views[i], &usual, &needs);
			for (unsigned k = 0; k < before.n; k++) {
				const struct column_slot *c = &before.col[k];
				int now = width_of(&fit, views[i], views[i]->cols[c->column].name);

				assert_true(now >= c->width || now >= needs.cells[c->column]);
			}
		}
	}
}

/* Widths grow at once. They shrink if unneeded for some time, or in another order. */
static void
needs_are_held_for_a_while(void **state)
{
	struct column_needs n = { .known = false };

	(void)state;
	column_needs_begin(&n, 1, 2, 0);
	column_needs_add_text(&n, 0, 10);
	column_needs_add_text(&n, 0, 30);
	assert_int_equal(n.cells[0], 30);
	column_needs_begin(&n, 1, 2, COLUMN_NEEDS_HOLD_NS);
	column_needs_add_text(&n, 0, 10);
	assert_int_equal(n.cells[0], 30);
	column_needs_begin(&n, 1, 2, 2 * COLUMN_NEEDS_HOLD_NS);
	assert_int_equal(n.cells[0], 10);
	column_needs_add_text(&n, 0, 20);
	column_needs_begin(&n, 1, 3, 2 * COLUMN_NEEDS_HOLD_NS);
	assert_int_equal(n.cells[0], 0);
	column_needs_add_text(&n, 0, 20);
	column_needs_begin(&n, 2, 3, 2 * COLUMN_NEEDS_HOLD_NS);
	assert_int_equal(n.cells[0], 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_stand_apart_and_on_the_screen),
		cmocka_unit_test(the_column_sorted_by_stays),
		cmocka_unit_test(who_it_is_comes_first),
		cmocka_unit_test(details_come_only_on_a_very_wide_screen),
		cmocka_unit_test(names_are_cut_before_they_leave),
		cmocka_unit_test(room_goes_to_what_is_cut),
		cmocka_unit_test(none_is_cut_for_another),
		cmocka_unit_test(needs_are_held_for_a_while),
	};

	column_prefs_default(&usual);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
