/*
 * Fatal errors and warnings.
 *
 * A fatal error prints one line on standard error that names the problem and a remedy, and exits.
 * The exit hook restores the terminal first.
 */
#ifndef UTIL_DIE_H
#define UTIL_DIE_H

#include "util/attr.h"

enum exit_code { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_BAD_USAGE = 2 };

/* "pkttop: ..." and exit status 1: cannot start, or lost its source. */
void die(const char *fmt, ...) ATTR_NORETURN ATTR_PRINTF(1, 2);

/* The same with exit status 2, for the command line. */
void die_usage(const char *fmt, ...) ATTR_NORETURN ATTR_PRINTF(1, 2);

/* Prints the same line and returns. */
void warn_line(const char *fmt, ...) ATTR_PRINTF(1, 2);

/* Closes standard output.  Returns status, or prints an error and returns 1 if not everything was
 * written.  A broken pipe is not an error. */
int close_stdout(int status);

#endif
