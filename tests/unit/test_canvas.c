#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "screen/canvas.h"
#include "util/buf.h"
#include "util/text.h"

static const char *
row(const struct canvas *c, int y)
{
	static char text[4096];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	canvas_text(c, y, &b);
	return text;
}

static void
put_stays_within_its_width_and_the_canvas(void **state)
{
	struct canvas c;

	(void)state;
	canvas_init(&c, false);
	canvas_resize(&c, 8, 2);
	assert_int_equal(canvas_put(&c, 1, 0, 3, STYLE_PLAIN, "abcdef"), 3);
	assert_string_equal(row(&c, 0), " abc");
	assert_int_equal(canvas_put(&c, 6, 1, 5, STYLE_PLAIN, "vwxyz"), 5);
	assert_string_equal(row(&c, 1), "      vw");
	canvas_put(&c, -2, 0, 9, STYLE_PLAIN, "12345");
	assert_string_equal(row(&c, 0), "345c");
	assert_int_equal(canvas_put(&c, 0, 0, 0, STYLE_PLAIN, "x"), 0);
	canvas_put(&c, 0, -1, 8, STYLE_PLAIN, "above");
	canvas_put(&c, 0, 2, 8, STYLE_PLAIN, "below");
	assert_string_equal(row(&c, 0), "345c");
	canvas_fini(&c);
}

static void
wide_characters_are_never_halved(void **state)
{
	struct canvas c;

	(void)state;
	canvas_init(&c, false);
	canvas_resize(&c, 5, 1);
	assert_int_equal(canvas_put(&c, 0, 0, 3, STYLE_PLAIN, "漢字"), 2);
	assert_string_equal(row(&c, 0), "漢");
	canvas_put(&c, 0, 0, 5, STYLE_PLAIN, "漢字");
	canvas_put(&c, 1, 0, 1, STYLE_PLAIN, "x");
	assert_string_equal(row(&c, 0), " x字");
	canvas_put(&c, 2, 0, 1, STYLE_PLAIN, "y");
	assert_string_equal(row(&c, 0), " xy");
	canvas_clear(&c);
	canvas_put(&c, 4, 0, 2, STYLE_PLAIN, "漢");
	assert_string_equal(row(&c, 0), "");
	canvas_fini(&c);
}

static void
marks_stay_with_their_character(void **state)
{
	struct canvas c;

	(void)state;
	canvas_init(&c, false);
	canvas_resize(&c, 4, 1);
	assert_int_equal(canvas_put(&c, 0, 0, 4, STYLE_PLAIN, "e\u0301z"), 2);
	assert_string_equal(row(&c, 0), "e\u0301z");
	canvas_put(&c, 0, 0, 1, STYLE_PLAIN, "\u0301a");
	assert_string_equal(row(&c, 0), "az");
	canvas_put(&c, 0, 0, 1, STYLE_PLAIN, "o\u0301\u0302\u0303\u0304\u0305");
	assert_string_equal(row(&c, 0), "o\u0301\u0302\u0303z");
	canvas_fini(&c);
}

static void
right_aligned_text_loses_its_right_end(void **state)
{
	struct canvas c;

	(void)state;
	canvas_init(&c, false);
	canvas_resize(&c, 10, 1);
	canvas_put_right(&c, 2, 0, 5, STYLE_PLAIN, "12");
	assert_string_equal(row(&c, 0), "     12");
	canvas_put_right(&c, 2, 0, 3, STYLE_PLAIN, "12345");
	assert_string_equal(row(&c, 0), "  12312");
	canvas_fini(&c);
}

static void
ascii_keeps_every_width(void **state)
{
	struct canvas c;

	(void)state;
	canvas_init(&c, true);
	canvas_resize(&c, 20, 1);
	assert_int_equal(canvas_put(&c, 0, 0, 20, STYLE_PLAIN, "▼▲▾▴…─│█é漢e\u0301"), 12);
	assert_string_equal(row(&c, 0), "v^v^~-|@???e");
	canvas_fini(&c);
}

static void
control_characters_are_never_put(void **state)
{
	struct canvas c;

	(void)state;
	canvas_init(&c, false);
	canvas_resize(&c, 8, 1);
	canvas_put(&c, 0, 0, 8, STYLE_PLAIN, "a\033[b\x7f\xc2\x9b\n");
	assert_string_equal(row(&c, 0), "a?[b???");
	for (uint32_t cp = 1; cp < 0xa1; cp++) {
		bool control = cp < 0x20 || (cp >= 0x7f && cp < 0xa0);
		char bytes[5] = { 0 };

		text_encode(cp, bytes);
		canvas_clear(&c);
		canvas_put(&c, 0, 0, 8, STYLE_PLAIN, bytes);
		assert_int_equal(row(&c, 0)[0] == '?', control || cp == '?');
	}
	canvas_fini(&c);
}

static void
style_leaves_characters(void **state)
{
	struct canvas c;

	(void)state;
	canvas_init(&c, false);
	canvas_resize(&c, 4, 1);
	canvas_put(&c, 0, 0, 4, STYLE_BAD, "abc");
	canvas_style(&c, 1, 0, 99, STYLE_SELECTED);
	assert_string_equal(row(&c, 0), "abc");
	assert_int_equal(c.cell[0].style, STYLE_BAD);
	assert_int_equal(c.cell[3].style, STYLE_SELECTED);
	canvas_fini(&c);
}

static void
sizes_are_clamped(void **state)
{
	struct canvas c;

	(void)state;
	canvas_init(&c, false);
	canvas_resize(&c, 0, -5);
	assert_int_equal(c.cols * c.rows, 1);
	canvas_put(&c, 0, 0, 1, STYLE_PLAIN, "x");
	canvas_resize(&c, 100000, 100000);
	assert_int_equal(c.cols, CANVAS_MAX_COLS);
	assert_int_equal(c.rows, CANVAS_MAX_ROWS);
	assert_string_equal(row(&c, CANVAS_MAX_ROWS - 1), "");
	assert_int_equal(c.cursor_x, -1);
	canvas_fini(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(put_stays_within_its_width_and_the_canvas),
		cmocka_unit_test(wide_characters_are_never_halved),
		cmocka_unit_test(marks_stay_with_their_character),
		cmocka_unit_test(right_aligned_text_loses_its_right_end),
		cmocka_unit_test(ascii_keeps_every_width),
		cmocka_unit_test(control_characters_are_never_put),
		cmocka_unit_test(style_leaves_characters),
		cmocka_unit_test(sizes_are_clamped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
