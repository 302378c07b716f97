/* Limits of control groups, in a tree of the test's own. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform/memory.h"
#include "util/attr.h"

static char folder[] = "/tmp/test_memory.XXXXXX";

/* Files of the tree, each after its directory. */
static const struct {
	const char *path, *text;
} files[] = {
	{ "v2", NULL },
	{ "v2/memory.max", "max\n" },
	{ "v2/outer", NULL },
	{ "v2/outer/memory.max", "1000000\n" },
	{ "v2/outer/inner", NULL },
	{ "v2/outer/inner/memory.max", "4000000\n" },
	{ "v2/free", NULL },
	{ "v2/free/memory.max", "max\n" },
	{ "v1", NULL },
	{ "v1/memory", NULL },
	{ "v1/memory/memory.limit_in_bytes", "9223372036854771712\n" },
	{ "v1/memory/job", NULL },
	{ "v1/memory/job/memory.limit_in_bytes", "2000000\n" },
	{ "v1/unified", NULL },
	{ "v1/unified/memory.max", "3000000\n" },
	{ "groups", "" },
};

static void
put_file(const char *name, const char *text)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (text == NULL) {
		assert_int_equal(mkdir(path, 0700), 0);
		return;
	}
	f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	fclose(f);
}

static int
setup(void **state ATTR_UNUSED)
{
	assert_non_null(mkdtemp(folder));
	for (size_t i = 0; i < NITEMS(files); i++)
		put_file(files[i].path, files[i].text);
	return 0;
}

static int
teardown(void **state ATTR_UNUSED)
{
	for (size_t i = NITEMS(files); i-- > 0;) {
		char path[128];

		snprintf(path, sizeof(path), "%s/%s", folder, files[i].path);
		assert_int_equal(remove(path), 0);
	}
	return rmdir(folder);
}

static uint64_t
limit(const char *groups, const char *tree)
{
	char file[64], root[64];

	put_file("groups", groups);
	snprintf(file, sizeof(file), "%s/groups", folder);
	snprintf(root, sizeof(root), "%s/%s", folder, tree);
	return memory_group_limit(file, root);
}

static void
test_the_least_limit_of_all_around(void **state ATTR_UNUSED)
{
	assert_int_equal(limit("0::/outer/inner\n", "v2"), 1000000);
	assert_int_equal(limit("0::/free\n", "v2"), UINT64_MAX);
	assert_int_equal(limit("0::/\n", "v2"), UINT64_MAX);
}

static void
test_controllers_of_version_1(void **state ATTR_UNUSED)
{
	assert_int_equal(limit("4:cpu,memory:/job\n3:cpuset:/\n", "v1"), 2000000);
	assert_int_equal(limit("4:memory:/job\n0::/\n", "v1"), 2000000);
	assert_int_equal(limit("4:memoryless:/job\n0::/\n", "v1"), 3000000);
}

/* A container sees its own group as the root, and may not know its outside name. */
static void
test_groups_that_are_not_seen(void **state ATTR_UNUSED)
{
	assert_int_equal(limit("4:memory:/elsewhere/job\n", "v1"), 9223372036854771712u);
	assert_int_equal(limit("nonsense\n\n:\n::\n", "v1"), 3000000);
	assert_int_equal(limit("0::/outer\n", "none"), UINT64_MAX);
	assert_int_equal(memory_group_limit("/nonexistent/file", "/"), UINT64_MAX);
}

static void
test_this_machine_has_some(void **state ATTR_UNUSED)
{
	assert_true(memory_of_machine() > 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_least_limit_of_all_around),
		cmocka_unit_test(test_controllers_of_version_1),
		cmocka_unit_test(test_groups_that_are_not_seen),
		cmocka_unit_test(test_this_machine_has_some),
	};

	return cmocka_run_group_tests_name("memory", tests, setup, teardown);
}
