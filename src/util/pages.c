#include "config.h"

#include "util/pages.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "util/attr.h"
#include "util/die.h"

#define LARGE ((size_t)2 << 20) /* of a page, on most machines that have any */

/* Tables of less would win little.  So much is given back in a step, in 1 ms of small pages. */
#define LEAST (4 * LARGE)

/* Smaller ones are given back as a whole, and yet have pages of their own from here on. */
#define OWN (256 << 10)

/* Since Linux 6.1; older ones refuse it. */
#if defined(__linux__) && !defined(MADV_COLLAPSE)
#define MADV_COLLAPSE 25
#endif

/* The large ones, memory of their own.  More than there is room for are like small ones. */
static struct table {
	char *at; /* NULL: nothing */
	size_t bytes;
	bool own;   /* no child has it */
	bool given; /* back to the system, from its end on */
} tables[128];

static bool tended; /* somebody takes steps */
static bool hidden; /* children are without the tables; in such a child it stays so */

/* Where mending is; behind the last one there is nothing to do. */
static size_t mending = NITEMS(tables), mended;

static void *
align_up(void *p, size_t to)
{
	return (void *)(((uintptr_t)p + to - 1) / to * to);
}

static void
hide(const struct table *t ATTR_UNUSED, bool hide ATTR_UNUSED)
{
#ifdef MADV_DONTFORK
	madvise(t->at, t->bytes, hide ? MADV_DONTFORK : MADV_DOFORK);
#endif
}

static struct table *
find(const char *at)
{
	for (size_t i = 0; i < NITEMS(tables); i++)
		if (tables[i].at == at)
			return &tables[i];
	return NULL;
}

static void
give(struct table *t, size_t bytes)
{
	t->bytes -= bytes;
	munmap(t->at + t->bytes, bytes);
	if (t->bytes == 0)
		t->at = NULL;
}

/* Some of what is to be given back.  True where there was some. */
static bool
give_some(void)
{
	for (size_t i = 0; i < NITEMS(tables); i++) {
		struct table *t = &tables[i];

		if (t->at == NULL || !t->given)
			continue;
		give(t, t->bytes % LEAST != 0 ? t->bytes % LEAST : LEAST);
		return true;
	}
	return false;
}

static struct table *
find_place(void)
{
	struct table *t;

	while ((t = find(NULL)) == NULL && give_some())
		;
	return t;
}

/* What stands before its first large page and behind its last one goes back at once. */
static char *
map(size_t bytes)
{
	size_t all = bytes + LARGE;
	char *memory = mmap(NULL, all, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0), *p;

	if (memory == MAP_FAILED)
		die("no memory for %zu bytes; try a smaller --memory", bytes);
	p = align_up(memory, LARGE);
	if (p > memory)
		munmap(memory, (size_t)(p - memory));
	if (p + bytes < memory + all)
		munmap(p + bytes, (size_t)(memory + all - p) - bytes);
	return p;
}

/*
 * Large pages are a wish: it matters to nothing but speed whether it is fulfilled.  The beginning
 * stays in small ones, since most tables never get further.
 */
static void *
make_table(struct table *t, size_t bytes, bool own)
{
	bytes = (bytes + LARGE - 1) / LARGE * LARGE;
	*t = (struct table){ .at = map(bytes), .bytes = bytes, .own = own };
#ifdef MADV_HUGEPAGE
	madvise(t->at + LARGE, bytes - LARGE, MADV_HUGEPAGE);
#endif
	if (own)
		hide(t, true);
	return t->at;
}

/* The C library of Linux would take some from memory that was used before, and clear it first. */
static char *
clear_memory(size_t bytes)
{
#ifdef M_MMAP_THRESHOLD
	mallopt(M_MMAP_THRESHOLD, OWN);
#endif
	return xcalloc(1, bytes);
}

/* What free() takes stands in front of a small one. */
static void *
make(size_t bytes, bool own)
{
	struct table *t = bytes >= LEAST ? find_place() : NULL;
	char *memory, **p;

	if (t != NULL)
		return make_table(t, bytes, own);
	memory = clear_memory(sizeof(memory) + PAGES_ALIGN + bytes);
	p = align_up(memory + sizeof(memory), PAGES_ALIGN);
	p[-1] = memory;
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
	struct table *t = p != NULL ? find(p) : NULL;

	if (t == NULL) {
		free(p != NULL ? ((char **)p)[-1] : NULL);
	} else if (!tended || hidden) {
		give(t, t->bytes);
	} else {
		hide(t, true);
		t->given = t->own = true;
	}
}

void
pages_hide(bool on)
{
	hidden = on;
	for (size_t i = 0; i < NITEMS(tables); i++)
		if (tables[i].at != NULL && !tables[i].own)
			hide(&tables[i], on);
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
	tended = true;
	if (give_some())
		return true;
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
