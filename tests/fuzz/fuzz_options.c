/*
 * The command line: words that end in a newline each. Any of them is accepted or refused. An exit
 * returns here: the linker replaces exit() and close_stdout() by the functions below.
 */
#include "config.h"

#include <getopt.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/options.h"
#include "fuzz.h"
#include "util/die.h"

#define WORDS 32

void __real_exit(int status) ATTR_NORETURN;
void __wrap_exit(int status) ATTR_NORETURN;
int __wrap_close_stdout(int status);

static sigjmp_buf back;
static bool parsing;

void
__wrap_exit(int status)
{
	if (!parsing)
		__real_exit(status);
	siglongjmp(back, 1);
}

/* Other functions print there, too. */
int
__wrap_close_stdout(int status)
{
	return status;
}

static void
refuse(void *arg)
{
	(void)arg;
	siglongjmp(back, 1);
}

static void
check(const struct options *o)
{
	require(o->n_interfaces <= OPTIONS_SOURCES && o->delay > 0 && o->duration >= 0);
	require(o->n_local <= sizeof(o->local) / sizeof(o->local[0]));
	require(strlen(o->filter) < sizeof(o->filter));
	require(o->memory > 0 && o->top >= -1);
}

static void
parse(int argc, char **argv)
{
	static struct options o;

	memset(&o, 0, sizeof(o));
	optind = 0; /* restarts getopt_long() */
	parsing = true;
	exit_hook_set(refuse, NULL);
	if (sigsetjmp(back, 0) == 0) {
		options_parse(&o, argc, argv);
		check(&o);
	}
	exit_hook_set(NULL, NULL);
	parsing = false;
	options_fini(&o);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char name[] = "pkttop";
	struct input in = { data, size };
	char *text = input_text(&in, size), *rest = text;
	char *argv[WORDS + 2] = { name };
	int argc = 1;

	while (argc <= WORDS && rest != NULL && *rest != '\0')
		argv[argc++] = strsep(&rest, "\n");
	parse(argc, argv);
	free(text);
	return 0;
}
