/* Values: their order, and their form for people and for machines. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dissect/dissect.h"
#include "util/attr.h"
#include "util/buf.h"
#include "view/columns.h"

static struct value
address(const char *s)
{
	struct addr a = { .b = { 0 } };
	enum addr_kind kind;

	assert_true(addr_parse(s, &kind, &a));
	return value_addr((uint8_t)kind, &a);
}

static struct value
name(const char *text, uint8_t origin, uint8_t more)
{
	return value_name((struct host_name){ text, origin, more });
}

static struct value
port(uint16_t n, uint8_t space)
{
	struct value v = value_n(V_PORT, n);

	v.kind = space;
	return v;
}

static void
assert_text(struct value v, struct units u, const char *expected)
{
	char array[128];
	struct buf b;

	buf_init(&b, array, sizeof(array));
	value_text(&b, &v, &u);
	assert_string_equal(array, expected);
}

static void
assert_machine(struct value v, const char *json, const char *csv)
{
	char array[256];
	struct buf b;

	buf_init(&b, array, sizeof(array));
	value_json(&b, &v);
	assert_string_equal(array, json);
	buf_clear(&b);
	value_csv(&b, &v);
	assert_string_equal(array, csv);
}

static void
test_text(void **state)
{
	struct units bits = { 0 },
		     bytes = { .bytes_per_second = true, .scale = FMT_IEC, .numeric = true };

	(void)state;
	assert_text(value_none(), bits, "");
	assert_text(value_textf("%s-%d", "ip", 89), bits, "ip-89");
	assert_text(name("a.example", NAME_TLS, 0), bits, "a.example~s");
	assert_text(name("a.example", NAME_DNS, 3), bytes, "a.example+3~d");
	assert_machine(name("a.example", NAME_DNS, 3), "\"a.example\"", "a.example");
	assert_text(name(NULL, NAME_UNKNOWN, 0), bits, "");
	assert_text(address("2001:db8::1"), bits, "2001:db8::1");
	assert_text(port(443, SPACE_TCP), bits, "https");
	assert_text(port(443, SPACE_TCP), bytes, "443");
	assert_text(port(443, SPACE_END), bits, "443");
	assert_text(value_n(V_COUNT, 999), bits, "999");
	assert_text(value_n(V_COUNT, 12345), bytes, "12.3k");
	assert_text(value_n(V_BYTES, 2048), bytes, "2.00Ki");
	assert_text(value_n(V_BYTES, 2048), bits, "2.05k");
	assert_text(value_x(V_BYTE_RATE, 1000), bits, "8.00k");
	assert_text(value_x(V_BYTE_RATE, 1024), bytes, "1.00Ki");
	assert_text(value_x(V_PACKET_RATE, 1500), bytes, "1.50k");
	assert_text(value_n(V_TIME, UINT64_C(1700000000987654321)), bits, "2023-11-14T22:13:20Z");
	assert_text(value_n(V_DURATION, UINT64_C(12000000000)), bits, "12s");
	assert_text(value_n(V_ID, 4094), bits, "4094");
}

static void
test_share(void **state)
{
	struct units u = { 0 };

	(void)state;
	assert_text(value_x(V_SHARE, 0), u, "0.0%");
	assert_text(value_x(V_SHARE, 0.0001), u, "<0.1%");
	assert_text(value_x(V_SHARE, 0.483), u, "48.3%");
	assert_text(value_x(V_SHARE, 0.9994), u, "99.9%");
	assert_text(value_x(V_SHARE, 0.9996), u, "100%");
	assert_text(value_x(V_SHARE, 1e30), u, "100%");
}

static void
test_machine(void **state)
{
	struct addr none = { .b = { 0 } };

	(void)state;
	assert_machine(value_none(), "null", "");
	assert_machine(value_addr(ADDR_NONE, &none), "null", "");
	assert_machine(value_textf("a \"b\""), "\"a \\\"b\\\"\"", "\"a \"\"b\"\"\"");
	assert_machine(address("192.0.2.1"), "\"192.0.2.1\"", "192.0.2.1");
	assert_machine(port(443, SPACE_TCP), "443", "443");
	assert_machine(
	    value_n(V_COUNT, UINT64_MAX), "18446744073709551615", "18446744073709551615");
	assert_machine(value_n(V_BYTES, 9007199254740993), "9007199254740993", "9007199254740993");
	assert_machine(value_x(V_BYTE_RATE, 1000), "8000", "8000");
	assert_machine(value_x(V_PACKET_RATE, 0.5), "0.5", "0.5");
	assert_machine(value_x(V_PACKET_RATE, 1.0 / 3), "0.333", "0.333");
	assert_machine(value_x(V_PACKET_RATE, 1e18), "1000000000000000000", "1000000000000000000");
	assert_machine(value_x(V_SHARE, 2.0 / 3), "0.666667", "0.666667");
	assert_machine(value_n(V_DURATION, 1500000000), "1.5", "1.5");
	assert_machine(value_n(V_DURATION, 1), "0.000000001", "0.000000001");
	assert_machine(value_n(V_TIME, UINT64_C(1700000000987654321)),
	    "\"2023-11-14T22:13:20.987654321Z\"", "2023-11-14T22:13:20.987654321Z");
}

static void
test_not_finite(void **state)
{
	(void)state;
	assert_int_equal(value_x(V_SHARE, (double)NAN).type, V_NONE);
	assert_int_equal(value_x(V_SHARE, (double)INFINITY).type, V_NONE);
}

/* Each is less than all that follow. */
static void
test_compare(void **state)
{
	struct value v[] = {
		value_none(),
		value_textf("a"),
		value_textf("b"),
		address("9.0.0.0"),
		address("10.0.0.0"),
		address("::1"),
		value_n(V_BYTES, 9007199254740992),
		value_n(V_BYTES, 9007199254740993),
		value_x(V_BYTE_RATE, 0.25),
		value_x(V_BYTE_RATE, 0.5),
	};

	(void)state;
	for (unsigned i = 0; i < NITEMS(v); i++)
		for (unsigned k = 0; k < NITEMS(v); k++) {
			int c = value_compare(&v[i], &v[k]);

			assert_int_equal(c, (i > k) - (i < k));
		}
}

