/* The looks of styles: each palette is respected, and nothing is shown by colour alone. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ui/term.h"
#include "util/attr.h"

static enum theme theme; /* the tested one */

static bool
same(const struct look *a, const struct look *b)
{
	return a->fg == b->fg && a->bg == b->bg && a->bits == b->bits;
}

static void
test_palettes_are_kept_to(void **state)
{
	static const struct {
		int colors, largest;
	} rows[] = { { 0, -1 }, { 2, -1 }, { 8, 7 }, { 16, 15 }, { 88, 15 }, { 256, 255 },
		{ 1 << 24, 7 } };

	(void)state;
	for (size_t i = 0; i < NITEMS(rows); i++) {
		for (unsigned st = 0; st < STYLES; st++) {
			const struct look *l = theme_look(theme, (enum style)st, rows[i].colors);

			assert_true(l->fg >= -1 && l->fg <= rows[i].largest);
			assert_true(l->bg >= -1 && l->bg <= rows[i].largest);
		}
	}
}

/* The colour of the terminal's text is unknown: it may equal a background that a style sets. */
static void
test_background_comes_with_foreground(void **state)
{
	static const int colors[] = { 8, 16, 256 };

	(void)state;
	for (size_t i = 0; i < NITEMS(colors); i++) {
		for (unsigned st = 0; st < STYLES; st++) {
			const struct look *l = theme_look(theme, (enum style)st, colors[i]);

			if (l->bg != LOOK_DEFAULT)
				assert_int_not_equal(l->fg, LOOK_DEFAULT);
		}
	}
}

static void
test_what_must_be_told_apart(void **state)
{
	static const enum style pairs[][2] = {
		{ STYLE_PLAIN, STYLE_STRONG },
		{ STYLE_PLAIN, STYLE_SELECTED },
		{ STYLE_PLAIN, STYLE_KEY },
		{ STYLE_PLAIN, STYLE_CHIP_OFF },
		{ STYLE_PLAIN, STYLE_WARN },
		{ STYLE_PLAIN, STYLE_ERROR },
		{ STYLE_WARN, STYLE_BAD },
		{ STYLE_HEAD, STYLE_SORTED },
		{ STYLE_HEAD, STYLE_SELECTED }, /* the first row is below them */
		{ STYLE_PLAIN, STYLE_BAD },
		{ STYLE_SELECTED, STYLE_BAD },
		{ STYLE_SELECTED, STYLE_WARN },
		{ STYLE_TITLE, STYLE_BAD },
	};
	static const int colors[] = { 0, 8, 16, 256 };

	(void)state;
	for (size_t i = 0; i < NITEMS(colors); i++)
		for (size_t k = 0; k < NITEMS(pairs); k++)
			assert_false(same(theme_look(theme, pairs[k][0], colors[i]),
			    theme_look(theme, pairs[k][1], colors[i])));
}

static void
test_plain_is_the_terminals_own(void **state)
{
	static const int colors[] = { 0, 8, 16, 256, 1 << 24 };

	(void)state;
	for (size_t i = 0; i < NITEMS(colors); i++) {
		const struct look *l = theme_look(theme, STYLE_PLAIN, colors[i]);

		assert_int_equal(l->fg, LOOK_DEFAULT);
		assert_int_equal(l->bg, LOOK_DEFAULT);
		assert_int_equal(l->bits, 0);
	}
}

static bool
is_red(int16_t color)
{
	static const int16_t reds[] = { 1, 9, 124, 160, 166, 196 };

	for (size_t i = 0; i < NITEMS(reds); i++)
		if (reds[i] == color)
			return true;
	return false;
}

/* A high load is not an error. */
static void
test_red_is_for_loss_alone(void **state)
{
	static const int colors[] = { 8, 16, 256 };

	(void)state;
	for (size_t i = 0; i < NITEMS(colors); i++) {
		for (unsigned st = 0; st < STYLES; st++) {
			const struct look *l = theme_look(theme, (enum style)st, colors[i]);

			if (st != STYLE_BAD && st != STYLE_ERROR)
				assert_false(is_red(l->fg) || is_red(l->bg));
			else if (theme != THEME_MONO)
				assert_true(is_red(l->fg) || is_red(l->bg));
		}
	}
}

/* Without colours attributes remain. */
static void
test_mono_says_it_without_colours(void **state)
{
	(void)state;
	for (unsigned st = 0; st < STYLES; st++) {
		const struct look *l = theme_look(THEME_MONO, (enum style)st, 256);

		assert_int_equal(l->fg, LOOK_DEFAULT);
		assert_int_equal(l->bg, LOOK_DEFAULT);
	}
	assert_int_not_equal(theme_look(THEME_MONO, STYLE_BAD, 256)->bits, 0);
	assert_int_not_equal(theme_look(THEME_SAFE, STYLE_BAD, 256)->bits & LOOK_UNDERLINE, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_palettes_are_kept_to),
		cmocka_unit_test(test_background_comes_with_foreground),
		cmocka_unit_test(test_what_must_be_told_apart),
		cmocka_unit_test(test_plain_is_the_terminals_own),
		cmocka_unit_test(test_red_is_for_loss_alone),
		cmocka_unit_test(test_mono_says_it_without_colours),
	};
	int failed = 0;

	for (unsigned i = 0; i < THEMES; i++) {
		theme = (enum theme)i;
		failed += cmocka_run_group_tests_name(theme_names[i], tests, NULL, NULL);
	}
	return failed;
}
