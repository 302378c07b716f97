#include "config.h"

#include "util/die.h"

#include <stddef.h>

static void (*hook_fn)(void *arg);
static void *hook_arg;

void
exit_hook_set(void (*hook)(void *arg), void *arg)
{
	hook_fn = hook;
	hook_arg = arg;
}

void
exit_hook_run(void)
{
	void (*hook)(void *arg) = hook_fn;

	/* Removed first: if the hook itself fails, it must not run again. */
	hook_fn = NULL;
	if (hook != NULL)
		hook(hook_arg);
}
