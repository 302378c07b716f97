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
static struct pages_mapping {
	char *at; /* NULL: nothing */
	size_t bytes;
	bool dont_fork; /* no child has it */
	bool to_unmap;  /* back to the system, from its end on */
} pages_mappings[128];

static bool unmaps_in_steps;   /* somebody takes steps */
static bool hidden_from_forks; /* children are without the tables; in such a child it stays so */

/* Where mending is; behind the last one there is nothing to do. */
static size_t rebuild_at = NITEMS(pages_mappings), rebuild_offset;

static void *
pages_align_up(void *p, size_t to)
{
	return (void *)(((uintptr_t)p + to - 1) / to * to);
}

static void
pages_set_fork(const struct pages_mapping *t ATTR_UNUSED, bool hide ATTR_UNUSED)
{
#ifdef MADV_DONTFORK
	madvise(t->at, t->bytes, hide ? MADV_DONTFORK : MADV_DOFORK);
#endif
}

static struct pages_mapping *
pages_find_mapping(const char *at)
{
	for (size_t i = 0; i < NITEMS(pages_mappings); i++)
		if (pages_mappings[i].at == at)
			return &pages_mappings[i];
	return NULL;
}

static void
pages_unmap_tail(struct pages_mapping *t, size_t bytes)
{
	t->bytes -= bytes;
	munmap(t->at + t->bytes, bytes);
	if (t->bytes == 0)
		t->at = NULL;
}

/* Some of what is to be given back.  True where there was some. */
static bool
pages_unmap_some(void)
{
	for (size_t i = 0; i < NITEMS(pages_mappings); i++) {
		struct pages_mapping *t = &pages_mappings[i];

		if (t->at == NULL || !t->to_unmap)
			continue;
		pages_unmap_tail(t, t->bytes % LEAST != 0 ? t->bytes % LEAST : LEAST);
		return true;
	}
	return false;
}

static struct pages_mapping *
pages_find_slot(void)
{
	struct pages_mapping *t;

	while ((t = pages_find_mapping(NULL)) == NULL && pages_unmap_some())
		;
	return t;
}

/* What stands before its first large page and behind its last one goes back at once. */
static char *
pages_map_aligned(size_t bytes)
{
	size_t all = bytes + LARGE;
	char *memory = mmap(NULL, all, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0), *p;

	if (memory == MAP_FAILED)
		die("no memory for %zu bytes; try a smaller --memory", bytes);
	p = pages_align_up(memory, LARGE);
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
pages_make_mapping(struct pages_mapping *t, size_t bytes, bool own)
{
	bytes = (bytes + LARGE - 1) / LARGE * LARGE;
	*t = (struct pages_mapping){
		.at = pages_map_aligned(bytes), .bytes = bytes, .dont_fork = own
	};
#ifdef MADV_HUGEPAGE
	madvise(t->at + LARGE, bytes - LARGE, MADV_HUGEPAGE);
#endif
	if (own)
		pages_set_fork(t, true);
	return t->at;
}

/* The C library of Linux would take some from memory that was used before, and clear it first. */
static char *
pages_calloc(size_t bytes)
{
#ifdef M_MMAP_THRESHOLD
	mallopt(M_MMAP_THRESHOLD, OWN);
#endif
	return xcalloc(1, bytes);
}

/* What free() takes stands in front of a small one. */
static void *
pages_make(size_t bytes, bool own)
{
	struct pages_mapping *t = bytes >= LEAST ? pages_find_slot() : NULL;
	char *memory, **p;

	if (t != NULL)
		return pages_make_mapping(t, bytes, own);
	memory = pages_calloc(sizeof(memory) + PAGES_ALIGN + bytes);
	p = pages_align_up(memory + sizeof(memory), PAGES_ALIGN);
	p[-1] = memory;
	return p;
}

void *
pages_new(size_t bytes)
{
	return pages_make(bytes, false);
}

void *
pages_new_private(size_t bytes)
{
	return pages_make(bytes, true);
}

void
pages_del(void *p)
{
	struct pages_mapping *t = p != NULL ? pages_find_mapping(p) : NULL;

	if (t == NULL) {
		free(p != NULL ? ((char **)p)[-1] : NULL);
	} else if (!unmaps_in_steps || hidden_from_forks) {
		pages_unmap_tail(t, t->bytes);
	} else {
		pages_set_fork(t, true);
		t->to_unmap = t->dont_fork = true;
	}
}

void
pages_dontfork(bool on)
{
	hidden_from_forks = on;
	for (size_t i = 0; i < NITEMS(pages_mappings); i++)
		if (pages_mappings[i].at != NULL && !pages_mappings[i].dont_fork)
			pages_set_fork(&pages_mappings[i], on);
}

void
pages_after_fork(void)
{
	rebuild_at = 0;
	rebuild_offset = LARGE;
}

/* False where there is no memory for it: then the system has better things to do. */
static bool
pages_collapse(char *p ATTR_UNUSED)
{
#ifdef MADV_COLLAPSE
	return madvise(p, LARGE, MADV_COLLAPSE) == 0 || errno != ENOMEM;
#else
	return false;
#endif
}

bool
pages_rebuild_huge(void)
{
	unmaps_in_steps = true;
	if (pages_unmap_some())
		return true;
	for (; rebuild_at < NITEMS(pages_mappings); rebuild_at++, rebuild_offset = LARGE) {
		const struct pages_mapping *t = &pages_mappings[rebuild_at];

		if (t->at == NULL || t->dont_fork || rebuild_offset + LARGE > t->bytes)
			continue;
		if (!pages_collapse(t->at + rebuild_offset))
			break;
		rebuild_offset += LARGE;
		return true;
	}
	rebuild_at = NITEMS(pages_mappings);
	return false;
}
