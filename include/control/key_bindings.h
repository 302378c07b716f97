/*
 * Keys that the user has bound to commands other than those in the table of keymap.c.
 */
#ifndef CONTROL_KEY_BINDINGS_H
#define CONTROL_KEY_BINDINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "util/buf.h"

#define KEY_BINDINGS_MAX 64
#define KEY_COMMAND_MAX  160

struct key_binding {
	uint32_t code;
	char command[KEY_COMMAND_MAX]; /* "": the key does nothing */
};

struct key_bindings {
	struct key_binding entry[KEY_BINDINGS_MAX];
	unsigned n;
};

/* The command bound to a key, or NULL. */
const char *key_bindings_command(const struct key_bindings *b, uint32_t code);

/* Adds the label of a key that is bound to a command.  False if there is none. */
bool key_bindings_label(const struct key_bindings *b, const char *command, struct buf *label);

/* Adds the commands that restore the bindings, a line each. */
void key_bindings_commands(const struct key_bindings *b, struct buf *text);

#endif
