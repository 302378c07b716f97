#include "config.h"

#include <errno.h>
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

#include "capture/demo/demo.h"
#include "capture/private.h"
#include "capture/source.h"

#define NS     UINT64_C(1000000000)
#define FRAMES 10
#define HEADER 24 /* bytes of a pcap file's header */
#define RECORD 76 /* of a packet of 60 bytes in it */

/* A directory with a capture of FRAMES packets a second apart: even ones UDP, odd ones ARP. */
struct fixture {
	char folder[64], path[96], other[96];
	struct buf err;
	char text[512];
};

struct seen {
	unsigned n;
	uint64_t first, last;
	uint32_t caplen, len;
	uint16_t linktype, source;
	uint8_t byte; /* the last one's last */
};

static void
on_frame(const struct frame *f, void *arg)
{
	struct seen *s = arg;

	if (s->n++ == 0)
		s->first = f->ts;
	s->last = f->ts;
	s->caplen = f->caplen;
	s->len = f->len;
	s->linktype = f->linktype;
	s->source = f->source;
	s->byte = f->data[f->caplen - 1];
}

static void
make_frame(uint8_t *frame, unsigned i)
{
	memset(frame, 0, 60);
	frame[12] = 8;
	frame[13] = i % 2 == 0 ? 0 : 6;
	frame[14] = 0x45;
	frame[17] = 46;
	frame[23] = 17;
	frame[59] = (uint8_t)i;
}

static void
write_capture(const char *path, unsigned frames)
{
	pcap_t *p =
	    pcap_open_dead_with_tstamp_precision(DLT_EN10MB, 65535, PCAP_TSTAMP_PRECISION_NANO);
	pcap_dumper_t *d = pcap_dump_open(p, path);
	uint8_t frame[60];

	assert_non_null(d);
	for (unsigned i = 0; i < frames; i++) {
		struct pcap_pkthdr h = { .caplen = 60, .len = 1000 };

		h.ts.tv_sec = 1000 + i;
		h.ts.tv_usec = 7;
		make_frame(frame, i);
		pcap_dump((u_char *)d, &h, frame);
	}
	pcap_dump_close(d);
	pcap_close(p);
}

static int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	strlcpy(f->folder, "/tmp/test_source.XXXXXX", sizeof(f->folder));
	assert_non_null(mkdtemp(f->folder));
	snprintf(f->path, sizeof(f->path), "%s/a.pcap", f->folder);
	snprintf(f->other, sizeof(f->other), "%s/other", f->folder);
	buf_init(&f->err, f->text, sizeof(f->text));
	write_capture(f->path, FRAMES);
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	unlink(f->path);
	unlink(f->other);
	rmdir(f->folder);
	free(f);
	return 0;
}

static struct source *
open_file(struct fixture *f, const char *path, const char *filter)
{
	struct source_config c = {
		.kind = SOURCE_FILE, .name = path, .filter = filter, .number = 3
	};

	return source_open(&c, &f->err);
}

/* Reads in small steps to the end; returns the result. */
static enum source_outcome
read_all(struct fixture *f, struct source *s, struct seen *seen)
{
	enum source_outcome o = SOURCE_READ;

	for (unsigned i = 0; i < 1000000 && o == SOURCE_READ; i++) {
		unsigned n;

		o = source_read(s, 3, on_frame, seen, &n, &f->err);
		assert_in_range(n, 0, 3);
	}
	return o;
}