static void
test_long_text(void **state)
{
	char s[VALUE_TEXT + 8], expected[VALUE_TEXT];
	struct value v;

	(void)state;
	memset(s, 'x', sizeof(s));
	memcpy(s + VALUE_TEXT - 3, "\xe2\x82\xac!", 5); /* a euro sign that does not fit */
	memset(expected, 'x', VALUE_TEXT - 3);
	expected[VALUE_TEXT - 3] = '\0';
	v = value_textf("%s", s);
	assert_string_equal(v.text, expected);
}

static void
assert_quoted(const char *s, const char *json, const char *csv)
{
	char array[128];
	struct buf b;

	buf_init(&b, array, sizeof(array));
	value_quote_json(&b, s);
	assert_string_equal(array, json);
	buf_clear(&b);
	value_quote_csv(&b, s);
	assert_string_equal(array, csv);
}

static void
test_quoting(void **state)
{
	(void)state;
	assert_quoted("", "\"\"", "");
	assert_quoted("tcp", "\"tcp\"", "tcp");
	assert_quoted("a,b", "\"a,b\"", "\"a,b\"");
	assert_quoted("a\nb\r", "\"a\\nb\\r\"", "\"a\nb\r\"");
	assert_quoted("\\ \"", "\"\\\\ \\\"\"", "\"\\ \"\"\"");
	assert_quoted("\x01\x7f", "\"\\u0001\\u007f\"", "\x01\x7f");
	assert_quoted("\xc2\x9b", "\"\\u009b\"", "\xc2\x9b");
	assert_quoted("\xff", "\"\\ufffd\"", "\xff");
	assert_quoted("\xe2\x82\xac", "\"\xe2\x82\xac\"", "\xe2\x82\xac");
	assert_quoted("=1+1", "\"=1+1\"", "'=1+1");
	assert_quoted("+1", "\"+1\"", "'+1");
	assert_quoted("-1", "\"-1\"", "'-1");
	assert_quoted("@x", "\"@x\"", "'@x");
	assert_quoted("\tx", "\"\\tx\"", "'\tx");
	assert_quoted("\rx", "\"\\rx\"", "\"'\rx\"");
	assert_quoted("  =1", "\"  =1\"", "\"'  =1\"");
	assert_quoted("  tcp", "\"  tcp\"", "\"  tcp\"");
	assert_quoted("a=b", "\"a=b\"", "a=b");
	/* Full-width forms, and the start of a cell if semicolons separate. */
	assert_quoted("\xef\xbc\x9d"
		      "1",
	    "\"\xef\xbc\x9d"
	    "1\"",
	    "'\xef\xbc\x9d"
	    "1");
	assert_quoted("\xef\xbc\x8b", "\"\xef\xbc\x8b\"", "'\xef\xbc\x8b");
	assert_quoted("\xef\xbc\x8d", "\"\xef\xbc\x8d\"", "'\xef\xbc\x8d");
	assert_quoted("\xef\xbc\xa0", "\"\xef\xbc\xa0\"", "'\xef\xbc\xa0");
	assert_quoted("x;=1+1", "\"x;=1+1\"", "x;'=1+1");
	assert_quoted("x; @y;z", "\"x; @y;z\"", "x;' @y;z");
	assert_quoted("\"=1", "\"\\\"=1\"", "\"'\"\"=1\"");
}

/* Control characters are escaped in JSON. */
static void
test_json_controls(void **state)
{
	(void)state;
	for (uint32_t cp = 1; cp < 0xa1; cp++) {
		char bytes[5] = { 0 }, array[16];
		struct buf b;

		text_encode(cp, bytes);
		buf_init(&b, array, sizeof(array));
		value_quote_json(&b, bytes);
		assert_true(text_is_clean(array));
		assert_int_equal(strchr(array, '\\') != NULL,
		    cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || cp == '"' || cp == '\\');
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_share),
		cmocka_unit_test(test_machine),
		cmocka_unit_test(test_not_finite),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_long_text),
		cmocka_unit_test(test_quoting),
		cmocka_unit_test(test_json_controls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
