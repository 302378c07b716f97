/* Which columns of a view stand side by side, and how wide. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "view/fit.h"
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_stand_apart_and_on_the_screen),
		cmocka_unit_test(the_column_sorted_by_stays),
		cmocka_unit_test(who_it_is_comes_first),
		cmocka_unit_test(details_come_only_on_a_very_wide_screen),
		cmocka_unit_test(names_are_cut_before_they_leave),
	};

	arrange_default(&usual);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
