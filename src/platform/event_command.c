/* The helper that runs a command for each event, and the socket of the system log. */
#include "config.h"

#include "platform/event_command.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "platform/child.h"
#include "util/buf.h"

#define COMMAND_WORDS 32
#define COMMAND_VARS  24
#define COMMAND_LIVES 60 /* s, then it is killed */
#define COMMAND_BURST 5  /* runs at once, then one each COMMAND_GAP seconds */
#define COMMAND_GAP   2
#define SYSTEM_LOG    "/dev/log"

/* Splits the command at blanks; there is no shell. */
static unsigned
command_split(char *command, char **word)
{
	unsigned n = 0;
	char *rest = command, *w;

	while ((w = strsep(&rest, " \t")) != NULL)
		if (*w != '\0' && n + 1 < COMMAND_WORDS)
			word[n++] = w;
	word[n] = NULL;
	return n;
}

/* Each variable is NAME=VALUE, ended by a NUL. */
static void
command_add_vars(char **env, unsigned n, char *vars, size_t size)
{
	static char path[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

	env[n++] = path;
	for (size_t at = 0; at < size && n + 1 < COMMAND_VARS; at += strlen(vars + at) + 1)
		env[n++] = vars + at;
	env[n] = NULL;
}

static void
command_run(char **word, char *vars, size_t size)
{
	char *env[COMMAND_VARS];
	pid_t pid;

	command_add_vars(env, 0, vars, size);
	pid = fork();
	if (pid == 0) {
		alarm(COMMAND_LIVES);
		execve(word[0], word, env);
		_exit(127);
	}
	if (pid > 0)
		(void)child_reap(pid);
}

/* True if one more may run now. */
static bool
command_may_run(double *credit, time_t *last)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	*credit += (double)(now.tv_sec - *last) / COMMAND_GAP;
	*last = now.tv_sec;
	if (*credit > COMMAND_BURST)
		*credit = COMMAND_BURST;
	if (*credit < 1)
		return false;
	*credit -= 1;
	return true;
}

/* Ends when pkttop closes the socket. */
static void
command_serve(int fd, char *command)
{
	char *word[COMMAND_WORDS], vars[EVENT_COMMAND_VARS + 1];
	double credit = COMMAND_BURST;
	time_t last = 0;
	ssize_t n;

	if (!child_keep(&fd, 1) || command_split(command, word) == 0)
		_exit(1);
	while ((n = read(fd, vars, EVENT_COMMAND_VARS)) > 0) {
		vars[n] = '\0';
		if (command_may_run(&credit, &last))
			command_run(word, vars, (size_t)n);
	}
	_exit(0);
}

bool
event_command_start(struct event_command *c, const char *command, struct buf *err)
{
	char text[EVENT_COMMAND_VARS];
	int fds[2];

	*c = (struct event_command){ .fd = -1 };
	if (command[0] != '/' || strlcpy(text, command, sizeof(text)) >= sizeof(text)) {
		buf_setf(
		    err, "--on-event=%s: must begin with the absolute path of a program", command);
		return false;
	}
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) == -1) {
		buf_setf(err, "--on-event: %s", strerror(errno));
		return false;
	}
	c->pid = child_fork(CHILD_ALONE);
	if (c->pid == 0) {
		close(fds[0]);
		command_serve(fds[1], text);
	}
	close(fds[1]);
	c->fd = fds[0];
	(void)fcntl(c->fd, F_SETFL, O_NONBLOCK);
	return c->pid > 0;
}

void
event_command_send(const struct event_command *c, const char *vars, size_t n)
{
	if (c->fd >= 0)
		(void)!write(c->fd, vars, n);
}

void
event_command_stop(struct event_command *c)
{
	if (c->fd < 0)
		return;
	close(c->fd);
	(void)child_reap(c->pid);
	c->fd = -1;
}

int
system_log_open(struct buf *err)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX, .sun_path = SYSTEM_LOG };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
		return fd;
	buf_setf(err, "--event-syslog: %s: %s", SYSTEM_LOG, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

void
system_log_send(int fd, int priority, const char *text)
{
	char line[SYSTEM_LOG_LINE];
	struct buf b;

	buf_init(&b, line, sizeof(line));
	buf_addf(&b, "<%d>pkttop: %s", priority, text);
	(void)!write(fd, b.s, b.len);
}
