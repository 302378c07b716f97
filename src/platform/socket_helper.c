#include "config.h"

#include "platform/privilege.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include <fcntl.h>
#include <linux/seccomp.h>
#endif

#include "platform/child.h"
#include "platform/file_ops.h"
#include "util/attr.h"

/* Opens a socket in one process and returns it in another, atomically. */
#ifdef SECCOMP_ADDFD_FLAG_SEND

#define PROCESS_NAME "pkttop-sockets"

/* A call socket(AF_PACKET, type, protocol) of pkttop, not of one of its children. */
static bool
socket_helper_may_answer(const struct seccomp_notif *call)
{
	return call->pid == (uint32_t)getppid() && call->data.nr == SYS_socket &&
	    call->data.args[0] == AF_PACKET;
}

/* The errors of these calls need no handling: then the caller was interrupted or has exited. */

static void
socket_helper_refuse(int listener, uint64_t id, int error)
{
	struct seccomp_notif_resp answer = { .id = id, .error = -error };

	(void)ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
}

static void
socket_helper_let_go_on(int listener, uint64_t id)
{
	struct seccomp_notif_resp answer = { .id = id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE };

	(void)ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
}

static void
socket_helper_give(int listener, const struct seccomp_notif *call)
{
	int type = (int)call->data.args[1], protocol = (int)call->data.args[2];
	int fd = socket(AF_PACKET, type | SOCK_CLOEXEC, protocol);
	struct seccomp_notif_addfd answer = { .id = call->id,
		.flags = SECCOMP_ADDFD_FLAG_SEND,
		.srcfd = (uint32_t)fd,
		.newfd_flags = (type & SOCK_CLOEXEC) != 0 ? O_CLOEXEC : 0 };

	if (fd == -1) {
		socket_helper_refuse(listener, call->id, errno);
		return;
	}
	(void)ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &answer);
	close(fd);
}

static void
socket_helper_answer(int listener, bool can_give)
{
	struct seccomp_notif call = { 0 };

	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call) != 0)
		return;
	if (!socket_helper_may_answer(&call))
		socket_helper_refuse(listener, call.id, EPERM);
	else if (can_give)
		socket_helper_give(listener, &call);
	else
		socket_helper_let_go_on(listener, call.id);
}

/* Kernels that do not know the flag reject it before they look at the descriptor. */
static bool
socket_helper_can_give(int listener)
{
	struct seccomp_notif_addfd probe = { .flags = SECCOMP_ADDFD_FLAG_SEND,
		.srcfd = UINT32_MAX };

	return ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &probe) == -1 && errno == EBADF;
}

static bool
socket_helper_is_at_end(int socket)
{
	char unread;

	return fd_read(socket, &unread, sizeof(unread)) == 0;
}

/* Until pkttop closes its end. */
static void
socket_helper_serve(int socket, int listener)
{
	bool can_give = socket_helper_can_give(listener);
	struct pollfd fds[] = { { .fd = socket, .events = POLLIN },
		{ .fd = listener, .events = POLLIN } };

	if (!fd_send(socket, &can_give, sizeof(can_give), -1) ||
	    fcntl(socket, F_SETFL, O_NONBLOCK) == -1)
		return;
	while (!socket_helper_is_at_end(socket))
		if (fd_poll(fds, NITEMS(fds), -1) > 0 && (fds[1].revents & POLLIN) != 0)
			socket_helper_answer(listener, can_give);
}

static bool
socket_helper_confine(void *arg)
{
	const struct socket_helper_config *c = arg;

	return c->confine == NULL || c->confine(c->arg);
}

/* pkttop sends the listener once it has one. */
static void
socket_helper_run(void *arg ATTR_UNUSED, const int *fds)
{
	int listener = -1;
	char unread;

	if (fd_receive(fds[0], &unread, sizeof(unread), &listener) > 0 && listener != -1)
		socket_helper_serve(fds[0], listener);
}

bool
socket_helper_start(struct socket_helper *h, const struct socket_helper_config *c, struct buf *err)
{
	struct socket_helper_config config = *c;
	const struct helper_process p = { .identity = *c->identity,
		.needs = PRIVILEGE_CAPTURE,
		.name = PROCESS_NAME,
		.n_fds = 1,
		.confine = socket_helper_confine,
		.run = socket_helper_run,
		.arg = &config };
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == -1 ||
	    (h->pid = helper_process_start(&p, &pair[1])) == -1) {
		buf_setf(
		    err, "cannot start the process that opens packet sockets: %s", strerror(errno));
		return false;
	}
	close(pair[1]);
	h->fd = pair[0];
	return true;
}

#else

bool
socket_helper_start(
    struct socket_helper *h, const struct socket_helper_config *c ATTR_UNUSED, struct buf *err)
{
	*h = (struct socket_helper){ .fd = -1 };
	buf_setf(err, "this system cannot pass packet sockets between processes");
	return false;
}

#endif

bool
socket_helper_listen(const struct socket_helper *h, int listener)
{
	bool gives = false;
	int none;

	return fd_send(h->fd, "", 1, listener) &&
	    fd_receive(h->fd, &gives, sizeof(gives), &none) == sizeof(gives) && gives;
}

void
socket_helper_stop(struct socket_helper *h)
{
	if (h->fd < 0)
		return;
	close(h->fd);
	h->fd = -1;
	(void)child_reap(h->pid);
}
