/*
 * Leaving for good, and memory that is needed at the start.
 *
 * A program that cannot start says one line on standard error that names the
 * thing and what to try, and exits.  What must be put right first (the
 * terminal) is done by the hook that the top hands down.
 */
#ifndef UTIL_DIE_H
#define UTIL_DIE_H

#include <stddef.h>

#include "util/attr.h"

enum exit_code { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_BAD_USAGE = 2 };

/* Called once, before the line is printed.  NULL takes it away. */
void die_set_hook(void (*hook)(void *arg), void *arg);

/* "pkttop: ..." and exit status 1: cannot start, or lost its source. */
void die(const char *fmt, ...) ATTR_NORETURN ATTR_PRINTF(1, 2);

/* The same with exit status 2, for the command line. */
void die_usage(const char *fmt, ...) ATTR_NORETURN ATTR_PRINTF(1, 2);

/* The same line, and going on. */
void warn_line(const char *fmt, ...) ATTR_PRINTF(1, 2);

/* Closes standard output.  status, or 1 with a line if it did not take all that was printed; a
 * reader that has gone has had what it wanted. */
int close_stdout(int status);

/* n zeroed items of size bytes each; dies when there is no memory.  free() takes it. */
void *xcalloc(size_t n, size_t size);
void *xreallocarray(void *p, size_t n, size_t size);

/* A copy of s; dies when there is no memory.  free() takes it. */
char *xstrdup(const char *s);

#endif
