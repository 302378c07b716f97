/*
 * Which names of hosts are shown: those that the traffic told, or those that reverse DNS
 * knows as well, or none.
 */
#ifndef VIEW_NAMING_H
#define VIEW_NAMING_H

#include <stdbool.h>
#include <stdint.h>

struct state;

struct state_naming {
	uint8_t mode; /* enum naming */
	bool can_ask; /* this program can, set by whoever owns the state */
};

/* As the functions of struct command. */
unsigned naming_command(struct state *st, int argc, char **argv);

/* What the command is told to come to what is shown now. */
const char *naming_name(const struct state *st);

#endif
