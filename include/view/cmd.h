/*
 * What the files of the commands share: the functions of commands.def, and how they read their
 * arguments.  argv[0] is the command's name; argv[argc] is NULL.  Each returns wishes.
 */
#ifndef VIEW_CMD_H
#define VIEW_CMD_H

#include <stdbool.h>

#include "view/command.h"
#include "view/state.h"

#define COMMAND_ARGS 8

/* Declares every function of commands.def. */
#define COMMAND(name, function, args, rest, help)                                                  \
	unsigned function(struct state *st, int argc, char **argv);
#include "view/commands.def"
#undef COMMAND

/* Says what is wrong with argv[i], or that it is missing.  Returns no wishes. */
unsigned command_refuse(struct state *st, char **argv, int i, const char *expected);

/* Reads "on", "off", or the other one where argv[1] is not there.  False when it is neither. */
bool command_switch(struct state *st, char **argv, bool *b);

/* Reads a number of seconds from 0.1 to 3600.  False, and nothing stored, when s is none. */
bool command_delay(const char *s, double *seconds);

/* The argument of the command "names" that comes to what is shown now. */
const char *naming_name(const struct state *st);

/* Runs that line, too, once the command or key at hand is done; see command_run_then(). */
void command_then(struct state *st, const char *line);

#endif