static void
test_a_file_is_read_whole_with_its_stamps(void **state)
{
	struct fixture *f = *state;
	struct seen seen = { 0 };
	struct source *s = open_file(f, f->path, "");
	uint64_t done, all;

	assert_non_null(s);
	assert_int_equal(source_timeout(s), 0);
	assert_int_equal(source_fd(s), -1);
	assert_int_equal(read_all(f, s, &seen), SOURCE_DONE);
	assert_int_equal(seen.n, FRAMES);
	assert_int_equal(seen.first, 1000 * NS + 7);
	assert_int_equal(seen.last, 1009 * NS + 7);
	assert_int_equal(seen.caplen, 60);
	assert_int_equal(seen.len, 1000);
	assert_int_equal(seen.linktype, DLT_EN10MB);
	assert_int_equal(seen.source, 3);
	assert_int_equal(seen.byte, 9);
	source_progress(s, &done, &all);
	assert_int_equal(all, HEADER + FRAMES * RECORD);
	assert_int_equal(done, all);
	assert_int_equal(source_timeout(s), -1);
	assert_int_equal(source_read(s, 5, on_frame, &seen, NULL, &f->err), SOURCE_DONE);
	assert_string_equal(source_name(s), f->path);
	source_del(s);
}

static void
test_a_read_of_none_gives_none(void **state)
{
	struct fixture *f = *state;
	struct seen seen = { 0 };
	struct source *s = open_file(f, f->path, "");
	unsigned n = 9;

	assert_int_equal(source_read(s, 0, on_frame, &seen, &n, &f->err), SOURCE_READ);
	assert_int_equal(n, 0);
	assert_int_equal(seen.n, 0);
	source_del(s);
}

/* A filter that matches nothing must not make one call read the whole file. */
static void
test_filtered_packets_count_as_work(void **state)
{
	struct fixture *f = *state;
	struct seen seen = { 0 };
	struct source *s = open_file(f, f->path, "tcp");
	unsigned n, reads = 0;

	while (source_read(s, 2, on_frame, &seen, &n, &f->err) == SOURCE_READ)
		reads++;
	assert_int_equal(reads, FRAMES / 2);
	assert_int_equal(seen.n, 0);
	source_del(s);
}

static void
test_a_filter_changes_while_reading(void **state)
{
	struct fixture *f = *state;
	struct seen seen = { 0 };
	struct source *s = open_file(f, f->path, "arp");

	source_read(s, 4, on_frame, &seen, NULL, &f->err);
	assert_int_equal(seen.n, 2);
	assert_false(source_set_filter(s, "port port", &f->err));
	assert_non_null(strstr(f->text, "\"port port\""));
	assert_false(source_set_filter(s, "port port", NULL));
	source_read(s, 2, on_frame, &seen, NULL, &f->err);
	assert_int_equal(seen.n, 3);
	assert_true(source_set_filter(s, "", &f->err));
	assert_int_equal(read_all(f, s, &seen), SOURCE_DONE);
	assert_int_equal(seen.n, 3 + FRAMES - 6);
	source_del(s);
}

static void
test_a_bad_filter_is_no_source(void **state)
{
	struct fixture *f = *state;

	assert_null(open_file(f, f->path, "tcp and"));
	assert_non_null(strstr(f->text, "capture filter \"tcp and\": "));
}

static void
test_a_cut_file_is_reported_up_to_its_last_whole_packet(void **state)
{
	struct fixture *f = *state;
	struct seen seen;
	struct source *s;

	/* In the bytes of a packet, and in its header. */
	for (off_t cut = 1; cut < RECORD; cut += 65) {
		seen = (struct seen){ 0 };
		assert_int_equal(truncate(f->path, HEADER + FRAMES * RECORD - cut), 0);
		s = open_file(f, f->path, "");
		assert_int_equal(read_all(f, s, &seen), SOURCE_SHORT);
		assert_int_equal(seen.n, FRAMES - 1);
		assert_non_null(strstr(f->text, ": cut short: the file ends within a packet"));
		source_del(s);
	}
}

static void
overwrite(const char *path, off_t at, const void *bytes, size_t n)
{
	int fd = open(path, O_WRONLY);

	assert_int_equal(pwrite(fd, bytes, n, at), n);
	close(fd);
}

