/* The content of pcapng files of every kind, read as a file and through a pipe. */
#include "config.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <pcap/pcap.h>

#include <cmocka.h>

#include "capture/pcapng_interfaces.h"
#include "capture/source.h"
#include "util/attr.h"

#define SECTION     0x0a0d0d0a
#define INTERFACE   1
#define OLD_PACKET  2
#define SIMPLE      3
#define NAMES       4
#define STATISTICS  5
#define PACKET      6
#define SECRETS     10
#define NAME        2
#define DESCRIPTION 3
#define COMMENT     1

#define ETHERNET 1
#define RAW      101
#define NS       UINT64_C(1000000000)

/* A file under construction, in either byte order. */
struct file {
	uint8_t b[65536];
	size_t n;
	size_t block; /* start of the open block */
	bool big;
};

struct seen {
	unsigned n;
	uint64_t ts[16];
	uint32_t caplen[16], len[16];
	uint16_t linktype[16], number[16];
	char comment[64];    /* of the last packet that has one */
	char names[256];     /* interfaces in the order of the calls */
	char addresses[256]; /* names of addresses */
	struct source_counts counts[4];
	char file_comment[64];
	enum source_outcome end;
	char err[512];
};

static void
put(struct file *f, uint64_t v, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		f->b[f->n++] = (uint8_t)(v >> 8 * (f->big ? bytes - 1 - i : i));
}

static void
put_bytes(struct file *f, const void *bytes, size_t n)
{
	memcpy(f->b + f->n, bytes, n);
	f->n += n;
	while (f->n % 4 != 0)
		f->b[f->n++] = 0;
}

static void
begin_block(struct file *f, uint32_t type)
{
	f->block = f->n;
	put(f, type, 4);
	put(f, 0, 4);
}

static void
end_block(struct file *f)
{
	uint32_t length = (uint32_t)(f->n + 4 - f->block);
	size_t end = f->n;

	f->n = f->block + 4;
	put(f, length, 4);
	f->n = end;
	put(f, length, 4);
}

static void
put_option(struct file *f, unsigned code, const void *value, size_t n)
{
	put(f, code, 2);
	put(f, n, 2);
	put_bytes(f, value, n);
}

static void
put_text(struct file *f, unsigned code, const char *text)
{
	if (text != NULL)
		put_option(f, code, text, strlen(text));
}

static void
put_count(struct file *f, unsigned code, uint64_t count)
{
	put(f, code, 2);
	put(f, 8, 2);
	put(f, count, 8);
}

static void
put_section(struct file *f, const char *comment)
{
	begin_block(f, SECTION);
	put(f, 0x1a2b3c4d, 4);
	put(f, 1, 2);
	put(f, 0, 2);
	put(f, UINT64_MAX, 8);
	put_text(f, COMMENT, comment);
	end_block(f);
}

static void
begin_interface(struct file *f, unsigned linktype, uint32_t snaplen)
{
	begin_block(f, INTERFACE);
	put(f, linktype, 2);
	put(f, 0, 2);
	put(f, snaplen, 4);
}

static void
put_interface(struct file *f, unsigned linktype, const char *name, const char *description)
{
	begin_interface(f, linktype, 65535);
	put_text(f, COMMENT, "a comment");
	put_text(f, NAME, name);
	put_text(f, DESCRIPTION, description);
	put(f, 0, 4);
	end_block(f);
}

/* UDP from 192.0.2.1, for a raw link. */
static const uint8_t packet[28] = { 0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0,
	2, 2, 0, 7, 0, 9, 0, 8, 0, 0 };

static void
put_stamped(struct file *f, uint64_t units, const char *comment)
{
	put(f, units >> 32, 4);
	put(f, units & UINT32_MAX, 4);
	put(f, sizeof(packet), 4);
	put(f, 100, 4);
	put_bytes(f, packet, sizeof(packet));
	put_text(f, COMMENT, comment);
	end_block(f);
}

static void
put_packet(struct file *f, uint32_t interface, uint64_t units)
{
	begin_block(f, PACKET);
	put(f, interface, 4);
	put_stamped(f, units, NULL);
}

static void
put_old_packet(struct file *f, unsigned interface, uint64_t units)
{
	begin_block(f, OLD_PACKET);
	put(f, interface, 2);
	put(f, 0, 2);
	put_stamped(f, units, NULL);
}

