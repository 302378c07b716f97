#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "capture/interfaces.h"

#define SECTION     0x0a0d0d0a
#define INTERFACE   1
#define OLD_PACKET  2
#define SIMPLE      3
#define STATISTICS  5
#define PACKET      6
#define NAME        2
#define DESCRIPTION 3

/* A file under construction, in either byte order. */
struct file {
	uint8_t b[16384];
	size_t n;
	bool big;
};

static void
put(struct file *f, uint32_t v, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		f->b[f->n++] = (uint8_t)(v >> 8 * (f->big ? bytes - 1 - i : i));
}

static void
put_block(struct file *f, uint32_t type, const void *body, uint32_t n)
{
	put(f, type, 4);
	put(f, n + 12, 4);
	memcpy(f->b + f->n, body, n);
	f->n += n;
	put(f, n + 12, 4);
}

static void
put_section(struct file *f)
{
	put(f, SECTION, 4);
	put(f, 28, 4);
	put(f, 0x1a2b3c4d, 4);
	put(f, 1, 4);
	put(f, UINT32_MAX, 4);
	put(f, UINT32_MAX, 4);
	put(f, 28, 4);
}

static void
put_option(struct file *f, unsigned code, const char *text)
{
	size_t n = strlen(text), padded = (n + 3) / 4 * 4;

	put(f, code, 2);
	put(f, (uint32_t)n, 2);
	memset(f->b + f->n, 0, padded);
	memcpy(f->b + f->n, text, n);
	f->n += padded;
}

static void
put_interface(struct file *f, const char *name, const char *description)
{
	size_t begin = f->n;
	uint32_t length;

	put(f, INTERFACE, 4);
	f->n += 4;
	put(f, 1, 2);
	put(f, 0, 2);
	put(f, 65535, 4);
	put_option(f, 1, "a comment");
	if (name != NULL)
		put_option(f, NAME, name);
	if (description != NULL)
		put_option(f, DESCRIPTION, description);
	put(f, 0, 4);
	length = (uint32_t)(f->n + 4 - begin);
	f->n = begin + 4;
	put(f, length, 4);
	f->n = begin + length - 4;
	put(f, length, 4);
}

static void
put_packet(struct file *f, uint32_t interface)
{
	put(f, PACKET, 4);
	put(f, 48, 4);
	put(f, interface, 4);
	memset(f->b + f->n, 6, 32);
	f->n += 32;
	put(f, 48, 4);
}

static void
put_all_kinds(struct file *f)
{
	put_section(f);
	put_interface(f, "eth0", NULL);
	put_interface(f, "eth1", NULL);
	put_packet(f, 1);
	put_block(f, STATISTICS, "\1\0\0\0\0\0\0\0", 8);
	put_packet(f, 0);
	put_block(f, SIMPLE, "\1\0\0\0\1\0\0\0", 8);
	put_block(f, OLD_PACKET, f->big ? "\0\1\0\0" : "\1\0\0\0", 4);
	put_section(f);
	put_interface(f, "eth0", NULL);
	put_packet(f, 0);
}

static void
test_every_packet_has_its_interface(void **state)
{
	(void)state;
	for (int big = 0; big < 2; big++) {
		struct file f = { .big = big };
		struct interfaces *is = interfaces_new();
		static const unsigned expected[] = { 1, 0, 0, 1, 2 };

		put_all_kinds(&f);
		interfaces_see(is, f.b, f.n);
		for (unsigned i = 0; i < 5; i++)
			assert_int_equal(interfaces_take(is), expected[i]);
		/* There is no sixth: whoever asks is out of step. */
		assert_int_equal(interfaces_take(is), INTERFACES_MOST - 1);
		assert_string_equal(interfaces_name(is, 0), "eth0");
		assert_string_equal(interfaces_name(is, 1), "eth1");
		assert_string_equal(interfaces_name(is, 2), "eth0 #2");
		interfaces_del(is);
	}
}

static void
test_pieces_say_the_same_as_the_whole(void **state)
{
	static const unsigned expected[] = { 1, 0, 0, 1, 2 };
	struct file f = { .n = 0 };

	(void)state;
	put_all_kinds(&f);
	for (size_t piece = 1; piece < f.n; piece++) {
		struct interfaces *is = interfaces_new();

		for (size_t at = 0; at < f.n; at += piece)
			interfaces_see(is, f.b + at, f.n - at < piece ? f.n - at : piece);
		for (unsigned i = 0; i < 5; i++)
			assert_int_equal(interfaces_take(is), expected[i]);
		assert_string_equal(interfaces_name(is, 2), "eth0 #2");
		interfaces_del(is);
	}
}

