#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "export/csv_json.h"

struct fixture {
	struct json j;
	struct buf b;
	char text[512];
};

static void
begin(struct fixture *f)
{
	buf_init(&f->b, f->text, sizeof(f->text));
	json_init(&f->j, &f->b);
}

static void
test_commas_stand_between_and_nowhere_else(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	json_open(&f.j, NULL, '{');
	json_open(&f.j, "none", '[');
	json_close(&f.j, ']');
	json_open(&f.j, "list", '[');
	json_u64(&f.j, NULL, 1);
	json_open(&f.j, NULL, '{');
	json_close(&f.j, '}');
	json_open(&f.j, NULL, '[');
	json_str(&f.j, NULL, "x");
	json_str(&f.j, NULL, "y");
	json_close(&f.j, ']');
	json_close(&f.j, ']');
	json_bool(&f.j, "yes", true);
	json_bool(&f.j, "no", false);
	json_close(&f.j, '}');
	assert_string_equal(
	    f.text, "{\"none\":[],\"list\":[1,{},[\"x\",\"y\"]],\"yes\":true,\"no\":false}");
}

static void
test_integers_are_exact(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	json_open(&f.j, NULL, '[');
	json_u64(&f.j, NULL, 0);
	json_u64(&f.j, NULL, (UINT64_C(1) << 53) + 1);
	json_u64(&f.j, NULL, UINT64_MAX);
	json_close(&f.j, ']');
	assert_string_equal(f.text, "[0,9007199254740993,18446744073709551615]");
}

static void
test_reals_are_short_and_exact(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	json_open(&f.j, NULL, '[');
	json_num(&f.j, NULL, 0);
	json_num(&f.j, NULL, 0.1);
	json_num(&f.j, NULL, -2.5);
	json_num(&f.j, NULL, 1e300);
	json_num(&f.j, NULL, 0.1 + 0.2);
	json_num(&f.j, NULL, 12345678901.25);
	json_close(&f.j, ']');
	assert_string_equal(f.text, "[0,0.1,-2.5,1e+300,0.30000000000000004,12345678901.25]");
}

static void
test_what_is_not_finite_is_left_out(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	json_open(&f.j, NULL, '{');
	json_num(&f.j, "a", NAN);
	json_num(&f.j, "b", INFINITY);
	json_u64(&f.j, "c", 1);
	json_num(&f.j, "d", -INFINITY);
	json_close(&f.j, '}');
	assert_string_equal(f.text, "{\"c\":1}");
}

static void
test_strings_and_keys_are_quoted(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	json_open(&f.j, NULL, '{');
	json_str(&f.j, "a\"b", "c\\d\"\n\x1b\x80");
	json_str(&f.j, "e", "");
	json_close(&f.j, '}');
	assert_string_equal(f.text, "{\"a\\\"b\":\"c\\\\d\\\"\\n\\u001b\\ufffd\",\"e\":\"\"}");
}

static void
test_fractions_have_all_their_decimals(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	json_open(&f.j, NULL, '[');
	json_fixed(&f.j, NULL, 12345, 2);
	json_fixed(&f.j, NULL, 5, 2);
	json_fixed(&f.j, NULL, 7, 0);
	json_fixed(&f.j, NULL, UINT64_C(1000000001), 9);
	json_fixed(&f.j, NULL, UINT64_MAX, 18);
	json_close(&f.j, ']');
	assert_string_equal(f.text, "[123.45,0.05,7,1.000000001,18.446744073709551615]");
}

static void
test_averages_are_rounded_to_the_nearest(void **state)
{
	(void)state;
	assert_int_equal(decimal_average(10, 4), 250);
	assert_int_equal(decimal_average(2, 3), 67);
	assert_int_equal(decimal_average(1, 3), 33);
	assert_int_equal(decimal_average(1999, 1000), 200);
	assert_int_equal(decimal_average(0, 5), 0);
	assert_true(decimal_average(UINT64_MAX / 200, 1) == UINT64_MAX / 200 * 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commas_stand_between_and_nowhere_else),
		cmocka_unit_test(test_integers_are_exact),
		cmocka_unit_test(test_reals_are_short_and_exact),
		cmocka_unit_test(test_what_is_not_finite_is_left_out),
		cmocka_unit_test(test_strings_and_keys_are_quoted),
		cmocka_unit_test(test_fractions_have_all_their_decimals),
		cmocka_unit_test(test_averages_are_rounded_to_the_nearest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
