#include "config.h"

#include "platform/fd.h"

#include <errno.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

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

bool
fd_is_regular(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}
