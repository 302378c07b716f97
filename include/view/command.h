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
	bool rest;        /* what follows the name is one argument, as it stands */
	unsigned (*fn)(struct state *st, int argc, char **argv); /* argv[0] is the name */
};

extern const struct command commands[];
extern const unsigned n_commands;

/*
 * Runs a line such as "sort bytes desc".  Words are parted by blanks; '...' and "..." keep blanks
 * in a word.  What is wrong with it is said by state_say(), naming the word.
 * Returns wishes.
 */
unsigned command_run(struct state *st, const char *line);

/* The command of that name of n bytes, or NULL. */
const struct command *command_find(const char *name, size_t n);

/* True when the first word of line names a command. */
bool command_exists(const char *line);

/* Says what is wrong with argv[i], or that it is missing.  Returns no wishes. */
unsigned command_refuse(struct state *st, char **argv, int i, const char *expected);

/* Reads "on", "off", or the other one where argv[1] is not there.  False when it is neither. */
bool command_switch(struct state *st, char **argv, bool *b);

/* Reads a number of seconds from 0.1 to 3600.  False, and nothing stored, when s is none. */
bool command_delay(const char *s, double *seconds);

#endif
