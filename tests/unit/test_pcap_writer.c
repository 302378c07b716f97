/* Capture files, byte by byte. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "export/writer.h"

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

static const struct pcap_writer_interface eth0 = {
	.name = "eth0", .description = "", .comment = "", .filter = "", .linktype = 1
};

static void
test_pcap(void **state)
{
	char text[512];
	struct buf b;

	(void)state;
	buf_init(&b, text, sizeof(text));
	pcap_writer_header(&b, 1);
	BYTES(b, "\x4d\x3c\xb2\xa1\2\0\4\0\0\0\0\0\0\0\0\0\0\0\4\0\1\0\0\0");
	buf_clear(&b);
	pcap_writer_frame(&b, &frame);
	BYTES(b, "\x00\xf1\x53\x65\x15\xcd\x5b\x07\5\0\0\0\xdc\5\0\0\1\2\3\4\5");
}

static void
test_pcapng(void **state)
{
	char text[512];
	struct buf b;

	(void)state;
	buf_init(&b, text, sizeof(text));
	pcap_writer_section(&b, "");
	assert_memory_equal(b.s, "\x0a\x0d\x0d\x0a", 4);
	buf_clear(&b);
	pcap_writer_interface(&b, &eth0);
	BYTES(b,
	    "\1\0\0\0\x28\0\0\0\1\0\0\0\0\0\4\0"
	    "\2\0\4\0eth0\x09\0\1\0\x09\0\0\0\0\0\0\0\x28\0\0\0");
	buf_clear(&b);
	pcap_writer_ng_frame(&b, 3, &frame);
	BYTES(b,
	    "\6\0\0\0\x28\0\0\0\3\0\0\0\xfe\x9c\x97\x17\x15\xcd\x85\x3d"
	    "\5\0\0\0\xdc\5\0\0\1\2\3\4\5\0\0\0\x28\0\0\0");
}

static void
test_an_interface_says_all_that_is_known(void **state)
{
	struct pcap_writer_interface i = { .name = "eth0",
		.description = "up",
		.comment = "why",
		.filter = "tcp",
		.snaplen = 256,
		.linktype = 101 };
	char text[512];
	struct buf b;

	(void)state;
	buf_init(&b, text, sizeof(text));
	pcap_writer_interface(&b, &i);
	BYTES(b,
	    "\1\0\0\0\x40\0\0\0\x65\0\0\0\0\1\0\0\1\0\3\0why\0\2\0\4\0eth0\3\0\2\0up\0\0"
	    "\x09\0\1\0\x09\0\0\0\x0b\0\4\0\0tcp\0\0\0\0\x40\0\0\0");
}

static void
test_counts(void **state)
{
	struct pcap_writer_counts c = { .ts = UINT64_C(0x100000002),
		.received = 9,
		.captured = 7,
		.kernel_dropped = 2,
		.interface_dropped = 1 };
	char text[512];
	struct buf b;

	(void)state;
	buf_init(&b, text, sizeof(text));
	pcap_writer_counts(&b, 1, &c);
	BYTES(b,
	    "\5\0\0\0\x34\0\0\0\1\0\0\0\1\0\0\0\2\0\0\0\4\0\x08\0\x09\0\0\0\0\0\0\0"
	    "\x08\0\x08\0\7\0\0\0\0\0\0\0\0\0\0\0\x34\0\0\0");
	buf_clear(&b);
	c.drops_known = true;
	pcap_writer_counts(&b, 1, &c);
	assert_memory_equal(b.s + 32, "\5\0\x08\0\1\0\0\0\0\0\0\0\7\0\x08\0\2\0\0\0", 20);
}

/* The comment is the first option of the section, after 24 bytes; that of a packet is its only
 * one. */
static void
test_comments(void **state)
{
	struct frame f = frame;
	char text[512];
	struct buf b;

	(void)state;
	buf_init(&b, text, sizeof(text));
	pcap_writer_section(&b, "hello");
	assert_memory_equal(b.s + 24, "\1\0\5\0hello\0\0\0\4\0", 14);
	buf_clear(&b);
	f.comment = "look";
	pcap_writer_ng_frame(&b, 0, &f);
	assert_memory_equal(b.s + 36, "\1\0\4\0look\0\0\0\0\x34\0\0\0", 16);
}

/* Flags come after the comment; without any of both there are no options. */
static void
test_flags(void **state)
{
	struct frame f = frame;
	char text[512];
	struct buf b;

	(void)state;
	buf_init(&b, text, sizeof(text));
	f.flags = 0x08000001;
	pcap_writer_ng_frame(&b, 0, &f);
	assert_memory_equal(b.s + 36, "\2\0\4\0\1\0\0\x08\0\0\0\0\x34\0\0\0", 16);
	buf_clear(&b);
	f.comment = "look";
	pcap_writer_ng_frame(&b, 0, &f);
	assert_memory_equal(b.s + 36, "\1\0\4\0look\2\0\4\0\1\0\0\x08\0\0\0\0\x3c\0\0\0", 24);
}

static void
test_names(void **state)
{
	static const uint8_t ip6[16] = { 0x20, 1, [15] = 7 };
	char text[1024], name[PCAP_WRITER_NAME + 9];
	struct buf b;

	(void)state;
	buf_init(&b, text, sizeof(text));
	pcap_writer_name(&b, ip6 + 12, 4, "gw");
	BYTES(b, "\4\0\0\0\x1c\0\0\0\1\0\7\0\0\0\0\7gw\0\0\0\0\0\0\x1c\0\0\0");
	buf_clear(&b);
	pcap_writer_name(&b, ip6, 16, "gw6");
	BYTES(b,
	    "\4\0\0\0\x28\0\0\0\2\0\x14\0\x20\1\0\0\0\0\0\0\0\0\0\0\0\0\0\7gw6\0\0\0\0\0"
	    "\x28\0\0\0");
	buf_clear(&b);
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	pcap_writer_name(&b, ip6, 4, name);
	assert_int_equal(b.len, 8 + 4 + 4 + PCAP_WRITER_NAME + 1 + 4 + 4);
}

static void
test_the_suffix_says_which(void **state)
{
	(void)state;
	assert_true(pcap_writer_is_ng("a.pcapng"));
	assert_true(pcap_writer_is_ng("A.PCAPNG"));
	assert_false(pcap_writer_is_ng("a.pcap"));
	assert_false(pcap_writer_is_ng(".pcapng"));
	assert_false(pcap_writer_is_ng("-"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pcap),
		cmocka_unit_test(test_pcapng),
		cmocka_unit_test(test_an_interface_says_all_that_is_known),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_comments),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_the_suffix_says_which),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
