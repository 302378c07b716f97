/* From files into the ledger: the sources of their interfaces. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "feed/feed.h"
#include "util/alloc.h"

#define FRAME 60
#define NS    UINT64_C(1000000000)

struct fixture {
	char path[2][64];
	struct feed feed;
};

static void
put(FILE *file, uint32_t v, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		fputc((int)(v >> 8 * i & 0xff), file);
}

static void
put_interface(FILE *file, const char *name)
{
	put(file, 1, 4);
	put(file, 28, 4);
	put(file, 1, 4);
	put(file, 65535, 4);
	put(file, 2, 2);
	put(file, 3, 2);
	fprintf(file, "%-4.3s", name);
	put(file, 28, 4);
}

/* UDP from a host whose address ends in `host`. */
static void
put_packet(FILE *file, uint32_t interface, uint8_t host)
{
	uint8_t frame[FRAME] = { [12] = 8,
		[14] = 0x45,
		[17] = FRAME - 14,
		[23] = 17,
		[26] = 10,
		[29] = host,
		[30] = 10,
		[33] = 254,
		[35] = 7,
		[37] = 7 };

	put(file, 6, 4);
	put(file, 32 + FRAME, 4);
	put(file, interface, 4);
	put(file, 0, 4);
	put(file, 1000000, 4);
	put(file, FRAME, 4);
	put(file, FRAME, 4);
	fwrite(frame, sizeof(frame), 1, file);
	put(file, 32 + FRAME, 4);
}

/* A file with so many interfaces, i00 and so on, and packets, of each in turn. */
static void
write_packets(char *path, unsigned interfaces, unsigned packets)
{
	FILE *file;
	int fd;

	strlcpy(path, "/tmp/test_feed.XXXXXX", 64);
	fd = mkstemp(path);
	assert_true(fd >= 0);
	file = fdopen(fd, "wb");
	put(file, 0x0a0d0d0a, 4);
	put(file, 28, 4);
	put(file, 0x1a2b3c4d, 4);
	put(file, 1, 4);
	put(file, UINT32_MAX, 4);
	put(file, UINT32_MAX, 4);
	put(file, 28, 4);
	for (unsigned i = 0; i < interfaces; i++) {
		char name[16];

		snprintf(name, sizeof(name), "i%02u", i);
		put_interface(file, name);
	}
	for (unsigned i = 0; i < packets; i++)
		put_packet(file, i % interfaces, 1);
	assert_int_equal(fclose(file), 0);
}

/* A file with so many interfaces; each of them has the same packet. */
static void
write_file(char *path, unsigned interfaces)
{
	write_packets(path, interfaces, interfaces);
}

static struct ledger *
read_files(struct fixture *f, unsigned first, unsigned second)
{
	static struct options o;
	static const char *path[2];
	char text[256];
	struct buf err;

	o = (struct options){ .memory = LEDGER_MEMORY_MIN, .n_files = second > 0 ? 2 : 1 };
	write_file(f->path[0], first);
	if (second > 0)
		write_file(f->path[1], second);
	for (unsigned i = 0; i < o.n_files; i++)
		path[i] = f->path[i];
	o.file = path;
	buf_init(&err, text, sizeof(text));
	feed_open_live(&f->feed, &o, false);
	feed_open_files(&f->feed);
	while (feed_read(&f->feed, &err))
		;
	assert_string_equal(err.s, "");
	ledger_flush(f->feed.ledger);
	return f->feed.ledger;
}

static int
set_up(void **state)
{
	*state = xcalloc(1, sizeof(struct fixture));
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	feed_close(&f->feed);
	for (unsigned i = 0; i < 2; i++)
		if (f->path[i][0] != '\0')
			unlink(f->path[i]);
	free(f);
	return 0;
}

/* The source's name is the file's with this suffix. */
static void
assert_name(const struct ledger *l, unsigned source, const char *path, const char *interface)
{
	char name[LEDGER_NAME];

	snprintf(name, sizeof(name), "%s%s", strrchr(path, '/') + 1, interface);
	assert_string_equal(l->source[source].name, name);
}

static void
test_a_file_with_one_interface_has_its_own_name(void **state)
{
	struct fixture *f = *state;
	const struct ledger *l = read_files(f, 1, 0);

	assert_int_equal(l->n_sources, 1);
	assert_name(l, 0, f->path[0], "");
}

static void
test_several_interfaces_are_several_sources(void **state)
{
	struct fixture *f = *state;
	const struct ledger *l = read_files(f, 2, 3);

	assert_int_equal(l->n_sources, 5);
	assert_name(l, 0, f->path[0], ":i00");
	assert_name(l, 1, f->path[1], ":i00");
	assert_name(l, 2, f->path[0], ":i01");
	assert_name(l, 3, f->path[1], ":i01");
	assert_name(l, 4, f->path[1], ":i02");
	for (unsigned i = 0; i < 5; i++) {
		assert_int_equal(l->source[i].totals.all.packets, 1);
		assert_int_equal(l->source[i].state, SOURCE_ENDED);
	}
	/* Both have the same flow, whichever interface captured it. */
	assert_int_equal(l->flows.table.used, 1);
}