static void
test_a_broken_record_ends_it_with_an_error(void **state)
{
	struct fixture *f = *state;
	struct seen seen = { 0 };
	struct source *s;

	/* The captured length of the third packet. */
	overwrite(f->path, HEADER + 2 * RECORD + 8, "\xff\xff\xff\x7f", 4);
	s = open_file(f, f->path, "");
	assert_int_equal(read_all(f, s, &seen), SOURCE_ERROR);
	assert_int_equal(seen.n, 2);
	assert_non_null(strstr(f->text, f->path));
	source_del(s);
}

/* The fraction of a second may be any 32 bits: it never carries into another second. */
static void
test_an_impossible_fraction_stays_within_its_second(void **state)
{
	struct fixture *f = *state;
	struct seen seen = { 0 };
	struct source *s;

	overwrite(f->path, HEADER + 4, "\xff\xff\xff\x7f", 4);
	s = open_file(f, f->path, "");
	source_read(s, 1, on_frame, &seen, NULL, &f->err);
	assert_int_equal(seen.first, 1001 * NS - 1);
	source_del(s);
}

static void
test_what_is_no_capture_is_said(void **state)
{
	struct fixture *f = *state;

	overwrite(f->path, 0, "GIF89a", 6);
	assert_null(open_file(f, f->path, ""));
	assert_non_null(strstr(f->text, ": not a capture file that libpcap can read: "));
	assert_null(open_file(f, f->folder, ""));
	assert_non_null(strstr(f->text, ": a directory"));
	assert_null(open_file(f, f->other, ""));
	assert_non_null(strstr(f->text, strerror(ENOENT)));
	assert_null(open_file(f, "/no\033[2J", ""));
	assert_null(strchr(f->text, '\033'));
}

/* Writes a capture of n frames into the caller's memory. */
static size_t
capture_bytes(const struct fixture *f, uint8_t *bytes, size_t size)
{
	int fd = open(f->path, O_RDONLY);
	ssize_t n = read(fd, bytes, size);

	close(fd);
	assert_true(n > 0);
	return (size_t)n;
}

/* A FIFO that holds its header: read-write, so that opening it does not block. */
static int
make_fifo(const struct fixture *f, const void *header, size_t n)
{
	int fd;

	assert_int_equal(mkfifo(f->other, 0600), 0);
	fd = open(f->other, O_RDWR);
	assert_int_equal(write(fd, header, n), n);
	return fd;
}

static void
test_a_pipe_is_not_waited_for(void **state)
{
	struct fixture *f = *state;
	uint8_t bytes[2048];
	size_t n = capture_bytes(f, bytes, sizeof(bytes)), at = HEADER;
	struct seen seen = { 0 };
	int fd = make_fifo(f, bytes, HEADER);
	struct source *s = open_file(f, f->other, "");

	assert_non_null(s);
	/* Byte by byte: no call may block, and each packet comes with its last byte. */
	while (at < n) {
		assert_int_equal(source_read(s, 100, on_frame, &seen, NULL, &f->err), SOURCE_READ);
		assert_int_equal(seen.n, (at - HEADER) / RECORD);
		assert_true(source_fd(s) >= 0);
		assert_int_equal(source_timeout(s), -1);
		assert_int_equal(write(fd, bytes + at++, 1), 1);
	}
	close(fd);
	assert_int_equal(read_all(f, s, &seen), SOURCE_DONE);
	assert_int_equal(seen.n, FRAMES);
	assert_int_equal(seen.byte, FRAMES - 1);
	source_del(s);
}

static void
test_packets_that_wait_in_the_pipe_need_no_descriptor(void **state)
{
	struct fixture *f = *state;
	uint8_t bytes[2048];
	size_t n = capture_bytes(f, bytes, sizeof(bytes));
	struct seen seen = { 0 };
	int fd = make_fifo(f, bytes, n);
	struct source *s = open_file(f, f->other, "arp");

	/* No new data will come, so poll() must not be used. */
	source_read(s, 4, on_frame, &seen, NULL, &f->err);
	assert_int_equal(seen.n, 2);
	assert_int_equal(source_fd(s), -1);
	assert_int_equal(source_timeout(s), 0);
	source_read(s, 100, on_frame, &seen, NULL, &f->err);
	assert_int_equal(seen.n, FRAMES / 2);
	assert_int_equal(source_timeout(s), -1);
	close(fd);
	assert_int_equal(read_all(f, s, &seen), SOURCE_DONE);
	source_del(s);
}

