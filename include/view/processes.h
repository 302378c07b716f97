/*
 * Whose the flows on the screen are: the process of this machine that has the socket.
 */
#ifndef VIEW_PROCESSES_H
#define VIEW_PROCESSES_H

#include <stdbool.h>

struct state;

struct state_processes {
	bool on;
	/* One sentence each, set by whoever owns the state. */
	const char *cannot; /* why it cannot be known; NULL: it can */
	const char *limit;  /* what cannot be known of it; NULL: all can */
};

/* As the functions of struct command. */
unsigned processes_command(struct state *st, int argc, char **argv);

#endif
