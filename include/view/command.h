/*
 * Commands: all that can be done, by name.  Keys, the `:` prompt and tests
 * speak the same commands.  A command changes only the view state, and returns
 * wishes (enum wish) that the loop fulfils.
 */
#ifndef VIEW_COMMAND_H
#define VIEW_COMMAND_H

#include "view/state.h"

#define COMMAND_ARGS 8

struct command {
	const char *name; /* "sort" */
	const char *args; /* "COLUMN [asc|desc]", "" for none */
	const char *help; /* one sentence */
	unsigned (*fn)(struct state *st, int argc, char **argv); /* argv[0] is the name */
};

extern const struct command commands[];
extern const unsigned n_commands;

/*
 * Runs a line such as "sort bytes desc".  What is wrong with it is said by
 * state_say(), naming the word.  Returns wishes.
 */
unsigned command_run(struct state *st, const char *line);

#endif
