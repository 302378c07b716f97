/* Several capture files as one: the stamps decide, not the order of the names. */
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

#include "capture/source.h"
#include "util/alloc.h"
#include "util/attr.h"

#include "../pcapfile.h"

#define S     UINT64_C(1000000000)
#define FILES 300 /* more than are open at the same time */
#define MOST  4000

struct read {
	struct source_config config[FILES];
	char path[FILES][64];
	enum source_outcome ended[FILES];
	unsigned n_ended;
	uint64_t ts[MOST];
	uint16_t source[MOST];
	unsigned n;
	char err_text[256];
	struct buf err;
};

static struct read *r;
static char folder[] = "/tmp/test_merge.XXXXXX";

static int
set_up(void **state)
{
	(void)state;
	strlcpy(folder, "/tmp/test_merge.XXXXXX", sizeof(folder));
	assert_non_null(mkdtemp(folder));
	r = xcalloc(1, sizeof(*r));
	buf_init(&r->err, r->err_text, sizeof(r->err_text));
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	for (unsigned i = 0; i < FILES; i++)
		if (r->path[i][0] != '\0')
			unlink(r->path[i]);
	rmdir(folder);
	free(r);
	return 0;
}

/* A file of packets with these stamps; `more` invalid bytes follow the last one. */
static void
write_file(unsigned i, const uint64_t *ts, unsigned n, unsigned more)
{
	static const uint8_t frame[60];
	FILE *f;

	snprintf(r->path[i], sizeof(r->path[i]), "%s/%u.pcap", folder, i);
	f = fopen(r->path[i], "wb");
	assert_non_null(f);
	pcapfile_begin(f, 1, 65535);
	for (unsigned k = 0; k < n; k++)
		pcapfile_packet(f, ts[k], frame, sizeof(frame), sizeof(frame));
	fwrite(frame, 1, more, f);
	assert_int_equal(fclose(f), 0);
	r->config[i] = (struct source_config){ .kind = SOURCE_FILE, .name = r->path[i] };
}

static void
on_opened(void *arg ATTR_UNUSED, unsigned i, uint16_t linktype)
{
	assert_int_equal(linktype, 1);
	r->config[i].number = (uint16_t)(i % 64);
}

static void
on_ended(void *arg ATTR_UNUSED, unsigned i, enum source_outcome how)
{
	r->ended[i] = how;
	r->n_ended++;
}

static void
on_frame(const struct frame *f, void *arg ATTR_UNUSED)
{
	assert_in_range(r->n, 0, MOST - 1);
	r->ts[r->n] = f->ts;
	r->source[r->n++] = f->source;
}

static struct source *
open_all(unsigned n, const char *filter)
{
	struct merge_config c = {
		.file = r->config, .n = n, .filter = filter, .opened = on_opened, .ended = on_ended
	};

	return merge_open(&c, &r->err);
}

static void
read_all(unsigned n, const char *filter, unsigned max)
{
	struct source *s = open_all(n, filter);
	uint64_t done, all;

	assert_non_null(s);
	while (source_read(s, max, on_frame, NULL, NULL, &r->err) == SOURCE_READ)
		assert_int_equal(source_timeout(s), 0);
	source_progress(s, &done, &all);
	assert_true(all > 0);
	assert_int_equal(done, all);
	source_del(s);
}

static void
test_stamps_decide(void **state)
{
	static const uint64_t thursday[] = { 300 * S, 301 * S }, monday[] = { 1 * S, 2 * S },
			      both[] = { 2 * S, 299 * S, 301 * S, 400 * S };
	static const uint64_t ts[] = { 1, 2, 2, 299, 300, 301, 301, 400 };
	static const uint16_t source[] = { 1, 1, 2, 2, 0, 0, 2, 2 };

	(void)state;
	write_file(0, thursday, 2, 0);
	write_file(1, monday, 2, 0);
	write_file(2, both, 4, 0);
	read_all(3, "", 3);
	assert_int_equal(r->n, 8);
	for (unsigned i = 0; i < 8; i++) {
		assert_int_equal(r->ts[i], ts[i] * S);
		assert_int_equal(r->source[i], source[i]);
	}
	assert_int_equal(r->n_ended, 3);
	assert_string_equal(r->err.s, "");
}

/* Stamps that go back within a file keep their place. */
static void
test_a_file_keeps_its_order(void **state)
{
	static const uint64_t back[] = { 10 * S, 20 * S, 5 * S, 30 * S },
			      other[] = { 15 * S, 25 * S };
	static const uint64_t ts[] = { 10, 15, 20, 5, 25, 30 };

	(void)state;
	write_file(0, back, 4, 0);
	write_file(1, other, 2, 0);
	read_all(2, "", 100);
	assert_int_equal(r->n, 6);
	for (unsigned i = 0; i < 6; i++)
		assert_int_equal(r->ts[i], ts[i] * S);
}

static void
test_files_that_are_cut_or_empty(void **state)
{
	static const uint64_t ts[] = { 1 * S, 2 * S };

	(void)state;
	write_file(0, ts, 2, 7);
	write_file(1, ts, 0, 0);
	write_file(2, ts, 2, 0);
	read_all(3, "", 1);
	assert_int_equal(r->n, 4);
	assert_int_equal(r->ended[0], SOURCE_SHORT);
	assert_int_equal(r->ended[1], SOURCE_DONE);
	assert_int_equal(r->ended[2], SOURCE_DONE);
	assert_non_null(strstr(r->err.s, "0.pcap: cut short"));
}

static void
test_one_cannot_be_read(void **state)
{
	static const uint64_t ts[] = { S };

	(void)state;
	write_file(0, ts, 1, 0);
	write_file(1, ts, 1, 0);
	r->config[1].name = "/nowhere";
	assert_null(open_all(2, ""));
	assert_non_null(strstr(r->err.s, "/nowhere: "));
}

/* Each second is in another file, and half of the files cover the whole time. */
static void
test_very_many(void **state)
{
	uint64_t ts[2];

	(void)state;
	for (unsigned i = 0; i < FILES; i++) {
		ts[0] = (1000 + i * 77 % FILES) * S;
		ts[1] = i % 2 == 0 ? ts[0] + 1 : 5000 * S;
		write_file(i, ts, 2, 0);
	}
	read_all(FILES, "", 64);
	assert_int_equal(r->n, 2 * FILES);
	for (unsigned i = 1; i < r->n; i++)
		assert_true(r->ts[i - 1] <= r->ts[i]);
	assert_int_equal(r->n_ended, FILES);
}

static void
test_a_filter_is_for_all(void **state)
{
	static const uint64_t ts[] = { 1 * S, 2 * S };
	struct source *s;

	(void)state;
	for (unsigned i = 0; i < 3; i++)
		write_file(i, ts, 2, 0);
	read_all(3, "ip", 100);
	assert_int_equal(r->n, 0);
	assert_int_equal(r->n_ended, 3);
	s = open_all(3, "ip");
	assert_false(source_set_filter(s, "no such word", &r->err));
	assert_true(source_set_filter(s, "", &r->err));
	while (source_read(s, 100, on_frame, NULL, NULL, &r->err) == SOURCE_READ)
		;
	assert_int_equal(r->n, 6);
	source_del(s);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_stamps_decide),
		TEST(test_a_file_keeps_its_order),
		TEST(test_files_that_are_cut_or_empty),
		TEST(test_one_cannot_be_read),
		TEST(test_very_many),
		TEST(test_a_filter_is_for_all),
	};

	return cmocka_run_group_tests_name("merge", tests, NULL, NULL);
}
