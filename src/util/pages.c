#include "config.h"

#include "util/pages.h"

#include <stdint.h>
#include <sys/mman.h>

#include "util/die.h"

#define LARGE ((size_t)2 << 20) /* of a page, on most machines that have any */

/* Tables of less would win little. */
#define LEAST (4 * LARGE)

static void *
align_up(void *p, size_t to)
{
	return (void *)(((uintptr_t)p + to - 1) / to * to);
}

/*
 * A wish: it matters to nothing but speed whether it is fulfilled.  The beginning stays in
 * small pages, since most tables never get further.
 */
static void
want_large(char *p, size_t bytes)
{
#ifdef MADV_HUGEPAGE
	madvise(p + LARGE, bytes / LARGE * LARGE - LARGE, MADV_HUGEPAGE);
#else
	(void)p;
	(void)bytes;
#endif
}

void *
pages_new(void **memory, size_t bytes)
{
	size_t align = bytes >= LEAST ? LARGE : PAGES_ALIGN;
	char *p;

	*memory = xcalloc(1, bytes + align);
	p = align_up(*memory, align);
	if (align == LARGE)
		want_large(p, bytes);
	return p;
}
