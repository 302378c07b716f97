/*
 * Saves the settings beside the loop: a child writes them, for a disk may be slow, and says what
 * became of it.
 */
#ifndef APP_CONFIG_SAVE_H
#define APP_CONFIG_SAVE_H

#include <stdbool.h>
#include <sys/types.h>

#include "app/config_file.h"
#include "control/state.h"

struct config_save {
	pid_t pid; /* of the child; 0: none is running */
	int fd;    /* what it says comes here; -1: none */
	char path[CONFIG_FILE_PATH];
};

void config_save_init(struct config_save *s);

/* Begins; what speaks against it is said in st. */
void config_save_start(struct config_save *s, struct state *st);

/* Call when s->fd is readable, or at the end of it all, to wait: says in st what became of it. */
void config_save_finish(struct config_save *s, struct state *st);

#endif
