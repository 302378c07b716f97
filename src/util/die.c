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

static void ATTR_NORETURN ATTR_PRINTF(2, 0)
    die_exit(enum exit_code status, const char *fmt, va_list ap)
{
	exit_hook_run();
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

void
warn_lines(char *text)
{
	while (text != NULL && *text != '\0')
		warn_line("%s", strsep(&text, "\n"));
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