static void
test_names_are_clean_and_never_empty(void **state)
{
	struct file f = { .n = 0 };
	struct interfaces *is = interfaces_new();

	(void)state;
	put_section(&f);
	put_interface(&f, NULL, NULL);
	put_interface(&f, "", "\033[2J");
	put_interface(&f, "\\Device\\NPF_{6A92046D-43F4-45DF}", "Ethernet 6");
	put_interface(&f, "eth0", "the uplink");
	put_interface(&f, "a name that is longer than any name should be", NULL);
	interfaces_see(is, f.b, f.n);
	assert_string_equal(interfaces_name(is, 0), "interface 0");
	assert_string_equal(interfaces_name(is, 1), "\\x1b[2J");
	assert_string_equal(interfaces_name(is, 2), "Ethernet 6");
	assert_string_equal(interfaces_name(is, 3), "eth0");
	assert_string_equal(interfaces_name(is, 4), "a name that is longer than ");
	interfaces_del(is);
}

static void
test_too_many_interfaces_share_the_last(void **state)
{
	struct file f = { .n = 0 };
	struct interfaces *is = interfaces_new();

	(void)state;
	put_section(&f);
	for (unsigned i = 0; i < 2 * INTERFACES_MOST; i++)
		put_interface(&f, "eth0", NULL);
	put_packet(&f, INTERFACES_MOST - 2);
	put_packet(&f, 2 * INTERFACES_MOST - 1);
	put_packet(&f, UINT32_MAX);
	put_section(&f);
	put_packet(&f, 0);
	interfaces_see(is, f.b, f.n);
	assert_int_equal(interfaces_take(is), INTERFACES_MOST - 2);
	assert_string_equal(interfaces_name(is, INTERFACES_MOST - 2), "eth0 #62");
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(interfaces_take(is), INTERFACES_MOST - 1);
	assert_string_equal(interfaces_name(is, INTERFACES_MOST - 1), "other interfaces");
	interfaces_del(is);
}

/* The smallest blocks that can be, as many as a chunk holds: all wait, and none is mixed up. */
static void
test_a_chunk_of_packets_waits(void **state)
{
	struct file begin = { .n = 0 };
	struct interfaces *is = interfaces_new();
	unsigned n = INTERFACES_CHUNK / 12;

	(void)state;
	put_section(&begin);
	put_interface(&begin, "eth0", NULL);
	interfaces_see(is, begin.b, begin.n);
	for (unsigned i = 0; i < n; i++)
		interfaces_see(is, "\3\0\0\0\14\0\0\0\14\0\0\0", 12);
	for (unsigned i = 0; i < n; i++)
		assert_int_equal(interfaces_take(is), 0);
	assert_int_equal(interfaces_take(is), INTERFACES_MOST - 1);
	interfaces_del(is);
}

static void
test_what_is_not_taken_makes_all_unknown(void **state)
{
	struct file f = { .n = 0 };
	struct interfaces *is = interfaces_new();

	(void)state;
	put_section(&f);
	put_interface(&f, "eth0", NULL);
	interfaces_see(is, f.b, f.n);
	for (unsigned i = 0; i < INTERFACES_CHUNK; i++)
		interfaces_see(is, "\3\0\0\0\14\0\0\0\14\0\0\0", 12);
	assert_int_equal(interfaces_take(is), INTERFACES_MOST - 1);
	interfaces_del(is);
}

static void
test_other_formats_have_one_interface(void **state)
{
	struct interfaces *is = interfaces_new();

	(void)state;
	interfaces_see(is, "\xd4\xc3\xb2\xa1\2\0\4\0", 8);
	interfaces_see(is, "\n\r\r\n", 4);
	assert_int_equal(interfaces_take(is), 0);
	assert_int_equal(interfaces_take(is), 0);
	interfaces_del(is);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_packet_has_its_interface),
		cmocka_unit_test(test_pieces_say_the_same_as_the_whole),
		cmocka_unit_test(test_names_are_clean_and_never_empty),
		cmocka_unit_test(test_too_many_interfaces_share_the_last),
		cmocka_unit_test(test_a_chunk_of_packets_waits),
		cmocka_unit_test(test_what_is_not_taken_makes_all_unknown),
		cmocka_unit_test(test_other_formats_have_one_interface),
	};

	return cmocka_run_group_tests_name("interfaces", tests, NULL, NULL);
}
