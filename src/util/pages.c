#include "config.h"

#include "util/alloc.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "util/attr.h"
#include "util/die.h"

#define LARGE ((size_t)2 << 20) /* size of a huge page, on most machines */

/* Smaller tables gain little from huge pages. */
#define LEAST (2 * LARGE)

/* The size of one unmapping step: 1 ms with small pages. */
#define STEP (4 * LARGE)

/* From this size on, malloc() gives a table its own mapping, which free() returns as a whole. */
#define OWN (256 << 10)

/* Since Linux 6.1; older kernels refuse it. */
#if defined(__linux__) && !defined(MADV_COLLAPSE)
#define MADV_COLLAPSE 25
#endif

/* The large tables, each in its own mapping.  If all slots are taken, a table is allocated like a
 * small one. */
static struct pages_mapping {
	char *at; /* NULL: the slot is free */
	size_t bytes;
	bool dont_fork; /* not inherited by fork() */
	bool to_unmap;  /* being unmapped, from its end */
} pages_mappings[128];

static bool unmaps_in_steps; /* pages_rebuild_huge() is called, so unmapping can be done in steps */
static bool hidden_from_forks; /* children do not inherit the tables; stays set in such a child */

/* Position of the rebuilding; past the last mapping there is nothing to do. */
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

/* Unmaps a part of a deleted table.  Returns false if there is none. */
static bool
pages_unmap_some(void)
{
	for (size_t i = 0; i < NITEMS(pages_mappings); i++) {
		struct pages_mapping *t = &pages_mappings[i];

		if (t->at == NULL || !t->to_unmap)
			continue;
		pages_unmap_tail(t, t->bytes % STEP != 0 ? t->bytes % STEP : STEP);
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

/* Maps bytes aligned to a huge page.  The rest before and after is unmapped at once. */
static char *
pages_map_aligned(size_t bytes)
{
	size_t all = bytes + LARGE;
	char *memory = mmap(NULL, all, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0), *p;

	if (memory == MAP_FAILED)
		die("not enough memory for %zu bytes; try a smaller --memory", bytes);
	p = pages_align_up(memory, LARGE);
	if (p > memory)
		munmap(memory, (size_t)(p - memory));
	if (p + bytes < memory + all)
		munmap(p + bytes, (size_t)(memory + all - p) - bytes);
	return p;
}

/*
 * Huge pages are only advice; a refusal costs nothing but speed.  The first part stays in small
 * pages, because most tables never grow further.
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

/* glibc would reuse and clear old heap memory; above the threshold it maps fresh zero pages. */
static char *
pages_calloc(size_t bytes)
{
#ifdef M_MMAP_THRESHOLD
	mallopt(M_MMAP_THRESHOLD, OWN);
#endif
	return xcalloc(1, bytes);
}

/* In front of a small table is the pointer for free(). */
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

/* Returns false if there is no memory for a huge page: then trying again is useless. */
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