static void
put_simple(struct file *f, uint32_t len)
{
	begin_block(f, SIMPLE);
	put(f, len, 4);
	put_bytes(f, packet, sizeof(packet));
	end_block(f);
}

static void
put_unknown(struct file *f, uint32_t type, size_t n)
{
	begin_block(f, type);
	f->n += n;
	end_block(f);
}

static uint16_t
on_interface(void *arg, const struct source_interface *i)
{
	struct seen *s = arg;

	strlcat(s->names, i->name, sizeof(s->names));
	strlcat(s->names, ",", sizeof(s->names));
	return (uint16_t)(i->name[0] == 'b');
}

static void
on_name(void *arg, const uint8_t *address, unsigned bytes, const char *name)
{
	struct seen *s = arg;
	char text[64];

	snprintf(text, sizeof(text), "%u.%u %s,", address[0], address[bytes - 1], name);
	strlcat(s->addresses, text, sizeof(s->addresses));
}

static void
on_frame(const struct frame *f, void *arg)
{
	struct seen *s = arg;
	unsigned i = s->n++ % 16;

	s->ts[i] = f->ts;
	s->caplen[i] = f->caplen;
	s->len[i] = f->len;
	s->linktype[i] = f->linktype;
	s->number[i] = f->source;
	if (f->comment != NULL)
		strlcpy(s->comment, f->comment, sizeof(s->comment));
}

static void
read_on(struct source *s, struct seen *seen, struct buf *err)
{
	while (seen->end == SOURCE_READ) {
		seen->end = source_read(s, 3, on_frame, seen, NULL, err);
		if (source_fd(s) >= 0)
			return;
	}
}

static struct source *
open_source(const char *path, const char *filter, struct seen *seen, struct buf *err)
{
	struct source_config c = { .kind = SOURCE_FILE,
		.name = path,
		.filter = filter,
		.interface = on_interface,
		.name_found = on_name,
		.arg = seen };

	memset(seen, 0, sizeof(*seen));
	buf_init(err, seen->err, sizeof(seen->err));
	return source_open(&c, err);
}

static void
close_source(struct source *s, struct seen *seen)
{
	for (uint16_t i = 0; i < NITEMS(seen->counts); i++)
		source_counts(s, i, &seen->counts[i]);
	strlcpy(seen->file_comment, source_comment(s), sizeof(seen->file_comment));
	source_del(s);
}

static void
read_file(const struct file *f, const char *filter, struct seen *seen)
{
	char path[] = "/tmp/test_pcapng.XXXXXX";
	int fd = mkstemp(path);
	struct source *s;
	struct buf err;

	assert_int_equal(write(fd, f->b, f->n), f->n);
	close(fd);
	s = open_source(path, filter, seen, &err);
	assert_non_null(s);
	read_on(s, seen, &err);
	close_source(s, seen);
	unlink(path);
}

/* The first `begin` bytes exist when it is opened, the others come one by one. */
static void
read_pipe(const struct file *f, size_t begin, struct seen *seen)
{
	char folder[] = "/tmp/test_pcapng.XXXXXX", path[64];
	struct source *s;
	struct buf err;
	int fd;

	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/pipe", folder);
	assert_int_equal(mkfifo(path, 0600), 0);
	fd = open(path, O_RDWR);
	assert_int_equal(write(fd, f->b, begin), begin);
	s = open_source(path, "", seen, &err);
	assert_non_null(s);
	for (size_t at = begin; at < f->n; at++) {
		read_on(s, seen, &err);
		assert_int_equal(write(fd, f->b + at, 1), 1);
	}
	read_on(s, seen, &err);
	close(fd);
	read_on(s, seen, &err);
	close_source(s, seen);
	unlink(path);
	rmdir(folder);
}

static void
put_all_kinds(struct file *f)
{
	put_section(f, "first");
	put_interface(f, ETHERNET, "a", NULL);
	put_interface(f, RAW, "b", NULL);
	put_unknown(f, SECRETS, 400);
	put_packet(f, 1, 1000001);
	put_old_packet(f, 0, 2000000);
	put_unknown(f, 0xbad, 8);
	put_simple(f, 28);
	f->big = !f->big;
	put_section(f, "second");
	put_interface(f, RAW, "b", NULL);
	put_packet(f, 0, 3000000);
}

