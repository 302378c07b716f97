#include "config.h"

#include "platform/file_ops.h"

#include <errno.h>
#include <stdint.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define PAUSE_NS 5000000
#define TRIES    100

ssize_t
fd_read(int fd, void *bytes, size_t n)
{
	ssize_t got;

	do
		got = read(fd, bytes, n);
	while (got < 0 && errno == EINTR);
	return got;
}

int
fd_write_all(int fd, const void *bytes, size_t n, size_t *done)
{
	const uint8_t *p = bytes;
	int error = 0;
	size_t i = 0;

	while (i < n && error == 0) {
		ssize_t got = write(fd, p + i, n - i);

		if (got >= 0)
			i += (size_t)got;
		else if (errno != EINTR)
			error = errno;
	}
	if (done != NULL)
		*done = i;
	return error;
}

int
fd_poll(struct pollfd *fds, nfds_t n, int ms)
{
	const struct timespec pause = { .tv_nsec = PAUSE_NS };
	int ready = poll(fds, n, ms), error = errno;

	if (ready == -1) {
		nanosleep(&pause, NULL);
		errno = error;
	}
	return ready;
}

int
fd_can_read(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int ready;

	for (int i = 0; (ready = poll(&p, 1, 0)) == -1 && errno == EINTR && i < TRIES; i++)
		;
	return ready;
}

bool
fd_is_regular(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}
