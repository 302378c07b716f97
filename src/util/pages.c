#include "config.h"

#include "util/pages.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "util/attr.h"
#include "util/die.h"

#define LARGE ((size_t)2 << 20) /* of a page, on most machines that have any */

/* Tables of less would win little. */
#define LEAST (4 * LARGE)

/* Since Linux 6.1; older ones refuse it. */
#if defined(__linux__) && !defined(MADV_COLLAPSE)
#define MADV_COLLAPSE 25
#endif

/* Those of large pages.  Of more than there is room for nothing is mended. */
static struct table {
	char *at;
	size_t bytes;
	bool own; /* no child has it */
} tables[64];

/* Where mending is; behind the last one there is nothing to do. */
static size_t mending = NITEMS(tables), mended;

static void *
align_up(void *p, size_t to)
{
	return (void *)(((uintptr_t)p + to - 1) / to * to);
}

/* The end of a table may share its last small page with others. */
static void
hide(const struct table *t ATTR_UNUSED, bool hide ATTR_UNUSED)
{
#ifdef MADV_DONTFORK
	madvise(t->at, t->bytes / LARGE * LARGE, hide ? MADV_DONTFORK : MADV_DOFORK);
#endif
}

/*
 * A wish: it matters to nothing but speed whether it is fulfilled.  The beginning stays in
 * small pages, since most tables never get further.
 */
static void
want_large(char *p, size_t bytes, bool own)
{
#ifdef MADV_HUGEPAGE
	madvise(p + LARGE, bytes / LARGE * LARGE - LARGE, MADV_HUGEPAGE);
#endif
	for (size_t i = 0; i < NITEMS(tables); i++) {
		if (tables[i].at != NULL)
			continue;
		tables[i] = (struct table){ p, bytes, own };
		if (own)
			hide(&tables[i], true);
		return;
	}
}

/* What free() takes stands in front of the table. */
static void *
make(size_t bytes, bool own)
{
	size_t align = bytes >= LEAST ? LARGE : PAGES_ALIGN;
	char *memory = xcalloc(1, sizeof(memory) + align + bytes);
	char **p = align_up(memory + sizeof(memory), align);

	p[-1] = memory;
	if (align == LARGE)
		want_large((char *)p, bytes, own);
	return p;
}

void *
pages_new(size_t bytes)
{
	return make(bytes, false);
}

void *
pages_new_own(size_t bytes)
{
	return make(bytes, true);
}

void
pages_del(void *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < NITEMS(tables); i++)
		if (tables[i].at == p) {
			hide(&tables[i], false);
			tables[i].at = NULL;
		}
	free(((char **)p)[-1]);
}

void
pages_hide(bool hidden)
{
	for (size_t i = 0; i < NITEMS(tables); i++)
		if (tables[i].at != NULL && !tables[i].own)
			hide(&tables[i], hidden);
}

void
pages_torn(void)
{
	mending = 0;
	mended = LARGE;
}

/* False where there is no memory for it: then the system has better things to do. */
static bool
make_large(char *p ATTR_UNUSED)
{
#ifdef MADV_COLLAPSE
	return madvise(p, LARGE, MADV_COLLAPSE) == 0 || errno != ENOMEM;
#else
	return false;
#endif
}

bool
pages_mend(void)
{
	for (; mending < NITEMS(tables); mending++, mended = LARGE) {
		const struct table *t = &tables[mending];

		if (t->at == NULL || t->own || mended + LARGE > t->bytes)
			continue;
		if (!make_large(t->at + mended))
			break;
		mended += LARGE;
		return true;
	}
	mending = NITEMS(tables);
	return false;
}
