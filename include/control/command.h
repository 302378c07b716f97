/*
 * Commands: all that can be done, by name.  Keys, the `:` prompt and tests speak the same commands.
 * A command changes only the view state, and returns requests (enum request), which the loop
 * handles.
 */
#ifndef CONTROL_COMMAND_H
#define CONTROL_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

struct state;

struct command {
	const char *name; /* "sort" */
	const char *args; /* "COLUMN [asc|desc]", "" for none */
	const char *help; /* one sentence */
	bool rest;        /* the rest of the line is one argument */
};

extern const struct command commands[]; /* in the order of commands.def */
extern const unsigned n_commands;

/* The command of that name of n bytes, or NULL. */
const struct command *command_find(const char *name, size_t n);

/* True when the first word of line names a command. */
bool command_exists(const char *line);

/*
 * Runs a line such as "sort bytes desc".  Words are separated by blanks; '...' and "..." keep
 * blanks in a word.  An error is shown by status_message(), and st->bad_word is the number of the
 * wrong word. Returns requests.
 */
unsigned command_run(struct state *st, const char *line);

/* Runs the line that command_set_next() queued, if any.  Returns requests. */
unsigned command_run_next(struct state *st);

#endif
