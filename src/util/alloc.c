#include "config.h"

#include "util/alloc.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/attr.h"
#include "util/die.h"

/* Like die(), which needs memory to be had. */
static void ATTR_NORETURN
alloc_fail(size_t n, size_t size)
{
	exit_hook_run();
	fprintf(stderr,
	    "pkttop: not enough memory for %zu times %zu bytes; try a smaller --memory\n", n, size);
	exit(EXIT_FAILURE);
}

void *
xcalloc(size_t n, size_t size)
{
	void *p;

	/* calloc(0) may return NULL, which would look like out of memory. */
	p = calloc(n == 0 ? 1 : n, size == 0 ? 1 : size);
	if (p == NULL)
		alloc_fail(n, size);
	return p;
}

void *
xreallocarray(void *p, size_t n, size_t size)
{
	p = reallocarray(p, n, size);
	if (p == NULL)
		alloc_fail(n, size);
	return p;
}

char *
xstrdup(const char *s)
{
	size_t size = strlen(s) + 1;

	return memcpy(xcalloc(size, 1), s, size);
}
