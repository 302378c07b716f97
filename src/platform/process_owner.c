/* The side of pkttop: it starts the child, and asks it. */
#include "config.h"

#include "platform/process_owner.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "platform/child.h"
#include "platform/privilege.h"
#include "util/attr.h"

#define PROCESS_NAME "pkttop-owners"

#ifdef __linux__

static bool
owners_confine(void *arg)
{
	const struct owners_config *c = arg;

	return c->confine == NULL || c->confine(c->arg);
}

static void
owners_run(void *arg, const int *fds)
{
	const struct owners_config *c = arg;

	owner_child_serve(fds[0], fds[1], c->namespaces);
}

/* The packet socket is opened with the privileges that the child drops. */
static pid_t
owners_fork(const struct owners_config *c, int socket)
{
	struct owners_config config = *c;
	int fds[2] = { socket, owner_births_open() };
	const struct helper_process p = { .identity = *c->identity,
		.needs = PRIVILEGE_PROCESSES | (c->namespaces ? PRIVILEGE_NAMESPACES : 0),
		.name = PROCESS_NAME,
		.n_fds = fds[1] >= 0 ? 2 : 1,
		.confine = owners_confine,
		.run = owners_run,
		.arg = &config };
	pid_t pid = helper_process_start(&p, fds);

	if (fds[1] >= 0)
		close(fds[1]);
	return pid;
}

bool
owners_start(struct owners *o, const struct owners_config *c, struct buf *err)
{
	int pair[2];

	*o = (struct owners){ .fd = -1,
		.sees_all = privilege_has(PRIVILEGE_PROCESSES),
		.namespaces = c->namespaces && privilege_has(PRIVILEGE_NAMESPACES) };
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == -1 ||
	    (o->pid = owners_fork(c, pair[1])) == -1) {
		buf_setf(err, "cannot start the process that finds owners of sockets: %s",
		    strerror(errno));
		return false;
	}
	close(pair[1]);
	o->fd = pair[0];
	return true;
}

#else

bool
owners_start(struct owners *o, const struct owners_config *c ATTR_UNUSED, struct buf *err)
{
	*o = (struct owners){ .fd = -1 };
	buf_setf(err, "this system does not show which process owns a socket");
	return false;
}

#endif

void
owners_stop(struct owners *o)
{
	if (o->fd < 0)
		return;
	close(o->fd);
	o->fd = -1;
	(void)child_reap(o->pid);
}

bool
owners_ask(struct owners *o, const struct owner_ask *asks, unsigned n)
{
	size_t size = n * sizeof(*asks);

	if (send(o->fd, asks, size, MSG_DONTWAIT | MSG_NOSIGNAL) != (ssize_t)size)
		return false;
	o->n_open += n;
	return true;
}

/* The child is ours, but what it answers about may be hostile: texts were cleaned there. */
bool
owners_read(struct owners *o, struct owner_answer *a)
{
	ssize_t n = recv(o->fd, a, sizeof(*a), MSG_DONTWAIT);

	if (n != (ssize_t)sizeof(*a))
		return false;
	o->n_open -= o->n_open > 0;
	return true;
}
