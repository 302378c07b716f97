#include "config.h"

#include "platform/net.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define VARIABLE    "SSH_CONNECTION"
#define ENVIRONMENT 65536 /* maximum bytes of an environment */
#define PARENTS     32

const char *
ssh_env_variable(const char *environment, size_t n, const char *name)
{
	size_t length = strlen(name);

	while (n > 0) {
		size_t all = strnlen(environment, n);

		if (all == n)
			break;
		if (all > length && memcmp(environment, name, length) == 0 &&
		    environment[length] == '=')
			return environment + length + 1;
		environment += all + 1;
		n -= all + 1;
	}
	return NULL;
}

/* Reads a file of a process, at most size bytes; 0 if it is not readable. */
static size_t
ssh_env_read_proc(long pid, const char *file, char *to, size_t size)
{
	size_t got = 0;
	char path[64];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%ld/%s", pid, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	while (got < size && (n = read(fd, to + got, size - got)) > 0)
		got += (size_t)n;
	close(fd);
	return got;
}

/* The parent's PID; 0: none, or unknown. */
static long
ssh_env_parent_of(long pid)
{
	char text[1024];
	size_t n = ssh_env_read_proc(pid, "status", text, sizeof(text) - 1);
	const char *line;

	text[n] = '\0';
	line = strstr(text, "\nPPid:");
	return line != NULL ? strtol(line + strlen("\nPPid:"), NULL, 10) : 0;
}

bool
ssh_env_find(struct own_session *o)
{
	const char *value = getenv(VARIABLE);
	char *environment;
	long pid = getppid();

	if (value != NULL && own_session_parse(o, value))
		return true;
	environment = malloc(ENVIRONMENT);
	for (int i = 0; environment != NULL && i < PARENTS && pid > 1;
	     i++, pid = ssh_env_parent_of(pid)) {
		size_t n = ssh_env_read_proc(pid, "environ", environment, ENVIRONMENT);

		value = ssh_env_variable(environment, n, VARIABLE);
		if (value != NULL && own_session_parse(o, value))
			break;
	}
	free(environment);
	return o->known;
}
