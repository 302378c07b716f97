/* Capture files, byte by byte. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "export/pcapout.h"

static struct ledger ledger = {
	.source = { { .name = "eth0", .linktype = 1 }, { .name = "tun0", .linktype = 12 } },
	.n_sources = 1,
};

static const struct frame frame = {
	.ts = UINT64_C(1700000000123456789),
	.data = (const uint8_t *)"\1\2\3\4\5",
	.caplen = 5,
	.len = 1500,
	.linktype = 1,
};

#define BYTES(b, wanted)                                                                           \
	do {                                                                                       \
		assert_int_equal((b).len, sizeof(wanted) - 1);                                     \
		assert_memory_equal((b).s, wanted, sizeof(wanted) - 1);                            \
	} while (0)

static void
test_pcap(void **state)
{
	char text[512], why[256];
	struct buf b, err;

	(void)state;
	buf_init(&b, text, sizeof(text));
	buf_init(&err, why, sizeof(why));
	assert_true(pcapout_head(&b, false, &ledger, "", &err));
	BYTES(b, "\x4d\x3c\xb2\xa1\2\0\4\0\0\0\0\0\0\0\0\0\0\0\4\0\1\0\0\0");
	buf_clear(&b);
	pcapout_frame(&b, false, &frame);
	BYTES(b, "\x00\xf1\x53\x65\x15\xcd\x5b\x07\5\0\0\0\xdc\5\0\0\1\2\3\4\5");
}

static void
test_pcapng(void **state)
{
	char text[512];
	struct buf b;

	(void)state;
	buf_init(&b, text, sizeof(text));
	assert_true(pcapout_head(&b, true, &ledger, "", NULL));
	assert_memory_equal(b.s, "\x0a\x0d\x0d\x0a", 4);
	buf_clear(&b);
	pcapout_interface(&b, &ledger.source[0]);
	BYTES(b,
	    "\1\0\0\0\x28\0\0\0\1\0\0\0\0\0\4\0"
	    "\2\0\4\0eth0\x09\0\1\0\x09\0\0\0\0\0\0\0\x28\0\0\0");
	buf_clear(&b);
	pcapout_frame(&b, true, &frame);
	BYTES(b,
	    "\6\0\0\0\x28\0\0\0\0\0\0\0\xfe\x9c\x97\x17\x15\xcd\x85\x3d"
	    "\5\0\0\0\xdc\5\0\0\1\2\3\4\5\0\0\0\x28\0\0\0");
}

/* pcap has one link type for all, pcapng one for each interface. */
static void
test_two_kinds_of_links(void **state)
{
	char text[512], why[256];
	struct buf b, err;

	(void)state;
	buf_init(&b, text, sizeof(text));
	buf_init(&err, why, sizeof(why));
	ledger.n_sources = 2;
	assert_false(pcapout_head(&b, false, &ledger, "", &err));
	assert_string_equal(why,
	    "eth0 and tun0 have different link types, and pcap holds only one: "
	    "take a name that ends in .pcapng");
	assert_true(pcapout_head(&b, true, &ledger, "", &err));
	ledger.n_sources = 1;
}

/* The comment is the first option of the section, behind 24 bytes. */
static void
test_comment(void **state)
{
	char text[512];
	struct buf b;

	(void)state;
	buf_init(&b, text, sizeof(text));
	assert_true(pcapout_head(&b, true, &ledger, "hello", NULL));
	assert_memory_equal(b.s + 24, "\1\0\5\0hello\0\0\0\4\0", 14);
}

static void
test_the_suffix_says_which(void **state)
{
	(void)state;
	assert_true(pcapout_is_ng("a.pcapng"));
	assert_true(pcapout_is_ng("A.PCAPNG"));
	assert_false(pcapout_is_ng("a.pcap"));
	assert_false(pcapout_is_ng(".pcapng"));
	assert_false(pcapout_is_ng("-"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pcap),
		cmocka_unit_test(test_pcapng),
		cmocka_unit_test(test_two_kinds_of_links),
		cmocka_unit_test(test_comment),
		cmocka_unit_test(test_the_suffix_says_which),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
