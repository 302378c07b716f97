#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "screen/canvas.h"
#include "util/attr.h"
#include "util/buf.h"

static const char *
row(const struct canvas *c, int y)
{
	static char text[256];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	canvas_text(c, y, &b);
	return text;
}

static void
newest_sample_is_at_the_right(void **state)
{
	static const double v[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8 };
	struct canvas c;

	(void)state;
	canvas_init(&c, false);
	canvas_resize(&c, 12, 1);
	graph_bars_up(&c, 0, 0, 12, 1, v, NITEMS(v), 8, STYLE_GRAPH);
	assert_string_equal(row(&c, 0), "    ▁▂▃▄▅▆▇█");
	canvas_clear(&c);
	graph_bars_up(&c, 1, 0, 3, 1, v, NITEMS(v), 8, STYLE_GRAPH);
	assert_string_equal(row(&c, 0), " ▆▇█");
	canvas_fini(&c);
}

static void
ascii_has_eight_steps_too(void **state)
{
	static const double v[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8 };
	struct canvas c;

	(void)state;
	canvas_init(&c, true);
	canvas_resize(&c, 9, 1);
	graph_bars_up(&c, 0, 0, 9, 1, v, NITEMS(v), 8, STYLE_GRAPH);
	assert_string_equal(row(&c, 0), " .:-=+*#@");
	canvas_fini(&c);
}

static void
little_is_seen_and_nonsense_is_nothing(void **state)
{
	const double v[] = { 0.0001, NAN, -3, INFINITY, 1e300 };
	struct canvas c;

	(void)state;
	canvas_init(&c, false);
	canvas_resize(&c, 5, 1);
	graph_bars_up(&c, 0, 0, 5, 1, v, NITEMS(v), 100, STYLE_GRAPH);
	assert_string_equal(row(&c, 0), "▁  ██");
	graph_bars_up(&c, 0, 0, 5, 1, v, NITEMS(v), 0, STYLE_GRAPH);
	assert_string_equal(row(&c, 0), "");
	canvas_fini(&c);
}

static void
rows_fill_from_below(void **state)
{
	static const double v[] = { 4, 8, 12, 16 };
	struct canvas c;

	(void)state;
	canvas_init(&c, false);
	canvas_resize(&c, 4, 2);
	graph_bars_up(&c, 0, 1, 4, 2, v, NITEMS(v), 16, STYLE_GRAPH);
	assert_string_equal(row(&c, 0), "  ▄█");
	assert_string_equal(row(&c, 1), "▄███");
	canvas_fini(&c);
}

static void
bars_are_as_long_as_their_share(void **state)
{
	struct canvas c;

	(void)state;
	canvas_init(&c, false);
	canvas_resize(&c, 4, 1);
	graph_bar(&c, 0, 0, 4, 0.5, STYLE_BAR);
	assert_string_equal(row(&c, 0), "██");
	graph_bar(&c, 0, 0, 4, 0.28125, STYLE_BAR);
	assert_string_equal(row(&c, 0), "█▏");
	graph_bar(&c, 0, 0, 4, 2, STYLE_BAR);
	assert_string_equal(row(&c, 0), "████");
	graph_bar(&c, 0, 0, 4, -1, STYLE_BAR);
	assert_string_equal(row(&c, 0), "");
	graph_bar(&c, 0, 0, -4, 1, STYLE_BAR);
	assert_string_equal(row(&c, 0), "");
	c.ascii = true;
	graph_bar(&c, 0, 0, 4, 0.625, STYLE_BAR);
	assert_string_equal(row(&c, 0), "##=");
	canvas_fini(&c);
}

static void
scale_ends_at_a_round_number(void **state)
{
	/* clang-format off */
	static const struct {
		double v, top;
	} t[] = {
		{ 0, 1 }, { -5, 1 }, { 0.3, 0.5 }, { 1, 1 }, { 1.01, 2 }, { 2, 2 }, { 4.9, 5 },
		{ 5.1, 10 }, { 1000, 1000 }, { 99999, 100000 }, { 123456, 200000 },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < NITEMS(t); i++)
		assert_true(fabs(graph_axis_top(t[i].v) - t[i].top) < t[i].top * 1e-9);
	assert_true(isfinite(graph_axis_top(NAN)));
	assert_true(isfinite(graph_axis_top(INFINITY)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(newest_sample_is_at_the_right),
		cmocka_unit_test(ascii_has_eight_steps_too),
		cmocka_unit_test(little_is_seen_and_nonsense_is_nothing),
		cmocka_unit_test(rows_fill_from_below),
		cmocka_unit_test(bars_are_as_long_as_their_share),
		cmocka_unit_test(scale_ends_at_a_round_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
