/*
 * Memory of a large table: zeroed, on a cache line, and in large pages where the
 * system has them, so that a look-up at random need not find its page first.
 * What is never touched takes none; a table that is hardly used, little.
 *
 *	row = pages_new(bytes);
 *	...
 *	pages_del(row);
 *
 * fork() copies an entry for each page: of a million flows 1 ms in large pages, 30 ms in
 * small ones.  And what is written to while a child lives falls into small ones, which the system
 * puts together again only in minutes.
 *
 *	pages_after_fork();	when a child has ended
 *	if (pages_rebuild_huge())	now and then, until it says false
 *
 * To give back a million flows in small pages takes 50 ms: who mends does so in steps.
 */
#ifndef UTIL_PAGES_H
#define UTIL_PAGES_H

#include <stdbool.h>
#include <stddef.h>

#define PAGES_ALIGN 64 /* bytes, at least: a cache line */

/* Dies when there is no memory.  No child may read what is the process's own, if it is large. */
void *pages_new(size_t bytes);
void *pages_new_private(size_t bytes);
void pages_del(void *p);

/* Children that begin while tables are hidden do not have them: that costs nobody anything. */
void pages_dontfork(bool hide);

/* All tables of the process are to be looked at again. */
void pages_after_fork(void);

/* Gives back some of what was deleted, or makes at most one page large, which takes 1 ms.  True
 * while there may be more to do. */
bool pages_rebuild_huge(void);

#endif
