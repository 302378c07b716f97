#include "config.h"

#include "view/taps.h"

#include <string.h>

#include "view/command.h"

unsigned
taps_choose(struct state *st, int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";

	if (argc < 2)
		return command_run(st, "menu interfaces");
	if (name[strspn(name, "+-")] == '\0' || strlen(name) >= sizeof(st->taps.wanted))
		return command_refuse(st, argv, 1, "the name of an interface");
	strlcpy(st->taps.wanted, name, sizeof(st->taps.wanted));
	return WISH_TAP;
}
