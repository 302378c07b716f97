/* The names and descriptions of all commands, without their functions. */
#include "config.h"

#include "control/command.h"

#include <string.h>

#include "util/attr.h"

/* clang-format off */
const struct command commands[] = {
#define WORDS false
#define REST  true
#define COMMAND(name, function, args, rest, help) { name, args, help, rest },
#include "control/commands.def"
#undef COMMAND
#undef REST
#undef WORDS
};
/* clang-format on */

const unsigned n_commands = NITEMS(commands);

const struct command *
command_find(const char *name, size_t n)
{
	for (unsigned i = 0; i < n_commands; i++)
		if (strlen(commands[i].name) == n && strncmp(commands[i].name, name, n) == 0)
			return &commands[i];
	return NULL;
}

bool
command_exists(const char *line)
{
	return command_find(line, strcspn(line, " \t")) != NULL;
}
