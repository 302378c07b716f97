/*
 * Destinations of events: a command that a helper process runs, and the system log.  Both are opened
 * before the sandbox is entered, which forbids to run programs and to open sockets.
 */
#ifndef PLATFORM_EVENT_COMMAND_H
#define PLATFORM_EVENT_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct buf;

#define EVENT_COMMAND_VARS 4096 /* bytes of the variables of one event */
#define SYSTEM_LOG_LINE    600

struct event_command {
	int fd; /* -1: none */
	pid_t pid;
};

/*
 * Starts the helper, without capabilities.  The command is the absolute path of a program and its
 * arguments, separated by blanks; no shell is involved.  False with one sentence in err.
 */
bool event_command_start(struct event_command *c, const char *command, struct buf *err);

/* Runs the command with these variables (NAME=VALUE, each ended by a NUL).  Never waits: if the
 * commands are slow, or come too often, events are left out. */
void event_command_send(const struct event_command *c, const char *vars, size_t n);

/* Waits for a command that is running, up to a minute. */
void event_command_stop(struct event_command *c);

/* The socket of the system log, or -1 with one sentence in err. */
int system_log_open(struct buf *err);

/* priority: facility and severity (RFC 5424, 6.2.1). */
void system_log_send(int fd, int priority, const char *text);

#endif
