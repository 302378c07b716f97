/*
 * Fatal errors, and what must be done before one ends the program.
 */
#ifndef UTIL_DIE_H
#define UTIL_DIE_H

#include "util/attr.h"

/*
 * Fatal errors and warnings.
 *
 * A fatal error prints one line on standard error that names the problem and a remedy, and exits.
 * The exit hook restores the terminal first.
 */

enum exit_code { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_BAD_USAGE = 2 };

/* "pkttop: ..." and exit status 1: cannot start, or lost its source. */
void die(const char *fmt, ...) ATTR_NORETURN ATTR_PRINTF(1, 2);

/* The same with exit status 2, for the command line. */
void die_usage(const char *fmt, ...) ATTR_NORETURN ATTR_PRINTF(1, 2);

/* Prints the same line and returns. */
void warn_line(const char *fmt, ...) ATTR_PRINTF(1, 2);

/* The same for each line of a text; nothing for "".  The text is changed. */
void warn_lines(char *text);

/* Closes standard output.  Returns status, or prints an error and returns 1 if not everything was
 * written.  A broken pipe is not an error. */
int close_stdout(int status);

/*
 * What must run before a fatal error is printed: main() sets a hook that restores the terminal.
 */

/* NULL removes the hook. */
void exit_hook_set(void (*hook)(void *arg), void *arg);

/* Runs the hook, at most once. */
void exit_hook_run(void);

#endif