static void
test_a_pipe_that_breaks_off_is_cut_short(void **state)
{
	struct fixture *f = *state;
	uint8_t bytes[2048];
	size_t n = capture_bytes(f, bytes, sizeof(bytes));
	struct seen seen = { 0 };
	int fd = make_fifo(f, bytes, n - 10);
	struct source *s = open_file(f, f->other, "");

	close(fd);
	assert_int_equal(read_all(f, s, &seen), SOURCE_SHORT);
	assert_int_equal(seen.n, FRAMES - 1);
	source_del(s);
}

/*
 * A section, an interface, a block without a packet, and two packets, little-endian: the reader
 * must not take the third block for a packet.
 */
/* clang-format off */
static const uint8_t pcapng[] = {
	0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 28, 0, 0, 0,
	1, 0, 0, 0, 20, 0, 0, 0, 1, 0, 0, 0, 0, 0, 4, 0, 20, 0, 0, 0,
	5, 0, 0, 0, 24, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 24, 0, 0, 0,
	6, 0, 0, 0, 48, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 64, 66, 15, 0, 14, 0, 0, 0, 14, 0, 0, 0,
	1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 8, 6, 0, 0, 48, 0, 0, 0,
	6, 0, 0, 0, 48, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 64, 66, 15, 0, 14, 0, 0, 0, 14, 0, 0, 0,
	1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 8, 0, 0, 0, 48, 0, 0, 0,
};
/* clang-format on */

#define PCAPNG_FIRST 120 /* bytes up to the end of the first packet */

static void
test_a_pipe_of_pcapng_is_not_waited_for(void **state)
{
	struct fixture *f = *state;
	struct seen seen = { 0 };
	int fd = make_fifo(f, pcapng, PCAPNG_FIRST - 48);
	struct source *s = open_file(f, f->other, "");

	assert_non_null(s);
	for (size_t at = PCAPNG_FIRST - 48; at < sizeof(pcapng); at++) {
		assert_int_equal(source_read(s, 100, on_frame, &seen, NULL, &f->err), SOURCE_READ);
		assert_int_equal(seen.n, at >= PCAPNG_FIRST);
		assert_int_equal(write(fd, pcapng + at, 1), 1);
	}
	close(fd);
	assert_int_equal(read_all(f, s, &seen), SOURCE_DONE);
	assert_int_equal(seen.n, 2);
	assert_int_equal(seen.first, NS);
	source_del(s);
}

/* As above, with two interfaces, of which the second one has the first packet. */
/* clang-format off */
static const uint8_t two_interfaces[] = {
	0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 28, 0, 0, 0,
	1, 0, 0, 0, 28, 0, 0, 0, 1, 0, 0, 0, 0, 0, 4, 0, 2, 0, 3, 0, 'o', 'n', 'e', 0, 28, 0, 0, 0,
	1, 0, 0, 0, 28, 0, 0, 0, 1, 0, 0, 0, 0, 0, 4, 0, 2, 0, 3, 0, 't', 'w', 'o', 0, 28, 0, 0, 0,
	6, 0, 0, 0, 48, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 64, 66, 15, 0, 14, 0, 0, 0, 14, 0, 0, 0,
	1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 8, 6, 0, 0, 48, 0, 0, 0,
	6, 0, 0, 0, 48, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 64, 66, 15, 0, 14, 0, 0, 0, 14, 0, 0, 0,
	1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 8, 0, 0, 0, 48, 0, 0, 0,
	6, 0, 0, 0, 48, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 64, 66, 15, 0, 14, 0, 0, 0, 14, 0, 0, 0,
	1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 8, 6, 0, 0, 48, 0, 0, 0,
};
/* clang-format on */