static void
check_all_kinds(const struct seen *s)
{
	static const uint64_t us[] = { 1000001, 2000000, 2000000, 3000000 };
	static const uint32_t len[] = { 100, 100, 28, 100 };
	static const uint16_t number[] = { 1, 0, 0, 1 };
	static const uint16_t linktype[] = { DLT_RAW, DLT_EN10MB, DLT_EN10MB, DLT_RAW };

	assert_string_equal(s->err, "");
	assert_int_equal(s->end, SOURCE_DONE);
	assert_int_equal(s->n, 4);
	for (unsigned i = 0; i < 4; i++) {
		assert_int_equal(s->ts[i], us[i] * 1000);
		assert_int_equal(s->len[i], len[i]);
		assert_int_equal(s->caplen[i], sizeof(packet));
		assert_int_equal(s->number[i], number[i]);
		assert_int_equal(s->linktype[i], linktype[i]);
	}
	assert_string_equal(s->names, "b,a,b #2,");
	assert_string_equal(s->file_comment, "first\nsecond");
}

static void
test_blocks_of_all_kinds_in_either_order(void **state)
{
	(void)state;
	for (int big = 0; big < 2; big++) {
		struct file f = { .big = big };
		struct seen s;

		put_all_kinds(&f);
		read_file(&f, "", &s);
		check_all_kinds(&s);
		f.n = 0;
		f.big = big;
		put_all_kinds(&f);
		read_pipe(&f, 100, &s);
		check_all_kinds(&s);
	}
}

/* Each frame is tested by the filter of its own link type. */
static void
test_a_filter_is_one_of_each_link_type(void **state)
{
	struct file f = { .n = 0 };
	struct seen s;

	(void)state;
	put_all_kinds(&f);
	read_file(&f, "ip and udp port 7", &s);
	assert_int_equal(s.n, 2);
	assert_int_equal(s.linktype[0], DLT_RAW);
	assert_string_equal(s.err, "");
	read_file(&f, "ether host 00:00:00:00:00:01", &s);
	assert_int_equal(s.n, 0);
	assert_int_equal(s.end, SOURCE_DONE);
	assert_non_null(strstr(s.err, ": packets of link type RAW are skipped: "));
}

struct stamp {
	uint8_t resolution;
	int64_t offset_s;
	uint64_t units, ns;
};

#define LAST 9223372035

static const struct stamp stamps[] = {
	{ 0, 0, 7, 7 * NS },
	{ 3, 0, 1500, 1500 * NS / 1000 },
	{ 6, 0, 1700000000000001, 1700000000 * NS + 1000 },
	{ 9, 0, 1700000000000000001, 1700000000000000001 },
	{ 12, 0, 1500000000001, NS + NS / 2 },
	{ 18, 0, 300000000000000000, 3 * NS / 10 },
	{ 40, 0, UINT64_MAX, 0 },
	{ 127, 0, UINT64_MAX, 0 },
	{ 0x80, 0, 7, 7 * NS },
	{ 0x80 + 10, 0, 3 * 1024 + 512, 3 * NS + NS / 2 },
	{ 0x80 + 32, 0, UINT64_C(5) << 32 | UINT64_C(1) << 31, 5 * NS + NS / 2 },
	{ 0x80 + 40, 0, UINT64_C(5) << 40 | UINT64_C(1) << 39, 5 * NS + NS / 2 },
	{ 0x80 + 63, 0, UINT64_C(1) << 62, NS / 2 },
	{ 0x80 + 64, 0, UINT64_C(1) << 63, NS / 2 },
	{ 0x80 + 90, 0, UINT64_MAX, 14 },
	{ 0xff, 0, UINT64_MAX, 0 },
	{ 6, 1700000000, 5000001, 1700000005 * NS + 1000 },
	{ 6, -10, 15000000, 5 * NS },
	{ 6, -10, 5000000, 0 },
	{ 9, INT64_MIN, UINT64_MAX, 0 },
	{ 9, INT64_MAX, UINT64_MAX, LAST *NS },
	{ 6, INT64_MAX, 0, LAST *NS },
	{ 0, 0, UINT64_MAX, LAST *NS },
	{ 0x80, 0, UINT64_MAX, LAST *NS },
};

