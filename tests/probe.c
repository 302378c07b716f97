/*
 * Loaded into pkttop before everything else. When pkttop exits, it attempts what the sandbox must
 * forbid, and writes "open-shadow denied" and so on to the descriptor in PROBE_FD.
 */
#include "config.h"

#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool
open_shadow(void)
{
	return open("/etc/shadow", O_RDONLY) != -1;
}

static bool
write_etc(void)
{
	return open("/etc/pkttop-probe", O_WRONLY | O_CREAT, 0600) != -1 ||
	    mkdir("/etc/pkttop-probe.d", 0700) == 0;
}

/* A successful exec would replace this process. */
static bool
execute(void)
{
	execl("/bin/sh", "sh", "-c", "echo execute allowed >&$PROBE_FD", (char *)NULL);
	return false;
}

/* An unconnected socket can send, too. */
static bool
inet_socket(void)
{
	return socket(AF_INET, SOCK_DGRAM, 0) != -1;
}

static bool
connect_out(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(9) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd == -1)
		return false;
	/* Refused by the other end or in progress: the sandbox allowed it. */
	return connect(fd, (struct sockaddr *)&a, sizeof(a)) == 0 || errno == ECONNREFUSED ||
	    errno == EINPROGRESS;
}

static bool
trace_parent(void)
{
	return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == 0;
}

static bool
push_key(void)
{
	int fd = open("/dev/tty", O_RDWR | O_NOCTTY);

	return ioctl(fd != -1 ? fd : STDIN_FILENO, TIOCSTI, "x") == 0;
}

static bool
become_root(void)
{
	return setuid(0) == 0;
}

static bool
new_namespace(void)
{
	return unshare(CLONE_NEWUSER) == 0;
}

/* With a child in it. */
static bool
clone_namespace(void)
{
	long pid = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, NULL, NULL, NULL, 0);

	if (pid == 0)
		_exit(0);
	return pid > 0;
}

/* A file that it may read, and every user may write. */
static bool
write_readable(void)
{
	const char *path = getenv("PROBE_READABLE");

	return path != NULL && open(path, O_WRONLY) != -1;
}

static const struct {
	const char *what;
	bool (*try)(void);
} attempts[] = {
	{ "open-shadow", open_shadow },
	{ "write-etc", write_etc },
	{ "inet-socket", inet_socket },
	{ "connect", connect_out },
	{ "ptrace", trace_parent },
	{ "push-key", push_key },
	{ "become-root", become_root },
	{ "new-namespace", new_namespace },
	{ "clone-namespace", clone_namespace },
	{ "write-readable", write_readable },
	{ "execute", execute },
};

/* Only at the exit of pkttop itself, not of its children. */
static pid_t self;

static void __attribute__((constructor)) begin(void)
{
	self = getpid();
}

static void __attribute__((destructor)) try_all(void)
{
	const char *name = getenv("PROBE_FD");
	int fd = name != NULL ? (int)strtol(name, NULL, 10) : -1;

	for (size_t i = 0; getpid() == self && i < sizeof(attempts) / sizeof(attempts[0]); i++)
		dprintf(fd, "%s %s\n", attempts[i].what, attempts[i].try() ? "allowed" : "denied");
}
