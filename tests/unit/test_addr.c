#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dissect/addr.h"
#include "util/attr.h"
#include "util/buf.h"

static void
assert_text(const char *want, enum addr_kind kind, const struct addr *a)
{
	char text[64];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	addr_text(&b, kind, a);
	assert_string_equal(want, text);
}

/* Each text is parsed, and formatted as the second. */
static const struct {
	const char *in, *out;
	enum addr_kind kind;
} right[] = {
	{ "192.0.2.1", "192.0.2.1", ADDR_IP4 },
	{ "0.0.0.0", "0.0.0.0", ADDR_IP4 },
	{ "255.255.255.255", "255.255.255.255", ADDR_IP4 },
	{ "::", "::", ADDR_IP6 },
	{ "::1", "::1", ADDR_IP6 },
	{ "1::", "1::", ADDR_IP6 },
	{ "2001:DB8::1", "2001:db8::1", ADDR_IP6 },
	{ "2001:0db8:0000:0000:0001:0000:0000:0001", "2001:db8::1:0:0:1", ADDR_IP6 },
	{ "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1", ADDR_IP6 },
	{ "1:0:0:2:0:0:0:3", "1:0:0:2::3", ADDR_IP6 },
	{ "1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0", ADDR_IP6 },
	{ "::ffff:192.0.2.1", "::ffff:192.0.2.1", ADDR_IP6 },
	{ "64:ff9b::192.0.2.33", "64:ff9b::c000:221", ADDR_IP6 },
	{ "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304", ADDR_IP6 },
};

static const char *const wrong[] = { "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4",
	"1.2.3.4 ", "1..2.3", ":", ":::", "1:", ":1", "::1::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
	"1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "12345::", "::g", "1:2:3:4:5:6:7:1.2.3.4",
	"::1.2.3", "::1.2.3.4:5", "1::2:", "fe80::1%eth0", "localhost" };

static void
test_text_and_parse(void **state)
{
	enum addr_kind kind;
	struct addr a;

	(void)state;
	for (size_t i = 0; i < NITEMS(right); i++) {
		if (!addr_parse(right[i].in, &kind, &a))
			fail_msg("%s was not read", right[i].in);
		assert_int_equal(right[i].kind, kind);
		assert_text(right[i].out, kind, &a);
	}
}

static void
test_parse_refuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < NITEMS(wrong); i++) {
		enum addr_kind kind = ADDR_MAC;
		struct addr a = { { { 1, 2 } } };

		if (addr_parse(wrong[i], &kind, &a))
			fail_msg("%s was read", wrong[i]);
		assert_int_equal(ADDR_MAC, kind);
		assert_int_equal(2, a.b[1]);
	}
}

static void
test_other_kinds(void **state)
{
	struct addr a = { { { 2, 0, 0x5e, 0x10, 0, 0xff, 0xaa, 0xbb } } };

	(void)state;
	assert_text("02:00:5e:10:00:ff", ADDR_MAC, &a);
	a.b[8] = 8;
	assert_text("02:00:5e:10:00:ff:aa:bb", ADDR_MAC, &a);
	assert_text("-", ADDR_NONE, &a);
}

static void
test_compare(void **state)
{
	struct addr low, high;
	enum addr_kind kind;

	(void)state;
	assert_true(addr_parse("10.0.0.2", &kind, &low));
	assert_true(addr_parse("10.0.1.1", &kind, &high));
	assert_true(addr_compare(&low, &high) < 0);
	assert_true(addr_compare(&high, &low) > 0);
	assert_true(addr_compare(&low, &low) == 0);
	assert_true(addr_equal(&low, &low));
	assert_false(addr_equal(&low, &high));
}

static void
check_net(const char *net, const char *addr, bool in)
{
	struct net n;
	struct addr a;
	enum addr_kind kind;

	assert_true(net_parse(net, &n));
	assert_true(addr_parse(addr, &kind, &a));
	if (net_contains(&n, kind, &a) != in)
		fail_msg("%s in %s", addr, net);
}

static void
test_net(void **state)
{
	struct net n;

	(void)state;
	assert_true(net_parse("192.0.2.77/25", &n));
	assert_int_equal(25, n.bits);
	assert_text("192.0.2.0", n.kind, &n.addr);
	assert_true(net_parse("2001:db8:ffff::1/36", &n));
	assert_text("2001:db8:f000::", n.kind, &n.addr);
	assert_true(net_parse("::1", &n));
	assert_int_equal(128, n.bits);

	check_net("192.0.2.0/25", "192.0.2.127", true);
	check_net("192.0.2.0/25", "192.0.2.128", false);
	check_net("192.0.2.1", "192.0.2.1", true);
	check_net("192.0.2.1", "192.0.2.0", false);
	check_net("0.0.0.0/0", "192.0.2.0", true);
	check_net("0.0.0.0/0", "::1", false);
	check_net("::/0", "192.0.2.0", false);
	check_net("2001:db8::/127", "2001:db8::1", true);
	check_net("2001:db8::/127", "2001:db8::2", false);
}

static void
test_net_refuses(void **state)
{
	static const char *const bad[] = { "", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1",
		"10.0.0.0/8x", "10.0.0.0/8/8", "::/129", "10/8", "::/0128",
		"1111111111111111111111111111111111111111111111111111111111111111111111111/8" };
	struct net n;

	(void)state;
	for (size_t i = 0; i < NITEMS(bad); i++)
		if (net_parse(bad[i], &n))
			fail_msg("%s was read", bad[i]);
}

static void
test_groups(void **state)
{
	static const struct {
		const char *addr;
		bool group;
	} table[] = {
		{ "224.0.0.1", true },
		{ "239.255.255.255", true },
		{ "240.0.0.1", false },
		{ "223.255.255.255", false },
		{ "255.255.255.255", true },
		{ "255.255.255.254", false },
		{ "ff02::1", true },
		{ "fe80::1", false },
	};
	struct addr a;
	enum addr_kind kind;

	(void)state;
	for (size_t i = 0; i < NITEMS(table); i++) {
		assert_true(addr_parse(table[i].addr, &kind, &a));
		assert_int_equal(table[i].group, addr_is_group(kind, &a));
	}
	a = (struct addr){ { { 1, 0, 0x5e } } };
	assert_true(addr_is_group(ADDR_MAC, &a));
	a.b[0] = 2;
	assert_false(addr_is_group(ADDR_MAC, &a));
	assert_false(addr_is_group(ADDR_NONE, &a));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_and_parse),
		cmocka_unit_test(test_parse_refuses),
		cmocka_unit_test(test_other_kinds),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_net),
		cmocka_unit_test(test_net_refuses),
		cmocka_unit_test(test_groups),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