static void
test_stamps_of_every_resolution(void **state)
{
	(void)state;
	for (unsigned i = 0; i < NITEMS(stamps); i++) {
		struct file f = { .big = i % 2 };
		struct seen s;

		put_section(&f, NULL);
		begin_interface(&f, ETHERNET, 0);
		put_option(&f, 9, &stamps[i].resolution, 1);
		put_count(&f, 14, (uint64_t)stamps[i].offset_s);
		end_block(&f);
		put_packet(&f, 0, stamps[i].units);
		read_file(&f, "", &s);
		if (s.ts[0] != stamps[i].ns)
			fail_msg("stamp %u: %llu ns", i, (unsigned long long)s.ts[0]);
	}
}

static void
test_names_are_clean_and_never_empty(void **state)
{
	static const char *const names[][2] = { { NULL, NULL }, { "", "\033[2J" },
		{ "\\Device\\NPF_{6A92046D-43F4-45DF}", "Ethernet 6" }, { "eth0", "the uplink" },
		{ "eth0", NULL } };
	struct file f = { .n = 0 };
	struct seen s;

	(void)state;
	put_section(&f, NULL);
	for (unsigned i = 0; i < NITEMS(names); i++)
		put_interface(&f, ETHERNET, names[i][0], names[i][1]);
	for (unsigned i = 0; i < NITEMS(names); i++)
		put_packet(&f, i, 1);
	read_file(&f, "", &s);
	assert_string_equal(s.names, "interface 0,\\x1b[2J,Ethernet 6,eth0,eth0 #4,");
}

static void
test_too_many_interfaces_share_a_name(void **state)
{
	struct file f = { .n = 0 };
	struct seen s;

	(void)state;
	put_section(&f, NULL);
	for (unsigned i = 0; i < 3 * PCAPNG_NAMED; i++)
		put_interface(&f, i % 2 == 0 ? ETHERNET : RAW, "eth0", NULL);
	put_packet(&f, PCAPNG_NAMED - 2, 1);
	put_packet(&f, 3 * PCAPNG_NAMED - 2, 1);
	put_packet(&f, 3 * PCAPNG_NAMED - 1, 1);
	read_file(&f, "", &s);
	assert_string_equal(s.names, "eth0 #62,other interfaces,");
	assert_int_equal(s.linktype[1], DLT_EN10MB);
	assert_int_equal(s.linktype[2], DLT_RAW);
}

static void
put_drops(struct file *f, uint32_t interface, uint64_t by_interface, uint64_t by_kernel)
{
	begin_block(f, STATISTICS);
	put(f, interface, 4);
	put(f, 0, 8);
	put_count(f, 4, 1000);
	put_count(f, 5, by_interface);
	put_count(f, 7, by_kernel);
	end_block(f);
}

/* The last value counts; an interface without packets belongs to the file. */
static void
test_drops_are_those_of_each_interface(void **state)
{
	struct file f = { .n = 0 };
	struct seen s;

	(void)state;
	put_section(&f, NULL);
	put_interface(&f, ETHERNET, "a", NULL);
	put_interface(&f, ETHERNET, "b", NULL);
	put_interface(&f, ETHERNET, "silent", NULL);
	put_packet(&f, 0, 1);
	put_packet(&f, 1, 1);
	put_drops(&f, 1, 3, 30);
	put_drops(&f, 1, 5, 50);
	put_drops(&f, 2, 7, 70);
	put_drops(&f, 3, 9, 90);
	read_file(&f, "", &s);
	assert_int_equal(s.counts[0].interface_dropped, 7);
	assert_int_equal(s.counts[0].kernel_dropped, 70);
	assert_int_equal(s.counts[1].interface_dropped, 5);
	assert_int_equal(s.counts[1].kernel_dropped, 50);
	assert_true(s.counts[1].known);
	assert_false(s.counts[2].known);
}

/* A packet that reports drops before it. */
static void
put_drop(struct file *f, uint32_t interface, uint64_t lost)
{
	begin_block(f, PACKET);
	put(f, interface, 4);
	put(f, 0, 8);
	put(f, sizeof(packet), 4);
	put(f, 100, 4);
	put_bytes(f, packet, sizeof(packet));
	put_count(f, 4, lost);
	end_block(f);
}

static void
put_old_drop(struct file *f, unsigned interface, unsigned lost)
{
	begin_block(f, OLD_PACKET);
	put(f, interface, 2);
	put(f, lost, 2);
	put_stamped(f, 1, NULL);
}