struct numbers {
	char asked[32]; /* names, in the order of the calls */
	char seen[32];  /* numbers of the sources of the frames */
};

static uint16_t
number_interface(void *arg, const struct source_interface *i)
{
	struct numbers *n = arg;

	strlcat(n->asked, i->name, sizeof(n->asked));
	return (uint16_t)(i->name[0] - 'a');
}

static void
note_number(const struct frame *f, void *arg)
{
	struct numbers *n = arg;
	char letter[2] = { (char)('a' + f->source), '\0' };

	strlcat(n->seen, letter, sizeof(n->seen));
}

/* Reads the file to its end. */
static struct numbers
read_interfaces(struct fixture *f, const char *filter, double replay)
{
	struct numbers n = { .asked = "", .seen = "" };
	struct source_config c = { .kind = SOURCE_FILE,
		.name = f->other,
		.filter = filter,
		.replay = replay,
		.interface = number_interface,
		.arg = &n };
	struct source *s = source_open(&c, &f->err);
	enum source_outcome o = SOURCE_READ;
	uint64_t done, all;

	assert_non_null(s);
	while (o == SOURCE_READ)
		o = source_read(s, 2, note_number, &n, NULL, &f->err);
	assert_int_equal(o, SOURCE_DONE);
	source_progress(s, &done, &all);
	assert_int_equal(done, all);
	source_del(s);
	return n;
}

static void
test_interfaces_of_a_file_have_their_numbers(void **state)
{
	struct fixture *f = *state;
	int fd = open(f->other, O_CREAT | O_WRONLY, 0600);
	struct numbers n;

	assert_int_equal(write(fd, two_interfaces, sizeof(two_interfaces)), sizeof(two_interfaces));
	close(fd);
	n = read_interfaces(f, "", 0);
	assert_string_equal(n.asked, "twoone");
	assert_string_equal(n.seen, "tot");
	/* An interface without matching frames is not asked for, and does not shift the numbers
	 * of others. */
	n = read_interfaces(f, "arp", 0);
	assert_string_equal(n.asked, "two");
	assert_string_equal(n.seen, "tt");
	n = read_interfaces(f, "ip", 0);
	assert_string_equal(n.seen, "o");
	n = read_interfaces(f, "", 1000);
	assert_string_equal(n.seen, "tot");
}

static void
test_interfaces_come_through_a_pipe(void **state)
{
	struct fixture *f = *state;
	struct numbers n = { .asked = "", .seen = "" };
	struct source_config c = {
		.kind = SOURCE_FILE, .name = f->other, .interface = number_interface, .arg = &n
	};
	int fd = make_fifo(f, two_interfaces, 84);
	struct source *s = source_open(&c, &f->err);

	assert_non_null(s);
	for (size_t at = 84; at < sizeof(two_interfaces); at++) {
		assert_int_equal(write(fd, two_interfaces + at, 1), 1);
		source_read(s, 100, note_number, &n, NULL, &f->err);
	}
	assert_string_equal(n.asked, "twoone");
	assert_string_equal(n.seen, "tot");
	close(fd);
	source_del(s);
}

static void
test_replay_hands_on_what_is_due(void **state)
{
	struct fixture *f = *state;
	struct source_config c = { .kind = SOURCE_FILE, .name = f->path, .replay = 0.001 };
	struct seen seen = { 0 };
	struct source *s = source_open(&c, &f->err);

	/* The second packet is due in a thousand seconds. */
	source_read(s, 100, on_frame, &seen, NULL, &f->err);
	assert_int_equal(seen.n, 1);
	assert_in_range(source_timeout(s), 900 * 1000, 1000 * 1000);
	source_del(s);
	c.replay = 1e12;
	s = source_open(&c, &f->err);
	assert_int_equal(read_all(f, s, &seen), SOURCE_DONE);
	assert_int_equal(seen.n, 1 + FRAMES);
	source_del(s);
}

