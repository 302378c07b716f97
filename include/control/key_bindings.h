/*
 * Keys that the user has bound to commands other than those in the table of keymap.c.
 */
#ifndef CONTROL_KEY_BINDINGS_H
#define CONTROL_KEY_BINDINGS_H

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

/* The command bound to a key, or NULL. */
const char *bind_command(const struct bindings *b, uint32_t code);

/* Adds the label of a key that is bound to a command.  False if there is none. */
bool bind_label(const struct bindings *b, const char *command, struct buf *label);

/* Adds the commands that restore the bindings, a line each. */
void bind_text(const struct bindings *b, struct buf *text);

#endif
