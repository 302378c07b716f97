/* Stamps that jump: which are correct, and which one is not. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "capture/pcapng_interfaces.h"

#define S    UINT64_C(1000000000)
#define MOST 12
#define NOW  1700000000
#define WILD 4294967295

/* In s; the result, and the counts of back and wild stamps. */
struct row {
	const char *name;
	uint64_t stamp[MOST], time[MOST];
	unsigned n, back, wild;
};

static const struct row rows[] = {
	{ "none leaps", { NOW, NOW + 1, NOW, NOW + 3 }, { NOW, NOW + 1, NOW, NOW + 3 }, 4, 1, 0 },
	{ "in the middle", { NOW, NOW + 1, WILD, NOW + 2, NOW + 3 },
	    { NOW, NOW + 1, NOW + 1, NOW + 2, NOW + 3 }, 5, 0, 1 },
	{ "of 1970", { NOW, 0, NOW + 2, NOW + 3 }, { NOW, NOW, NOW + 2, NOW + 3 }, 4, 0, 1 },
	{ "the first", { WILD, NOW, NOW + 1, NOW + 2 }, { NOW, NOW, NOW + 1, NOW + 2 }, 4, 0, 1 },
	{ "the last", { NOW, NOW + 1, NOW + 2, WILD }, { NOW, NOW + 1, NOW + 2, NOW + 2 }, 4, 0,
	    1 },
	{ "years apart", { 4102444800, 0, 9000000000 }, { 4102444800, 0, 9000000000 }, 3, 1, 0 },
	{ "one packet each", { NOW, WILD }, { NOW, WILD }, 2, 0, 0 },
	{ "two clocks", { NOW, 5, NOW + 1, 6, NOW + 2, 7, NOW + 3, 8 },
	    { NOW, 5, NOW + 1, 6, NOW + 2, 7, NOW + 3, 8 }, 8, 4, 0 },
	{ "two in a row", { NOW, NOW + 1, NOW + 2, WILD, WILD, NOW + 3, NOW + 4, NOW + 5 },
	    { NOW, NOW + 1, NOW + 2, NOW + 2, NOW + 2, NOW + 3, NOW + 4, NOW + 5 }, 8, 0, 2 },
	{ "of both ends", { NOW, NOW + 1, 0, WILD, 5, NOW + 2, NOW + 3, NOW + 4, NOW + 5 },
	    { NOW, NOW + 1, NOW + 1, NOW + 1, NOW + 1, NOW + 2, NOW + 3, NOW + 4, NOW + 5 }, 9, 0,
	    3 },
	{ "two before the last", { NOW, NOW, NOW, NOW, NOW, WILD, WILD, NOW + 3 },
	    { NOW, NOW, NOW, NOW, NOW, NOW, NOW, NOW + 3 }, 8, 0, 2 },
	{ "set at the end", { NOW, NOW + 1, NOW + 2, WILD, WILD },
	    { NOW, NOW + 1, NOW + 2, WILD, WILD }, 5, 0, 0 },
	{ "two clocks by turns", { NOW, NOW, NOW, 5, 6, 7, NOW + 3, NOW + 4, NOW + 5, 8, 9, 10 },
	    { NOW, NOW, NOW, 5, 6, 7, NOW + 3, NOW + 4, NOW + 5, 8, 9, 10 }, 12, 2, 0 },
	{ "NTP after the start", { 0, 1, 2, 3, NOW, NOW + 1, NOW + 2, NOW + 3, NOW + 4 },
	    { 0, 1, 2, 3, NOW, NOW + 1, NOW + 2, NOW + 3, NOW + 4 }, 9, 0, 0 },
	{ "set back", { NOW, NOW + 1, NOW + 2, 9, 10, 11, 12, 13 },
	    { NOW, NOW + 1, NOW + 2, 9, 10, 11, 12, 13 }, 8, 1, 0 },
};

static unsigned
put(struct stamps *s, const struct row *row, unsigned next)
{
	static const uint8_t byte = 7;
	struct frame f = { .ts = row->stamp[next] * S, .data = &byte, .caplen = 1, .len = next };

	stamps_put(s, &f);
	return next + 1;
}

/* Like file.c, with every frame on the slow path. */
static void
play(const struct row *row)
{
	struct stamps s = { .n = 0 };
	unsigned next = 0;

	for (unsigned i = 0; i < row->n; i++) {
		struct frame f;

		while (next < row->n && (!stamps_wait(&s) || stamps_want(&s)))
			next = put(&s, row, next);
		stamps_take(&s, next == row->n, &f);
		if (f.len != i || f.ts != row->time[i] * S ||
		    f.ts + f.stamp_offset != row->stamp[i] * S)
			fail_msg("%s: %u has another time", row->name, i);
		assert_int_equal(f.data[0], 7);
	}
	assert_false(stamps_wait(&s));
	if (s.back != row->back || s.wild != row->wild)
		fail_msg("%s: %u back, %u wild", row->name, (unsigned)s.back, (unsigned)s.wild);
	stamps_fini(&s);
}

static void
test_which_are_true(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		play(&rows[i]);
}

/* The slow path would not change frames that the fast path accepts. */
static void
test_near_ones_follow(void **state)
{
	struct stamps s = { .last = NOW * S, .run = STAMPS_AGREED };
	struct frame f = { .ts = (NOW + 1) * S };

	(void)state;
	assert_true(stamps_follow(&s, &f));
	f.ts = NOW * S;
	assert_true(stamps_follow(&s, &f));
	assert_int_equal(s.back, 1);
	f.ts = WILD * S;
	assert_false(stamps_follow(&s, &f));
	f.ts = 0;
	assert_false(stamps_follow(&s, &f));
}

/* If plausible frames waited too, all of a file would be copied. */
static void
test_only_doubtful_ones_wait_for_more(void **state)
{
	static const struct row row = { "", { NOW, NOW + 1, WILD }, { 0 }, 3, 0, 0 };
	struct stamps s = { .n = 0 };
	struct frame f;

	(void)state;
	for (unsigned next = 0; next < row.n;)
		next = put(&s, &row, next);
	assert_true(stamps_want(&s));
	put(&s, &row, 0);
	assert_false(stamps_want(&s));
	stamps_take(&s, false, &f);
	assert_int_equal(f.len, 0);
	assert_false(stamps_want(&s));
	stamps_take(&s, false, &f);
	assert_int_equal(f.len, 1);
	assert_true(stamps_want(&s));
	stamps_fini(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_which_are_true),
		cmocka_unit_test(test_near_ones_follow),
		cmocka_unit_test(test_only_doubtful_ones_wait_for_more),
	};

	return cmocka_run_group_tests_name("stamps", tests, NULL, NULL);
}