static void
test_pace_follows_the_stamps(void **state)
{
	struct replay_clock p;

	(void)state;
	replay_clock_init(&p, 2);
	assert_int_equal(replay_clock_wait(&p, 100 * NS, 5 * NS), 0);
	assert_int_equal(replay_clock_wait(&p, 104 * NS, 5 * NS), 2 * NS);
	assert_int_equal(replay_clock_wait(&p, 104 * NS, 6 * NS), NS);
	assert_int_equal(replay_clock_wait(&p, 104 * NS, 9 * NS), 0);
	assert_int_equal(replay_clock_time(&p, 5 * NS), 100 * NS);
	assert_int_equal(replay_clock_time(&p, 6 * NS), 102 * NS);
	/* Back in time, and so far ahead that it is never due. */
	assert_int_equal(replay_clock_wait(&p, 3 * NS, 5 * NS), 0);
	replay_clock_init(&p, 1e-9);
	assert_int_equal(replay_clock_wait(&p, 0, 0), 0);
	assert_true(replay_clock_wait(&p, UINT64_MAX, 0) > 100 * NS);
	assert_int_equal(replay_clock_timeout(0), 0);
	assert_in_range(replay_clock_timeout(1), 1, 100);
	assert_int_equal(replay_clock_timeout(1500 * NS / 1000), 1500);
	assert_true(replay_clock_timeout(UINT64_MAX / 4) > 0);
}

static void
test_filters_are_checked_before_use(void **state)
{
	struct fixture *f = *state;
	char text[1100];

	assert_true(capture_filter_check("", DLT_EN10MB, true, &f->err));
	memset(text, ' ', sizeof(text));
	memcpy(text, "tcp", 3);
	text[1024] = '\0';
	assert_true(capture_filter_check(text, DLT_EN10MB, false, &f->err));
	text[1024] = ' ';
	text[1025] = '\0';
	assert_false(capture_filter_check(text, DLT_EN10MB, false, &f->err));
	assert_non_null(strstr(f->text, "1025 bytes"));
	assert_false(capture_filter_check("tcp prot 80", DLT_EN10MB, false, &f->err));
}

/* Filters without names, and filters that need DNS or name files. */
static void
test_numeric_filters_hold_no_names(void **state)
{
	static const struct {
		const char *filter;
		bool numeric;
	} rows[] = {
		{ "tcp port 80 and (host 192.0.2.1 or net 198.51.100.0/24)", true },
		{ "ip6 host 2001:db8::1", true },
		{ "ether host 00:11:22:33:44:55", true },
		{ "tcp[tcpflags] & (tcp-syn|tcp-fin) != 0", true },
		{ "udp portrange 16384-16390", true },
		{ "ip[6:2] & 0x1fff = 0", true },
		{ "len - 14 > 100", true },
		{ "icmp6[icmp6type] == icmp6-echo", true },
		{ "vlan 20 and not arp", true },
		{ "host www.example.com", false },
		{ "host printer", false },
		{ "tcp port http", false },
		{ "host 1.2.3.4.5", false },
		{ "host 1e.de", false },
		{ "host 80-90", false },
		{ "ether host 00:11:22:33:44:55:66", false },
		{ "ether host 00:11:22:33:44", false },
		{ "ether host 00:11:22:33:44:555", false },
		{ "host be:ef.de", false },
		{ "host 1-2", false },
		{ "host 0xyz", false },
		{ "gateway gw", false },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool ok = capture_filter_check(rows[i].filter, DLT_EN10MB, true, &f->err);

		if (ok != rows[i].numeric)
			fail_msg("%s: %s", rows[i].filter, f->text);
		if (!ok)
			assert_non_null(strstr(f->text, "is a name"));
	}
}