/* Statistics include these drops, so they replace the packets' reports. */
static void
test_packets_tell_of_others_lost_before_them(void **state)
{
	(void)state;
	for (int big = 0; big < 2; big++) {
		struct file f = { .big = big };
		struct seen s;

		put_section(&f, NULL);
		put_interface(&f, ETHERNET, "a", NULL);
		put_interface(&f, ETHERNET, "b", NULL);
		put_drop(&f, 0, 9);
		put_old_drop(&f, 0, 2);
		put_old_drop(&f, 0, 0xffff);
		put_drop(&f, 1, 5);
		put_drops(&f, 1, 3, 30);
		put_drop(&f, 1, 5);
		read_file(&f, "", &s);
		assert_int_equal(s.n, 5);
		assert_true(s.counts[0].known);
		assert_int_equal(s.counts[0].kernel_dropped, 11);
		assert_int_equal(s.counts[0].interface_dropped, 0);
		assert_int_equal(s.counts[1].kernel_dropped, 30);
		assert_int_equal(s.counts[1].interface_dropped, 3);
	}
}

/* In obsolete packet blocks and in statistics the greatest number means unknown. */
static void
test_drops_that_are_not_known(void **state)
{
	struct file f = { .n = 0 };
	struct seen s;

	(void)state;
	put_section(&f, NULL);
	put_interface(&f, ETHERNET, "a", NULL);
	put_old_drop(&f, 0, 0xffff);
	put_drops(&f, 0, UINT64_MAX, UINT64_MAX);
	read_file(&f, "", &s);
	assert_false(s.counts[0].known);
	assert_int_equal(s.counts[0].kernel_dropped, 0);
}

static void
test_names_of_addresses(void **state)
{
	static const char four[] = "\300\0\2\1one.example\0alias";
	static const char six[] = "\40\1\r\270\0\0\0\0\0\0\0\0\0\0\0\7six.example";
	struct file f = { .n = 0 };
	struct seen s;

	(void)state;
	put_section(&f, NULL);
	put_interface(&f, ETHERNET, "a", NULL);
	begin_block(&f, NAMES);
	put_option(&f, 1, four, sizeof(four));
	put_option(&f, 2, six, sizeof(six));
	put_option(&f, 1, "\300\0\2\2no end", 10);
	put_option(&f, 1, "\300", 1);
	put_option(&f, 9, "what", 4);
	put(&f, 0, 4);
	end_block(&f);
	read_file(&f, "", &s);
	assert_int_equal(s.end, SOURCE_DONE);
	assert_string_equal(s.addresses, "192.1 one.example,32.7 six.example,");
}

static void
test_packets_have_comments(void **state)
{
	struct file f = { .n = 0 };
	struct seen s;

	(void)state;
	put_section(&f, NULL);
	put_interface(&f, ETHERNET, "a", NULL);
	begin_block(&f, PACKET);
	put(&f, 0, 4);
	put_stamped(&f, 1, "look here");
	put_packet(&f, 0, 2);
	read_file(&f, "", &s);
	assert_int_equal(s.n, 2);
	assert_string_equal(s.comment, "look here");
}

/* A simple packet has as many bytes as its interface captures, and its block holds. */
static void
test_simple_packets_are_cut(void **state)
{
	struct file f = { .n = 0 };
	struct seen s;

	(void)state;
	put_section(&f, NULL);
	begin_interface(&f, ETHERNET, 20);
	end_block(&f);
	put_simple(&f, 1500);
	put_simple(&f, 14);
	read_file(&f, "", &s);
	assert_int_equal(s.caplen[0], 20);
	assert_int_equal(s.len[0], 1500);
	assert_int_equal(s.caplen[1], 14);
}

/* Options, and a packet, that are larger than one read. */
static void
test_large_blocks_are_bounded(void **state)
{
	static struct file f;
	struct seen s;

	(void)state;
	put_section(&f, NULL);
	put_interface(&f, ETHERNET, "a", NULL);
	put_unknown(&f, 77, 60000);
	put_packet(&f, 0, 1);
	read_file(&f, "", &s);
	assert_int_equal(s.n, 1);
	assert_int_equal(s.end, SOURCE_DONE);
}

