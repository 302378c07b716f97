#include "config.h"

#include "platform/service.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BACKLOG  64
#define FIRST_FD 3 /* that the service manager hands over */

/* An address and a port in digits, split. */
struct listener_name {
	char address[64], port[8];
};

static bool
listener_starts_with(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* The last colon separates the port; an IPv6 address is in brackets. */
static bool
listener_split(const char *text, struct listener_name *n)
{
	const char *colon = strrchr(text, ':'), *end = colon;

	if (colon == NULL)
		return false;
	if (*text == '[') {
		text++;
		end = strchr(text, ']');
		if (end == NULL || end + 1 != colon)
			return false;
	} else if (memchr(text, ':', (size_t)(colon - text)) != NULL) {
		return false;
	}
	if (end == text || (size_t)(end - text) >= sizeof(n->address) ||
	    strlcpy(n->port, colon + 1, sizeof(n->port)) >= sizeof(n->port))
		return false;
	snprintf(n->address, sizeof(n->address), "%.*s", (int)(end - text), text);
	if (strcmp(n->address, "localhost") == 0)
		strlcpy(n->address, "127.0.0.1", sizeof(n->address));
	return true;
}

/* Numeric only: nothing is asked of DNS. NULL: no address and port. */
static struct addrinfo *
listener_resolve(const char *text)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE };
	struct listener_name n;
	struct addrinfo *found;

	if (!listener_split(text, &n) || n.port[strspn(n.port, "0123456789")] != '\0' ||
	    n.port[0] == '\0' || strtoul(n.port, NULL, 10) > UINT16_MAX)
		return NULL;
	return getaddrinfo(n.address, n.port, &hints, &found) == 0 ? found : NULL;
}

bool
listener_check(const char *text, struct buf *err)
{
	struct addrinfo *found;
	bool ok;

	if (listener_starts_with(text, "unix:")) {
		ok = text[5] != '\0' &&
		    strlen(text + 5) < sizeof(((struct sockaddr_un *)0)->sun_path);
	} else if (strcmp(text, "systemd:") == 0) {
		ok = true;
	} else {
		found = listener_resolve(text);
		ok = found != NULL;
		if (ok)
			freeaddrinfo(found);
	}
	if (!ok)
		buf_setf(err,
		    "\"%s\": must be ADDRESS:PORT, such as 127.0.0.1:8080 or [::1]:8080, or "
		    "unix:PATH",
		    text);
	return ok;
}

static bool
listener_is_loopback_address(const struct sockaddr *a)
{
	if (a->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const void *)a;

		return ntohl(in->sin_addr.s_addr) >> 24 == 127;
	}
	if (a->sa_family == AF_INET6) {
		const struct sockaddr_in6 *in6 = (const void *)a;

		return IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr);
	}
	return a->sa_family == AF_UNIX;
}

/* Fills in the rest from the socket itself. False: it does not listen. */
static bool
listener_adopt(struct listener *l, int fd)
{
	struct sockaddr_storage name;
	socklen_t size = sizeof(name);

	*l = (struct listener){ .fd = fd };
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	if (getsockname(fd, (struct sockaddr *)&name, &size) == -1)
		return false;
	l->is_unix = name.ss_family == AF_UNIX;
	l->is_local = listener_is_loopback_address((struct sockaddr *)&name);
	return true;
}

/* Without SO_REUSEADDR a restart would have to wait for old connections. */
static unsigned
listener_bind(struct listener *l, const struct sockaddr *name, socklen_t size, const char *text,
    struct buf *err)
{
	int fd = socket(name->sa_family, SOCK_STREAM, 0), on = 1;

	if (fd != -1 && name->sa_family != AF_UNIX)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (fd != -1 && name->sa_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	if (fd != -1 && bind(fd, name, size) == 0 && listen(fd, BACKLOG) == 0 &&
	    listener_adopt(l, fd))
		return 1;
	buf_setf(err, "cannot listen on %s: %s", text, strerror(errno));
	if (fd != -1)
		close(fd);
	return 0;
}

/* Removes a socket that nobody listens on, and nothing else. */
static void
listener_remove_stale(const struct sockaddr_un *name)
{
	struct stat st;
	int fd;

	if (lstat(name->sun_path, &st) == -1 || !S_ISSOCK(st.st_mode))
		return;
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (fd == -1)
		return;
	if (connect(fd, (const struct sockaddr *)name, sizeof(*name)) == -1 &&
	    errno == ECONNREFUSED)
		unlink(name->sun_path);
	close(fd);
}

/* Only its owner may connect: the permissions of the socket protect it. */
static unsigned
listener_open_unix(struct listener *l, const char *text, struct buf *err)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	mode_t mask = umask(0177);
	unsigned n;

	strlcpy(name.sun_path, text + strlen("unix:"), sizeof(name.sun_path));
	listener_remove_stale(&name);
	n = listener_bind(l, (const struct sockaddr *)&name, sizeof(name), text, err);
	umask(mask);
	if (n > 0)
		strlcpy(l->path, name.sun_path, sizeof(l->path));
	return n;
}

static unsigned
listener_take_over(struct listener *l, unsigned max, struct buf *err)
{
	const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS");
	unsigned n = 0;

	if (pid != NULL && fds != NULL && strtol(pid, NULL, 10) == (long)getpid())
		for (int i = 0; i < (int)strtol(fds, NULL, 10) && n < max; i++)
			n += listener_adopt(&l[n], FIRST_FD + i);
	if (n == 0)
		buf_setf(err, "systemd: the service manager has handed over no socket");
	return n;
}

unsigned
listener_open(struct listener *l, unsigned max, const char *text, struct buf *err)
{
	struct addrinfo *found;
	unsigned n;

	if (max == 0) {
		buf_setf(err, "too many sockets to listen on (maximum %d)", LISTENERS);
		return 0;
	}
	if (strcmp(text, "systemd:") == 0)
		return listener_take_over(l, max, err);
	if (listener_starts_with(text, "unix:"))
		return listener_open_unix(l, text, err);
	found = listener_resolve(text);
	if (found == NULL)
		return 0;
	n = listener_bind(l, found->ai_addr, found->ai_addrlen, text, err);
	freeaddrinfo(found);
	return n;
}

void
listener_close(struct listener *l)
{
	if (*l->path != '\0')
		unlink(l->path);
	close(l->fd);
}

int
listener_accept(const struct listener *l)
{
	int fd = accept(l->fd, NULL, NULL);

	if (fd == -1)
		return -1;
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	return fd;
}

void
listener_local_address(int fd, char *text, uint32_t size)
{
	struct sockaddr_storage name;
	socklen_t n = sizeof(name);

	if (getsockname(fd, (struct sockaddr *)&name, &n) == -1 || name.ss_family == AF_UNIX ||
	    getnameinfo((struct sockaddr *)&name, n, text, size, NULL, 0, NI_NUMERICHOST) != 0)
		*text = '\0';
}

bool
listener_is_loopback(const char *address)
{
	const struct addrinfo hints = { .ai_flags = AI_NUMERICHOST };
	struct addrinfo *found;
	bool loopback;

	if (getaddrinfo(address, NULL, &hints, &found) != 0)
		return false;
	loopback = listener_is_loopback_address(found->ai_addr);
	freeaddrinfo(found);
	return loopback;
}
