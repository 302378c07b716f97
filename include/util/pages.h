/*
 * Memory of a large table: zeroed, on a cache line, and in large pages where the
 * system has them, so that a look-up at random need not find its page first.
 * What is never touched takes none; a table that is hardly used, little.
 *
 *	row = pages_new(&memory, bytes);
 *	...
 *	free(memory);
 */
#ifndef UTIL_PAGES_H
#define UTIL_PAGES_H

#include <stddef.h>

#define PAGES_ALIGN 64 /* bytes, at least: a cache line */

/* The memory; *memory is what free() takes.  Dies when there is none. */
void *pages_new(void **memory, size_t bytes);

#endif
