#include "config.h"

#include "platform/service.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "platform/file_ops.h"
#include "util/die.h"

static int notify_fd = -1;
static bool log_has_priorities;

/* A name that begins with @ is abstract. */
static int
service_connect(const char *path)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	size_t n = strlen(path);
	int fd;

	if ((*path != '/' && *path != '@') || n >= sizeof(name.sun_path))
		return -1;
	memcpy(name.sun_path, path, n);
	if (*path == '@')
		name.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	if (fd != -1 &&
	    connect(fd, (const struct sockaddr *)&name,
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + n)) == -1) {
		close(fd);
		return -1;
	}
	if (fd != -1)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	return fd;
}

void
service_open(void)
{
	const char *path = getenv("NOTIFY_SOCKET");

	log_has_priorities = getenv("JOURNAL_STREAM") != NULL;
	if (path != NULL && notify_fd == -1)
		notify_fd = service_connect(path);
}

void
service_notify(const char *state)
{
	if (notify_fd != -1)
		(void)!write(notify_fd, state, strlen(state));
}

void
service_notify_reloading(uint64_t monotonic)
{
	char text[64];

	snprintf(text, sizeof(text), "RELOADING=1\nMONOTONIC_USEC=%llu",
	    (unsigned long long)(monotonic / 1000));
	service_notify(text);
}

void
service_log(enum service_priority priority, const char *fmt, ...)
{
	char text[600];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (log_has_priorities)
		fprintf(stderr, "<%d>%s\n", (int)priority, text);
	else
		warn_line("%s", text);
}

/* The file of an earlier run has a number and nothing else. */
static bool
service_is_pid_file(int fd)
{
	char text[32];
	ssize_t n = read(fd, text, sizeof(text) - 1);

	if (n < 0)
		return false;
	text[n] = '\0';
	return text[strspn(text, "0123456789\n")] == '\0' && (size_t)n < sizeof(text) - 1;
}

bool
service_write_pid(const char *path, struct buf *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0644);
	char text[32];
	int n = snprintf(text, sizeof(text), "%ld\n", (long)getpid());

	if (fd != -1 && !service_is_pid_file(fd)) {
		buf_setf(err, "--pidfile: %s: there is something else in this file", path);
		close(fd);
		return false;
	}
	if (fd == -1 || ftruncate(fd, 0) == -1 || pwrite(fd, text, (size_t)n, 0) != n)
		buf_setf(err, "--pidfile: %s: %s", path, strerror(errno));
	if (fd != -1)
		close(fd);
	return err->len == 0;
}
