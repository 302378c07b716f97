#include "config.h"

#include "util/die.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/buf.h"
#include "util/text.h"

static void (*hook_fn)(void *arg);
static void *hook_arg;

void
die_set_hook(void (*hook)(void *arg), void *arg)
{
	hook_fn = hook;
	hook_arg = arg;
}

/* Prints one line with one write, so that it is not mixed with the output of other processes.  The
 * text is cleaned: a quoted name cannot control the terminal. */
static void ATTR_PRINTF(1, 0) die_print_line(const char *fmt, va_list ap)
{
	char text[1024], clean_text[4 * sizeof(text)];
	struct buf clean;

	if (vsnprintf(text, sizeof(text), fmt, ap) < 0)
		strlcpy(text, fmt, sizeof(text));
	buf_init(&clean, clean_text, sizeof(clean_text));
	text_clean_line(&clean, text);
	fprintf(stderr, "pkttop: %s\n", clean.s);
}

/* The hook is removed before it runs: if it dies itself, it must not run again. */
static void
die_run_hook(void)
{
	void (*hook)(void *arg) = hook_fn;

	hook_fn = NULL;
	if (hook != NULL)
		hook(hook_arg);
}

static void ATTR_NORETURN ATTR_PRINTF(2, 0)
    die_exit(enum exit_code status, const char *fmt, va_list ap)
{
	die_run_hook();
	die_print_line(fmt, ap);
	exit((int)status);
}

void
die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	die_exit(EXIT_FAILED, fmt, ap);
}

void
die_usage(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	die_exit(EXIT_BAD_USAGE, fmt, ap);
}

void
warn_line(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	die_print_line(fmt, ap);
	va_end(ap);
}

int
close_stdout(int status)
{
	bool failed = ferror(stdout) != 0;

	errno = 0;
	failed |= fclose(stdout) != 0;
	if (!failed || errno == EPIPE)
		return status;
	warn_line("standard output: %s", errno != 0 ? strerror(errno) : "incomplete write");
	return EXIT_FAILED;
}

void *
xcalloc(size_t n, size_t size)
{
	void *p;

	/* calloc(0) may return NULL, which would look like out of memory. */
	p = calloc(n == 0 ? 1 : n, size == 0 ? 1 : size);
	if (p == NULL)
		die("not enough memory for %zu times %zu bytes; try a smaller --memory", n, size);
	return p;
}

void *
xreallocarray(void *p, size_t n, size_t size)
{
	p = reallocarray(p, n, size);
	if (p == NULL)
		die("out of memory");
	return p;
}

char *
xstrdup(const char *s)
{
	size_t size = strlen(s) + 1;

	return memcpy(xcalloc(size, 1), s, size);
}