/* Bytes that replace those at `at` of the third block, a packet. */
static const struct {
	const char *name;
	unsigned at;
	uint32_t value;
	const char *says;
} harms[] = {
	{ "a short length", 4, 8, "invalid length of 8" },
	{ "an odd length", 4, 65, "invalid length of 65" },
	{ "a huge length", 4, 0x7ffffffc, "invalid length" },
	{ "another length at the end", 56, 64, "but 64 at the end" },
	{ "no such interface", 8, 5, "interface 5, which is not described" },
	{ "a byte more than there is", 20, 29, "a packet of 29 bytes" },
	{ "more bytes than there are", 20, 33, "a packet of 33 bytes" },
	{ "far more bytes", 20, UINT32_MAX, "a packet of 4294967295 bytes" },
	{ "a section of no order", 0, SECTION, "does not specify its byte order" },
};

static void
test_damage_ends_the_file_with_a_sentence(void **state)
{
	(void)state;
	for (unsigned i = 0; i < NITEMS(harms); i++) {
		struct file f = { .n = 0 };
		struct seen s;
		size_t end;

		put_section(&f, NULL);
		put_interface(&f, ETHERNET, "a", NULL);
		put_packet(&f, 0, 1);
		end = f.n;
		put_packet(&f, 0, 2);
		assert_int_equal(f.n - end, 60);
		f.n = end + harms[i].at;
		put(&f, harms[i].value, 4);
		f.n = end + 60;
		put_packet(&f, 0, 3);
		read_file(&f, "", &s);
		assert_int_equal(s.n, 1);
		assert_int_equal(s.end, SOURCE_ERROR);
		if (strstr(s.err, harms[i].says) == NULL ||
		    strstr(s.err, "; packets before that are reported") == NULL)
			fail_msg("%s: %s", harms[i].name, s.err);
	}
}

/* The last option has four bytes; a greater length would extend past its block. */
static void
test_an_option_ends_within_its_block(void **state)
{
	(void)state;
	for (unsigned len = 1; len <= 9; len++) {
		struct file f = { .n = 0 };
		struct seen s;

		put_section(&f, NULL);
		put_interface(&f, ETHERNET, "a", NULL);
		put_packet(&f, 0, 1);
		begin_interface(&f, ETHERNET, 0);
		put(&f, NAME, 2);
		put(&f, len, 2);
		put_bytes(&f, "abcd", 4);
		end_block(&f);
		put_packet(&f, 1, 2);
		read_file(&f, "", &s);
		assert_int_equal(s.n, len <= 4 ? 2 : 1);
		if (len > 4)
			assert_non_null(
			    strstr(s.err, "option of interface 1 extends beyond its block"));
	}
}

static void
test_a_cut_file_gives_its_whole_packets(void **state)
{
	struct file f = { .n = 0 };
	size_t first;
	struct seen s;

	(void)state;
	put_section(&f, NULL);
	put_interface(&f, ETHERNET, "a", NULL);
	put_packet(&f, 0, 1);
	first = f.n;
	put_packet(&f, 0, 2);
	for (f.n--; f.n > first; f.n--) {
		read_file(&f, "", &s);
		assert_int_equal(s.n, 1);
		assert_int_equal(s.end, SOURCE_SHORT);
	}
	read_file(&f, "", &s);
	assert_int_equal(s.end, SOURCE_DONE);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blocks_of_all_kinds_in_either_order),
		cmocka_unit_test(test_a_filter_is_one_of_each_link_type),
		cmocka_unit_test(test_stamps_of_every_resolution),
		cmocka_unit_test(test_names_are_clean_and_never_empty),
		cmocka_unit_test(test_too_many_interfaces_share_a_name),
		cmocka_unit_test(test_drops_are_those_of_each_interface),
		cmocka_unit_test(test_packets_tell_of_others_lost_before_them),
		cmocka_unit_test(test_drops_that_are_not_known),
		cmocka_unit_test(test_names_of_addresses),
		cmocka_unit_test(test_packets_have_comments),
		cmocka_unit_test(test_simple_packets_are_cut),
		cmocka_unit_test(test_large_blocks_are_bounded),
		cmocka_unit_test(test_damage_ends_the_file_with_a_sentence),
		cmocka_unit_test(test_an_option_ends_within_its_block),
		cmocka_unit_test(test_a_cut_file_gives_its_whole_packets),
	};

	return cmocka_run_group_tests_name("pcapng", tests, NULL, NULL);
}
