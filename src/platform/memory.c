/*
 * Control groups, cgroups(7): each line of /proc/self/cgroup is HIERARCHY:CONTROLLERS:GROUP.
 */
#include "config.h"

#include "platform/memory.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/attr.h"

#define GROUPS "/proc/self/cgroup"
#define ROOT   "/sys/fs/cgroup"

/* Mount points of hierarchies, and the name of their limit file. */
static const struct hierarchy {
	const char *controller, *mount, *file;
} hierarchies[] = {
	{ "", "", "memory.max" },
	{ "", "/unified", "memory.max" },
	{ "memory", "/memory", "memory.limit_in_bytes" },
};

/* The file has "max" or a number, or does not exist. */
static uint64_t
memory_read_limit(const char *folder, const char *file)
{
	char path[PATH_MAX], text[32];
	uint64_t limit = UINT64_MAX;
	FILE *f;

	if (snprintf(path, sizeof(path), "%s/%s", folder, file) >= (int)sizeof(path))
		return limit;
	f = fopen(path, "re");
	if (f == NULL)
		return limit;
	if (fgets(text, sizeof(text), f) != NULL && text[0] >= '0' && text[0] <= '9')
		limit = strtoull(text, NULL, 10);
	fclose(f);
	return limit;
}

static uint64_t
memory_least(uint64_t x, uint64_t y)
{
	return x < y ? x : y;
}

/* The lowest limit of the group and its parents; in a container the group may have its outside
 * name. */
static uint64_t
memory_limit_of_group(const struct hierarchy *h, const char *root, const char *group)
{
	char folder[PATH_MAX];
	size_t base = strlen(root) + strlen(h->mount);
	uint64_t limit = UINT64_MAX;

	if (snprintf(folder, sizeof(folder), "%s%s%s", root, h->mount, group) >=
	    (int)sizeof(folder))
		return limit;
	while (strlen(folder) > base) {
		limit = memory_least(limit, memory_read_limit(folder, h->file));
		*strrchr(folder, '/') = '\0';
	}
	return memory_least(limit, memory_read_limit(folder, h->file));
}

/* True if "memory" is in a list like "cpu,memory". */
static bool
memory_has_controller(const char *list, const char *controller)
{
	size_t n = strlen(controller);

	if (n == 0)
		return *list == '\0';
	for (; list != NULL; list = strchr(list, ',') != NULL ? strchr(list, ',') + 1 : NULL)
		if (strncmp(list, controller, n) == 0 && (list[n] == ',' || list[n] == '\0'))
			return true;
	return false;
}

static uint64_t
memory_limit_of_line(char *line, const char *root)
{
	char *rest = line, *number = strsep(&rest, ":"), *controllers = strsep(&rest, ":");
	uint64_t limit = UINT64_MAX;

	(void)number;
	if (controllers == NULL || rest == NULL)
		return limit;
	rest[strcspn(rest, "\n")] = '\0';
	for (size_t i = 0; i < NITEMS(hierarchies); i++)
		if (memory_has_controller(controllers, hierarchies[i].controller))
			limit =
			    memory_least(limit, memory_limit_of_group(&hierarchies[i], root, rest));
	return limit;
}

uint64_t
memory_group_limit(const char *groups, const char *root)
{
	uint64_t limit = UINT64_MAX;
	FILE *f = fopen(groups, "re");
	char line[PATH_MAX];

	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		limit = memory_least(limit, memory_limit_of_line(line, root));
	if (f != NULL)
		fclose(f);
	return limit;
}

uint64_t
memory_of_machine(void)
{
	long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);

	if (pages <= 0 || size <= 0)
		return 0;
	return memory_least((uint64_t)pages * (uint64_t)size, memory_group_limit(GROUPS, ROOT));
}