static void
test_interfaces_without_room_share_the_last_of_their_file(void **state)
{
	struct fixture *f = *state;
	const struct ledger *l = read_files(f, 20, 2);
	uint64_t all = 0;

	assert_int_equal(l->n_sources, LEDGER_SOURCES);
	assert_name(l, 15, f->path[0], ":other interfaces");
	assert_int_equal(l->source[15].totals.all.packets, 6);
	/* No packets of the second file are in a source of the first one. */
	assert_name(l, 1, f->path[1], "");
	assert_int_equal(l->source[1].totals.all.packets, 2);
	for (unsigned i = 0; i < l->n_sources; i++)
		all += l->source[i].totals.all.packets;
	assert_int_equal(all, 22);
	assert_int_equal(l->flows.table.used, 1);
}

static void
stop(struct feed *f, bool stop)
{
	char text[256];
	struct buf err;

	buf_init(&err, text, sizeof(text));
	feed_stop(f, stop, &err);
}

/* A paused file loses nothing. */
static void
waits(struct fixture *f, void (*hold)(struct feed *f, bool hold))
{
	static struct options o;
	const char *path[] = { f->path[0] };
	char text[256];
	struct buf err;

	buf_init(&err, text, sizeof(text));
	o = (struct options){ .memory = LEDGER_MEMORY_MIN, .n_files = 1, .file = path };
	write_file(f->path[0], 2);
	feed_open_live(&f->feed, &o, false);
	feed_open_files(&f->feed);
	hold(&f->feed, true);
	for (unsigned i = 0; i < 5; i++)
		assert_true(feed_read(&f->feed, &err));
	assert_int_equal(feed_timeout(&f->feed), -1);
	assert_int_equal(f->feed.ledger->totals.all.packets, 0);
	hold(&f->feed, false);
	while (feed_read(&f->feed, &err))
		;
	assert_int_equal(f->feed.ledger->totals.all.packets, 2);
	assert_false(f->feed.failed);
}

static void
test_stopped(void **state)
{
	waits(*state, stop);
}

static void
test_held(void **state)
{
	waits(*state, feed_pause);
}

/* All sources of a file are running again, not only the first one. */
static void
test_begun_again(void **state)
{
	struct fixture *f = *state;
	const struct ledger *l = read_files(f, 3, 0);
	char text[256];
	struct buf err;

	buf_init(&err, text, sizeof(text));
	feed_restart(&f->feed, &err);
	assert_string_equal(err.s, "");
	for (unsigned i = 0; i < l->n_sources; i++)
		assert_int_equal(l->source[i].state, SOURCE_RUNNING);
}

/* A file with more packets than are read in one turn, as an interface that has just disappeared. */
static struct feed_source *
open_gone_interface(struct fixture *f, struct options *o, const char **path)
{
	char text[256];
	struct buf err;
	struct feed_source *s = &f->feed.source[0];

	buf_init(&err, text, sizeof(text));
	*o = (struct options){ .memory = LEDGER_MEMORY_MIN, .n_files = 1, .file = path };
	write_packets(f->path[0], 1, 9000);
	*path = f->path[0];
	feed_open_live(&f->feed, o, false);
	feed_open_files(&f->feed);
	assert_true(feed_read(&f->feed, &err));
	s->config.kind = SOURCE_LIVE;
	s->config.name = "pkttop-none";
	s->index = 1;
	return s;
}

/* It is closed only after the ring is empty. */
static void
test_a_gone_interface_is_drained(void **state)
{
	struct fixture *f = *state;
	struct options o;
	const char *path[1];
	struct feed_source *s = open_gone_interface(f, &o, path);
	char text[256];
	struct buf said, err;

	buf_init(&said, text, sizeof(text));
	buf_init(&err, text, sizeof(text));
	feed_housekeep(&f->feed, NS, &said);
	assert_non_null(s->source);
	assert_true(f->feed.housekeep_at <= NS);
	feed_housekeep(&f->feed, 2 * NS, &said);
	assert_non_null(s->source);
	s->empty = true;
	feed_housekeep(&f->feed, 2 * NS + 1, &said);
	assert_null(s->source);
	assert_non_null(strstr(said.s, ": the interface disappeared"));
}

/* A renamed interface still gives packets, but is not followed. */
static void
test_a_gone_interface_is_not_drained_for_ever(void **state)
{
	struct fixture *f = *state;
	struct options o;
	const char *path[1];
	struct feed_source *s = open_gone_interface(f, &o, path);
	char text[256];
	struct buf said;

	buf_init(&said, text, sizeof(text));
	feed_housekeep(&f->feed, NS, &said);
	feed_housekeep(&f->feed, 3 * NS - 1, &said);
	assert_non_null(s->source);
	feed_housekeep(&f->feed, 3 * NS, &said);
	assert_null(s->source);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_a_file_with_one_interface_has_its_own_name),
		TEST(test_several_interfaces_are_several_sources),
		TEST(test_interfaces_without_room_share_the_last_of_their_file),
		TEST(test_stopped),
		TEST(test_held),
		TEST(test_begun_again),
		TEST(test_a_gone_interface_is_drained),
		TEST(test_a_gone_interface_is_not_drained_for_ever),
	};

	return cmocka_run_group_tests_name("feed", tests, NULL, NULL);
}
