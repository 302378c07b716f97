/* Memory of large tables, and their low cost in a child. */
#include "config.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "util/alloc.h"
#include "util/attr.h"

#define SMALL    ((size_t)4 << 10)
#define LARGE    ((size_t)2 << 20)
#define COLLAPSE 25 /* MADV_COLLAPSE of Linux 6.1 */
#define PAGES    16 /* large ones of a table */

/* Small and large tables alike: zeroed, aligned to a cache line, accessible. */
static void
test_zeros(void **state ATTR_UNUSED)
{
	static const size_t sizes[] = { 0, 1, 4096, (8 << 20) - 1, 8 << 20, (9 << 20) + 5 };

	for (size_t i = 0; i < NITEMS(sizes); i++) {
		unsigned char *p = pages_new(sizes[i]), seen = 0;

		assert_int_equal((uintptr_t)p % PAGES_ALIGN, 0);
		for (size_t at = 0; at < sizes[i]; at++) {
			seen |= p[at];
			p[at] = 0xff;
		}
		assert_int_equal(seen, 0);
		pages_del(p);
	}
	pages_del(NULL);
}

/* Bytes of the table in large pages, as the system reports; 0 if unknown. */
static size_t
in_large(const char *table)
{
	FILE *f = fopen("/proc/self/smaps", "r");
	unsigned long begin, end, kib, sum = 0;
	bool within = false;
	char line[256];

	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		if (sscanf(line, "%lx-%lx ", &begin, &end) == 2)
			within = begin < (uintptr_t)table + PAGES * LARGE && end > (uintptr_t)table;
		else if (within && sscanf(line, "AnonHugePages: %lu", &kib) == 1)
			sum += kib << 10;
	}
	if (f != NULL)
		fclose(f);
	return sum;
}

static void
write_to_each(char *table)
{
	for (size_t at = 0; at < PAGES * LARGE; at += SMALL)
		table[at]++;
}

/* A child has the table while the parent writes to it. */
static void
share(char *table)
{
	int ends[2], status;
	pid_t pid;
	char c;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		close(ends[1]);
		_exit(read(ends[0], &c, 1) != 0 || table[SMALL] != 1);
	}
	close(ends[0]);
	write_to_each(table);
	close(ends[1]);
	assert_int_equal(pid, waitpid(pid, &status, 0));
	assert_int_equal(0, status);
}

/* After it, small pages are merged to large ones, in steps. The system may merge others meanwhile.
 */
static void
test_mending(void **state ATTR_UNUSED)
{
	char *table = pages_new(PAGES * LARGE);
	size_t whole, torn, now;
	unsigned steps = 0;

	assert_false(pages_rebuild_huge());
	write_to_each(table);
	whole = in_large(table);
	share(table);
	now = torn = in_large(table);
	assert_false(pages_rebuild_huge());
	pages_after_fork();
	while (pages_rebuild_huge()) {
		assert_true(in_large(table) >= now);
		now = in_large(table);
		steps++;
	}
	assert_in_range(steps, 0, PAGES - 1);
	for (size_t at = 0; at < PAGES * LARGE; at += SMALL)
		assert_int_equal(2, table[at]);
	if (whole < (PAGES - 1) * LARGE || torn == whole ||
	    (now < whole && madvise(table + LARGE, LARGE, COLLAPSE) != 0))
		skip(); /* no large pages here, or no free ones */
	assert_in_range(now, whole * 3 / 4, whole);
	pages_del(table);
}

/* True if a child survives reading there. */
static bool
child_reads(const char *at)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		signal(SIGSEGV, SIG_DFL);
		_exit(*(const volatile char *)at != 5);
	}
	assert_int_equal(pid, waitpid(pid, &status, 0));
	assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
	return !WIFSIGNALED(status);
}

/* Children without the tables can free them all the same; the next children have them again. */
static void
test_hidden(void **state ATTR_UNUSED)
{
	char *table = pages_new(PAGES * LARGE), *small = pages_new(SMALL);
	char *own = pages_new_private(PAGES * LARGE);
	int status;
	pid_t pid;

	table[0] = table[PAGES * LARGE / 2] = small[0] = own[0] = 5;
#ifdef MADV_DONTFORK
	assert_false(child_reads(own));
#endif
	pages_dontfork(true);
#ifdef MADV_DONTFORK
	assert_false(child_reads(table));
	assert_false(child_reads(&table[PAGES * LARGE / 2]));
#endif
	assert_true(child_reads(small));
	pid = fork();
	if (pid == 0) {
		pages_del(table);
		pages_del(small);
		_exit(0);
	}
	assert_int_equal(pid, waitpid(pid, &status, 0));
	assert_int_equal(0, status);
	pages_dontfork(false);
	assert_true(child_reads(table));
	assert_true(child_reads(&table[PAGES * LARGE / 2]));
#ifdef MADV_DONTFORK
	assert_false(child_reads(own));
#endif
	pages_del(own);
	pages_del(table);
	pages_del(small);
}

/* A freed table is not rebuilt. */
static void
test_gone(void **state ATTR_UNUSED)
{
	pages_del(pages_new(PAGES * LARGE));
	while (pages_rebuild_huge())
		;
	pages_after_fork();
	assert_false(pages_rebuild_huge());
}

static bool
is_mapped(char *at)
{
	return msync(at, SMALL, MS_ASYNC) == 0;
}

/* Large tables are freed in steps of four pages, which a child does not need. */
static void
test_given_back(void **state ATTR_UNUSED)
{
	char *table = pages_new(PAGES * LARGE), *small = pages_new(SMALL);
	unsigned steps = 0;

	assert_false(pages_rebuild_huge());
	write_to_each(table);
	pages_del(small);
	pages_del(table);
	assert_true(is_mapped(table + (PAGES - 1) * LARGE));
#ifdef MADV_DONTFORK
	assert_false(child_reads(table));
#endif
	while (pages_rebuild_huge()) {
		steps++;
		for (unsigned i = 0; i < PAGES; i++)
			assert_int_equal(i < PAGES - 4 * steps, is_mapped(table + i * LARGE));
	}
	assert_int_equal(PAGES / 4, steps);
}

/* If there are more tables than can be tracked, some are freed at once, and all have their
 * memory. */
static void
test_many(void **state ATTR_UNUSED)
{
	enum { MANY = 300 };
	char *tables[MANY];

	assert_false(pages_rebuild_huge());
	for (unsigned round = 0; round < 2; round++) {
		for (unsigned i = 0; i < MANY; i++) {
			tables[i] = pages_new(8 * LARGE);
			assert_int_equal(0, tables[i][5 * LARGE]++);
		}
		for (unsigned i = 0; i < MANY; i++) {
			assert_int_equal(1, tables[i][5 * LARGE]);
			pages_del(tables[i]);
		}
	}
	while (pages_rebuild_huge())
		;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_zeros),
		cmocka_unit_test(test_mending),
		cmocka_unit_test(test_hidden),
		cmocka_unit_test(test_gone),
		cmocka_unit_test(test_given_back),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
