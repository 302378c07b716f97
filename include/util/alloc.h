/*
 * Memory: allocation that cannot fail, and large areas of pages.
 */
#ifndef UTIL_ALLOC_H
#define UTIL_ALLOC_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Allocation that cannot fail: if out of memory, the program prints an error and exits.
 */

/* Allocates n zeroed items of size bytes each.  Release with free(). */
void *xcalloc(size_t n, size_t size);
void *xreallocarray(void *p, size_t n, size_t size);

/* A copy of s.  Release with free(). */
char *xstrdup(const char *s);

/*
 * Memory for large tables: zeroed, cache-line aligned, and in huge pages if the system has them,
 * which saves TLB misses on random look-ups.  Untouched pages take no memory.
 *
 *	row = pages_new(bytes);
 *	...
 *	pages_del(row);
 *
 * fork() copies a page-table entry per page: for a million flows 1 ms with huge pages, 30 ms with
 * small ones.  Writing while a child lives splits huge pages, which the kernel rebuilds only after
 * minutes.
 *
 *	pages_after_fork();	when a child has ended
 *	if (pages_rebuild_huge())	now and then, until it says false
 *
 * Unmapping a million flows in small pages takes 50 ms, so pages_rebuild_huge() also unmaps in
 * steps.
 */

#define PAGES_ALIGN 64 /* bytes, at least: a cache line */

/* Exits if out of memory.  The private kind, if large, is not inherited by fork() (MADV_DONTFORK).
 */
void *pages_new(size_t bytes);
void *pages_new_private(size_t bytes);
void pages_del(void *p);

/* Children forked while this is on do not inherit the tables, which makes fork() cheap. */
void pages_dontfork(bool hide);

/* Call after a child has ended: all tables are checked again. */
void pages_after_fork(void);

/* Unmaps a part of what was deleted, or rebuilds at most one huge page, which takes 1 ms.  Returns
 * true while there may be more to do. */
bool pages_rebuild_huge(void);

#endif