static void
test_names_of_interfaces_are_checked(void **state)
{
	static const char *const names[] = { "", "no such", "../eth0", "a\033[2J", "rpcap://x/y",
		"0123456789012345678901234567890123456789012345678901234567890123456789" };
	struct fixture *f = *state;
	struct source_config c = { .kind = SOURCE_LIVE };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		c.name = names[i];
		assert_null(source_open(&c, &f->err));
		assert_non_null(strstr(f->text, "name"));
		assert_null(strchr(f->text, '\033'));
	}
	c.name = "nosuch0";
	assert_null(source_open(&c, &f->err));
	assert_non_null(strstr(f->text, "nosuch0: no such interface"));
}

static void
test_link_types_have_names_or_numbers(void **state)
{
	(void)state;
	assert_string_equal(linktype_name(DLT_EN10MB), "EN10MB");
	assert_string_equal(linktype_name(65000), "65000");
}

static void
test_the_bounded_demo_is_a_minute(void **state)
{
	struct fixture *f = *state;
	struct source_config c = { .kind = SOURCE_DEMO, .number = 2 };
	struct seen all = { 0 }, udp = { 0 };
	struct source *s = source_open(&c, &f->err);

	assert_string_equal(source_name(s), "demo");
	assert_int_equal(read_all(f, s, &all), SOURCE_DONE);
	assert_int_equal(all.source, 2);
	assert_int_equal(all.linktype, DLT_EN10MB);
	assert_in_range(all.first, DEMO_EPOCH, DEMO_EPOCH + NS);
	assert_in_range(all.last, DEMO_EPOCH + 59 * NS, DEMO_EPOCH + 60 * NS - 1);
	source_del(s);
	c.filter = "udp";
	s = source_open(&c, &f->err);
	assert_int_equal(read_all(f, s, &udp), SOURCE_DONE);
	assert_in_range(udp.n, 1, all.n - 1);
	source_del(s);
}

static void
test_the_endless_demo_waits_for_the_clock(void **state)
{
	struct fixture *f = *state;
	struct source_config c = { .kind = SOURCE_DEMO, .demo_endless = true };
	struct seen seen = { 0 };
	struct source *s = source_open(&c, &f->err);

	assert_int_equal(source_timeout(s), 0);
	assert_int_equal(source_read(s, 1000000, on_frame, &seen, NULL, &f->err), SOURCE_READ);
	/* Not the whole minute, and with today's time. */
	assert_in_range(seen.n, 1, 5000);
	assert_true(seen.first > DEMO_EPOCH / 2);
	assert_true(source_timeout(s) > 0);
	source_del(s);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_a_file_is_read_whole_with_its_stamps),
		TEST(test_a_read_of_none_gives_none),
		TEST(test_filtered_packets_count_as_work),
		TEST(test_a_filter_changes_while_reading),
		TEST(test_a_bad_filter_is_no_source),
		TEST(test_a_cut_file_is_reported_up_to_its_last_whole_packet),
		TEST(test_a_broken_record_ends_it_with_an_error),
		TEST(test_an_impossible_fraction_stays_within_its_second),
		TEST(test_what_is_no_capture_is_said),
		TEST(test_a_pipe_is_not_waited_for),
		TEST(test_packets_that_wait_in_the_pipe_need_no_descriptor),
		TEST(test_a_pipe_that_breaks_off_is_cut_short),
		TEST(test_a_pipe_of_pcapng_is_not_waited_for),
		TEST(test_interfaces_of_a_file_have_their_numbers),
		TEST(test_interfaces_come_through_a_pipe),
		TEST(test_replay_hands_on_what_is_due),
		TEST(test_pace_follows_the_stamps),
		TEST(test_filters_are_checked_before_use),
		TEST(test_numeric_filters_hold_no_names),
		TEST(test_names_of_interfaces_are_checked),
		TEST(test_link_types_have_names_or_numbers),
		TEST(test_the_bounded_demo_is_a_minute),
		TEST(test_the_endless_demo_waits_for_the_clock),
	};

	return cmocka_run_group_tests_name("source", tests, NULL, NULL);
}
