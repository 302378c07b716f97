#include "config.h"

#include "platform/file_ops.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
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

/* A message with at most one descriptor. */
struct message {
	struct msghdr head;
	struct iovec bytes;
	union {
		struct cmsghdr first;
		char space[CMSG_SPACE(sizeof(int))];
	} control;
};

static void
message_init(struct message *m, void *bytes, size_t size)
{
	memset(m, 0, sizeof(*m));
	m->bytes = (struct iovec){ .iov_base = bytes, .iov_len = size };
	m->head.msg_iov = &m->bytes;
	m->head.msg_iovlen = 1;
	m->head.msg_control = m->control.space;
	m->head.msg_controllen = sizeof(m->control.space);
}

bool
fd_send(int socket, const void *bytes, size_t size, int fd)
{
	struct message m;
	ssize_t n;

	message_init(&m, (void *)(uintptr_t)bytes, size);
	if (fd == -1) {
		m.head.msg_control = NULL;
		m.head.msg_controllen = 0;
	} else {
		m.control.first.cmsg_level = SOL_SOCKET;
		m.control.first.cmsg_type = SCM_RIGHTS;
		m.control.first.cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(&m.control.first), &fd, sizeof(fd));
	}
	do
		n = sendmsg(socket, &m.head, MSG_NOSIGNAL);
	while (n == -1 && errno == EINTR);
	return n == (ssize_t)size;
}

/* The descriptor in the message. */
static int
message_fd(struct message *m)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(&m->head);
	int fd = -1;

	if (c != NULL && c->cmsg_type == SCM_RIGHTS && c->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	return fd;
}

ssize_t
fd_receive(int socket, void *bytes, size_t size, int *fd)
{
	struct message m;
	ssize_t n;

	message_init(&m, bytes, size);
	do
		n = recvmsg(socket, &m.head, MSG_CMSG_CLOEXEC);
	while (n == -1 && errno == EINTR);
	*fd = n >= 0 ? message_fd(&m) : -1;
	return n;
}
