/*
 * Shared by the files of the commands: the functions of commands.def, and the parsing of arguments.
 * argv[0] is the command's name, argv[argc] is NULL. Each returns requests.
 */
#ifndef CONTROL_CMD_H
#define CONTROL_CMD_H

#include <stdbool.h>

#include "control/command.h"
#include "control/state.h"

#define COMMAND_ARGS 8

/* Declares every function of commands.def. */
#define COMMAND(name, function, args, rest, help)                                                  \
	unsigned function(struct state *st, int argc, char **argv);
#include "control/commands.def"
#undef COMMAND

/* Shows that argv[i] is wrong or missing.  Returns no requests. */
unsigned command_error(struct state *st, char **argv, int i, const char *expected);

/* Reads "on" or "off"; toggles *b if argv[1] is missing.  False, with a message, for anything
 * else. */
bool command_parse_on_off(struct state *st, char **argv, bool *b);

/* Reads a number of seconds from 0.1 to 3600.  False, and nothing stored, if s is not one. */
bool command_parse_delay(const char *s, double *seconds);

/* The argument of the command "names" that selects the current mode. */
const char *cmd_display_names_mode(const struct state *st);

/* Runs that line after the current command or key; see command_run_next(). */
void command_set_next(struct state *st, const char *line);

#endif
