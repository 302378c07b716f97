/* Charts: linear scales, and correct drawings for small and large values. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/ledger.h"
#include "dissect/dissect.h"
#include "export/draw.h"

#define S  UINT64_C(1000000000)
#define T0 (UINT64_C(1700000000) * S) /* 2023-11-14T22:13:20Z */

struct fixture {
	struct ledger *ledger;
	struct buf out;
};

static int
setup(void **state)
{
	struct ledger_config c = { .memory = LEDGER_MEMORY_MIN };
	struct fixture *f = calloc(1, sizeof(*f));

	f->ledger = ledger_new(&c);
	ledger_add_source(f->ledger, "eth0", 1, 0);
	buf_new(&f->out);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	ledger_del(f->ledger);
	buf_del(&f->out);
	free(f);
	return 0;
}

static void
count(struct fixture *f, uint32_t len, uint64_t ts)
{
	struct pkt p = { .len = len, .ts = ts, .depth = 1, .stack = { PROTO_ETH } };

	ledger_count(f->ledger, &p, 1);
}

static const char *
draw(struct fixture *f, void (*picture)(struct drawing *, const struct ledger *),
    enum draw_form form)
{
	struct drawing s;

	buf_clear(&f->out);
	assert_true(draw_init(&s, form, CHART_WIDTH, CHART_HEIGHT, &f->out));
	picture(&s, f->ledger);
	assert_true(draw_fini(&s));
	return f->out.s;
}

static unsigned
occurrences(const char *text, const char *what)
{
	unsigned n = 0;

	for (; (text = strstr(text, what)) != NULL; text++)
		n++;
	return n;
}

static void
test_steps(void **state)
{
	static const struct {
		double most, step;
		bool whole;
		unsigned steps;
	} rows[] = {
		{ 1, 1, true, 8 },
		{ 7, 1, true, 8 },
		{ 7, 2, true, 4 },
		{ 9, 2, true, 8 },
		{ 46100, 10000, true, 8 },
		{ 1e7, 2e6, true, 8 },
		{ 1, 0.2, false, 8 },
		{ 0.8, 0.1, false, 8 },
		{ 616, 100, false, 8 },
		{ 1.8e19, 5e18, false, 8 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_true(
		    fabs(chart_step(rows[i].most, rows[i].whole, rows[i].steps) / rows[i].step -
			1) < 1e-9);
}

static void
test_nothing(void **state)
{
	struct fixture *f = *state;
	const char *svg = draw(f, charts_sizes, DRAW_SVG);

	assert_non_null(strstr(svg, ">no packets<"));
	assert_int_equal(occurrences(svg, "#2f6fb3"), 0);
	assert_non_null(strstr(svg, ">9216-65535<"));
	svg = draw(f, charts_traffic, DRAW_SVG);
	assert_non_null(strstr(svg, ">no packets<"));
	assert_int_equal(occurrences(svg, "<polyline"), 0);
}

static void
test_one_packet(void **state)
{
	struct fixture *f = *state;
	const char *svg;

	count(f, 100, T0);
	svg = draw(f, charts_sizes, DRAW_SVG);
	assert_int_equal(occurrences(svg, "#2f6fb3"), 1);
	/* It is as high as the scale: from 70 px to 435 px. */
	assert_non_null(
	    strstr(svg, "y=\"70.00\" width=\"45.18\" height=\"365.00\" fill=\"#2f6fb3\""));
	svg = draw(f, charts_traffic, DRAW_SVG);
	assert_int_equal(occurrences(svg, "<polyline"), 2);
	assert_non_null(strstr(svg, "from 2023-11-14 22:13:20 on"));
	assert_non_null(strstr(svg, ">22:13:20<"));
	/* 800 bits, and one packet, at the top of their scales. */
	assert_non_null(strstr(svg, "points=\"70.00,70.00 780.00,70.00\""));
	assert_non_null(strstr(svg, "points=\"70.00,309.00 780.00,309.00\""));
	assert_non_null(strstr(svg, ">bits per second<"));
	assert_non_null(strstr(svg, ">packets per second<"));
}

/* A bar next to millions is visible, and one second of many is at its position. */
static void
test_much(void **state)
{
	struct fixture *f = *state;
	const char *svg;

	f->ledger->sizes.bin[64] = 10000000;
	f->ledger->sizes.bin[1500] = 1;
	f->ledger->totals.all.packets = 10000001;
	svg = draw(f, charts_sizes, DRAW_SVG);
	assert_int_equal(occurrences(svg, "#2f6fb3"), 2);
	/* On a logarithmic scale one packet has a visible bar, and there are seven more lines. */
	assert_non_null(strstr(svg, ">packets, by powers of ten<"));
	assert_non_null(strstr(svg, "height=\"19.73\" fill=\"#2f6fb3\""));
	assert_int_equal(occurrences(svg, ">10.0M<"), 2);
	assert_int_equal(occurrences(svg, ">1.00k<"), 1);
	/* If the counts are similar the scale is linear. */
	f->ledger->sizes.bin[1500] = 5000000;
	svg = draw(f, charts_sizes, DRAW_SVG);
	assert_null(strstr(svg, "powers of ten"));
	assert_non_null(strstr(svg, ">2.00M<"));
}

static void
test_the_series_that_reaches_back(void **state)
{
	struct fixture *f = *state;

	count(f, 1000, T0);
	count(f, 1000, T0 + 3599 * S);
	assert_non_null(strstr(draw(f, charts_traffic, DRAW_SVG), "from 2023-11-14 22:13:20"));
	assert_non_null(strstr(f->out.s, ">8.00k<"));
	/* An hour and a second: minutes, in which 1000 bytes are 133 bits a second. */
	count(f, 1000, T0 + 3600 * S);
	assert_non_null(strstr(draw(f, charts_traffic, DRAW_SVG), "from 2023-11-14 22:13:00"));
	assert_null(strstr(f->out.s, ">8.00k<"));
	count(f, 1000, T0 + 1000 * 86400 * S);
	assert_non_null(strstr(draw(f, charts_traffic, DRAW_SVG), "</svg>\n"));
}

static void
test_png(void **state)
{
	struct fixture *f = *state;

	if (!draw_has_png())
		skip();
	count(f, 100, T0);
	assert_memory_equal(draw(f, charts_sizes, DRAW_PNG), "\x89PNG\r\n\x1a\n", 8);
	assert_memory_equal(draw(f, charts_traffic, DRAW_PNG), "\x89PNG\r\n\x1a\n", 8);
	/* Width and height, big-endian, are at fixed offsets (PNG, 11.2.2). */
	assert_memory_equal(f->out.s + 16, "\0\0\x03\x20\0\0\x01\xf4", 8);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_steps),
		cmocka_unit_test_setup_teardown(test_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(test_one_packet, setup, teardown),
		cmocka_unit_test_setup_teardown(test_much, setup, teardown),
		cmocka_unit_test_setup_teardown(test_the_series_that_reaches_back, setup, teardown),
		cmocka_unit_test_setup_teardown(test_png, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
