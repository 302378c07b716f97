/*
 * Saves the settings in a child process, because a disk may be slow, and reports the result.
 */
#ifndef APP_CONFIG_SAVE_H
#define APP_CONFIG_SAVE_H

#include <stdbool.h>
#include <sys/types.h>

#include "app/config_file.h"
#include "control/state.h"

struct config_save {
	pid_t pid; /* of the child; 0: none is running */
	int fd;    /* the child's report; -1: no child */
	char path[CONFIG_FILE_PATH];
};

void config_save_init(struct config_save *s);

/* Starts the child. An error is shown in st. */
void config_save_start(struct config_save *s, struct state *st);

/* Call it when s->fd is readable; at exit it waits for the child. Shows the result in st. */
void config_save_finish(struct config_save *s, struct state *st);

#endif
