/* Which columns of a view stand side by side, and how wide. */
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

static struct arrange usual;

static const struct view *
talkers(void)
{
	return view_find("talkers");
}

static unsigned
number_of(const struct view *v, const char *name)
{
	return (unsigned)(view_column(v, name) - v->cols);
}

static bool
has(const struct fit *fit, const struct view *v, const char *name)
{
	return fit_has(fit, number_of(v, name));
}

static void
columns_stand_apart_and_on_the_screen(void **state)
{
	(void)state;
	for (unsigned i = 0; i < n_views; i++) {
		for (int width = 1; width < 400; width++) {
			struct fit fit;
			int x = MARGIN;

			fit_columns(&fit, views[i], &usual, 0, MARGIN, width);
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
			struct fit fit;

			fit_columns(&fit, v, &usual, sorted, MARGIN, width);
			assert_true(has(&fit, v, v->cols[sorted].name));
		}
	}
}

/* Whole IPv6 addresses are worth more than another number beside them. */
static void
who_it_is_comes_first(void **state)
{
	const struct view *v = talkers();
	struct fit fit;

	(void)state;
	fit_columns(&fit, v, &usual, number_of(v, "bps"), MARGIN, 80 - MARGIN);
	assert_int_equal(fit.col[0].width, v->cols[0].max);
	assert_true(has(&fit, v, "bps_in"));
	assert_true(has(&fit, v, "bps_out"));
	assert_true(has(&fit, v, "bps"));
}

static void
details_come_only_on_a_very_wide_screen(void **state)
{
	const struct view *v = talkers();
	struct fit fit;

	(void)state;
	fit_columns(&fit, v, &usual, number_of(v, "bps"), MARGIN, 160 - MARGIN);
	assert_false(has(&fit, v, "pps"));
	fit_columns(&fit, v, &usual, number_of(v, "pps"), MARGIN, 80 - MARGIN);
	assert_true(has(&fit, v, "pps"));
	fit_columns(&fit, v, &usual, number_of(v, "bps"), MARGIN, 240 - MARGIN);
	assert_true(has(&fit, v, "pps"));
}

/* On a narrow screen names are cut before one of the ends of a flow is not there at all. */
static void
names_are_cut_before_they_leave(void **state)
{
	const struct view *flows = view_find("flows"), *health = view_find("health");
	struct fit fit;

	(void)state;
	fit_columns(&fit, flows, &usual, number_of(flows, "bytes"), MARGIN, 40 - MARGIN);
	assert_true(has(&fit, flows, "a"));
	assert_true(has(&fit, flows, "b"));
	fit_columns(&fit, health, &usual, number_of(health, "pain"), MARGIN, 40 - MARGIN);
	assert_true(has(&fit, health, "reason"));
}

static int
width_of(const struct fit *fit, const struct view *v, const char *name)
{
	for (unsigned i = 0; i < fit->n; i++)
		if (fit->col[i].column == number_of(v, name))
			return fit->col[i].width;
	return 0;
}

/* What talkers need: addresses and names of that many cells. */
static struct fit_needs
needing(size_t address, size_t name)
{
	struct fit_needs n = { .known = false };

	fit_needs_begin(&n, 0, 0, 1);
	fit_needs_add(&n, number_of(talkers(), "address"), address);
	fit_needs_add(&n, number_of(talkers(), "name"), name);
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
		{ 80, 13, 0, 39, 0 },   /* there is no name, and nothing moves */
		{ 80, 13, 20, 18, 20 }, /* a name comes in */
		{ 80, 25, 30, 25, 13 }, /* an address is never cut for it */
		{ 80, 39, 30, 39, 0 },
		{ 130, 13, 20, 39, 30 }, /* there is room for both */
		{ 130, 13, 38, 31, 38 },
		{ 130, 39, 38, 39, 30 },
	};
	const struct view *v = talkers();

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct fit_needs needs = needing(rows[i].address, rows[i].name);
		struct fit before, fit;

		fit_columns(&fit, v, &usual, number_of(v, "bps"), MARGIN, rows[i].cols - MARGIN);
		before = fit;
		fit_names(&fit, v, &usual, &needs);
		assert_int_equal(width_of(&fit, v, "address"), rows[i].gets);
		assert_int_equal(width_of(&fit, v, "name"), rows[i].name_gets);
		assert_int_equal(fit.col[fit.n - 1].x + fit.col[fit.n - 1].width,
		    before.col[before.n - 1].x + before.col[before.n - 1].width);
	}
}

/* In all views, whatever their texts need: none is less wide than before and cut. */
static void
none_is_cut_for_another(void **state)
{
	(void)state;
	for (unsigned i = 0; i < n_views; i++) {
		for (int width = 20; width < 300; width += 7) {
			struct fit_needs needs = { .known = false };
			struct fit before, fit;

			fit_needs_begin(&needs, i, 0, 1);
			for (unsigned c = 0; c < views[i]->n_cols; c++)
				fit_needs_add(&needs, c, (c * 13 + (unsigned)width) % 60);
			fit_columns(&before, views[i], &usual, 0, MARGIN, width);
			fit = before;
			fit_names(&fit, views[i], &usual, &needs);
			for (unsigned k = 0; k < before.n; k++) {
				const struct fit_column *c = &before.col[k];
				int now = width_of(&fit, views[i], views[i]->cols[c->column].name);

				assert_true(now >= c->width || now >= needs.now[c->column]);
			}
		}
	}
}

/* Widths grow at once, and shrink when nothing needed them for a while, or for another order. */
static void
needs_are_held_for_a_while(void **state)
{
	struct fit_needs n = { .known = false };

	(void)state;
	fit_needs_begin(&n, 1, 2, 0);
	fit_needs_add(&n, 0, 10);
	fit_needs_add(&n, 0, 30);
	assert_int_equal(n.now[0], 30);
	fit_needs_begin(&n, 1, 2, FIT_HOLD_NS);
	fit_needs_add(&n, 0, 10);
	assert_int_equal(n.now[0], 30);
	fit_needs_begin(&n, 1, 2, 2 * FIT_HOLD_NS);
	assert_int_equal(n.now[0], 10);
	fit_needs_add(&n, 0, 20);
	fit_needs_begin(&n, 1, 3, 2 * FIT_HOLD_NS);
	assert_int_equal(n.now[0], 0);
	fit_needs_add(&n, 0, 20);
	fit_needs_begin(&n, 2, 3, 2 * FIT_HOLD_NS);
	assert_int_equal(n.now[0], 0);
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

	arrange_default(&usual);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
