/* Allocation that cannot fail: if out of memory, the program prints an error and exits. */
#ifndef UTIL_ALLOC_H
#define UTIL_ALLOC_H

#include <stddef.h>

/* Allocates n zeroed items of size bytes each.  Release with free(). */
void *xcalloc(size_t n, size_t size);
void *xreallocarray(void *p, size_t n, size_t size);

/* A copy of s.  Release with free(). */
char *xstrdup(const char *s);

#endif
