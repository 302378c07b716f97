/*
 * Keys that their user has bound to other commands than those of the table in key.c.
 */
#ifndef VIEW_BIND_H
#define VIEW_BIND_H

#include <stdbool.h>
#include <stdint.h>

#include "util/buf.h"

#define BINDINGS     64
#define BIND_COMMAND 160

struct binding {
	uint32_t code;
	char command[BIND_COMMAND]; /* "": the key does nothing */
};

struct bindings {
	struct binding of[BINDINGS];
	unsigned n;
};

/* The command that a key stands for, NULL where it does nothing. */
const char *bind_command(const struct bindings *b, uint32_t code);

/* Adds the label of a key that stands for a command.  False: no key does. */
bool bind_label(const struct bindings *b, const char *command, struct buf *label);

/* The commands that make them, a line each. */
void bind_text(const struct bindings *b, struct buf *text);

#endif
