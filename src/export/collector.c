#include "config.h"

#include "export/ipfix.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "platform/file_ops.h"
#include "util/alloc.h"

#define S  UINT64_C(1000000000)
#define MS UINT64_C(1000000)

#define RETRY_FIRST S
#define RETRY_MOST  (30 * S)

/* Datagrams: the default receive buffer of Linux has room for about 90 of this size. */
#define PACE_NS    (S / 10000)    /* between two of them, on average: 14 MB/s */
#define PACE_BURST (20 * PACE_NS) /* that may have been saved up */

/* Splits HOST:PORT. False if it is neither that nor a host alone. */
static bool
collector_split(char *text, char **host, const char **port)
{
	char *colon = strrchr(text, ':'), *bracket = strrchr(text, ']');

	*host = text;
	if (*text == '[') {
		if (bracket == NULL || (bracket[1] != '\0' && bracket[1] != ':'))
			return false;
		*host = text + 1;
		*bracket = '\0';
		colon = bracket[1] == ':' ? bracket + 1 : NULL;
	} else if (colon != NULL && memchr(text, ':', (size_t)(colon - text)) != NULL) {
		colon = NULL; /* an IPv6 address */
	}
	if (colon != NULL) {
		*colon = '\0';
		*port = colon + 1;
	}
	return **host != '\0' && **port != '\0';
}

static bool
collector_resolve(struct collector *c, const char *text, const char *port, struct buf *err)
{
	struct addrinfo hints = { .ai_socktype = c->tcp ? SOCK_STREAM : SOCK_DGRAM }, *found;
	char copy[COLLECTOR_NAME], *host;
	int error;

	if (strlcpy(copy, text, sizeof(copy)) >= sizeof(copy) ||
	    !collector_split(copy, &host, &port)) {
		buf_setf(err, "\"%s\": must be HOST:PORT, or tcp:HOST:PORT", text);
		return false;
	}
	error = getaddrinfo(host, port, &hints, &found);
	if (error != 0) {
		buf_setf(err, "%s: %s", c->name, gai_strerror(error));
		return false;
	}
	memcpy(&c->address, found->ai_addr, found->ai_addrlen);
	c->address_size = found->ai_addrlen;
	freeaddrinfo(found);
	return true;
}

static void
collector_failed(struct collector *c, int error, uint64_t now, struct buf *said)
{
	if (c->fd != -1)
		close(c->fd);
	c->fd = -1;
	c->state = COLLECTOR_DOWN;
	c->sent = 0;
	c->retry_at = now + c->retry_delay;
	c->retry_delay = c->retry_delay < RETRY_MOST / 2 ? 2 * c->retry_delay : RETRY_MOST;
	if (!c->failing)
		buf_addf(said, "%s%s: %s; retrying", said->len > 0 ? "\n" : "", c->name,
		    strerror(error));
	c->failing = true;
}

static bool
collector_open_socket(struct collector *c)
{
	c->fd = socket(c->address.ss_family, c->tcp ? SOCK_STREAM : SOCK_DGRAM, 0);
	if (c->fd == -1)
		return false;
	fcntl(c->fd, F_SETFD, FD_CLOEXEC);
	fcntl(c->fd, F_SETFL, O_NONBLOCK);
	return connect(c->fd, (const struct sockaddr *)&c->address, c->address_size) == 0 ||
	    errno == EINPROGRESS;
}

static void
collector_greet(struct collector *c)
{
	if (c->greet != NULL)
		c->greeting.size =
		    (uint16_t)c->greet(c->arg, c->greeting.bytes, sizeof(c->greeting.bytes));
}

static void
collector_connect(struct collector *c, uint64_t now, struct buf *said)
{
	c->state = COLLECTOR_CONNECTING;
	if (!collector_open_socket(c))
		collector_failed(c, errno, now, said);
	else if (!c->tcp)
		c->state = COLLECTOR_UP;
}

bool
collector_open(
    struct collector *c, const char *text, const char *port, uint64_t now, struct buf *err)
{
	const char *rest = text;

	*c = (struct collector){ .fd = -1, .retry_delay = RETRY_FIRST };
	c->tcp = strncmp(text, "tcp:", 4) == 0;
	if (c->tcp || strncmp(text, "udp:", 4) == 0)
		rest += 4;
	strlcpy(c->name, text, sizeof(c->name));
	if (!collector_resolve(c, rest, port, err))
		return false;
	buf_clear(err);
	collector_connect(c, now, err);
	/* A collector may start later, but an address without a route is a mistake. */
	if (!c->tcp && c->state == COLLECTOR_DOWN)
		return false;
	c->message = xcalloc(COLLECTOR_QUEUE, sizeof(*c->message));
	return true;
}

void
collector_set_greeting(struct collector *c, collector_greeting_fn *greet, void *arg)
{
	c->greet = greet;
	c->arg = arg;
}

bool
collector_has_room(const struct collector *c)
{
	return c->n < COLLECTOR_QUEUE;
}

bool
collector_is_idle(const struct collector *c)
{
	return c->n == 0;
}

const void *
collector_queued(const struct collector *c, unsigned i)
{
	return i < c->n ? c->message[(c->first + i) % COLLECTOR_QUEUE].bytes : NULL;
}

void
collector_add(struct collector *c, const void *bytes, size_t n, unsigned records)
{
	struct collector_message *m = &c->message[(c->first + c->n) % COLLECTOR_QUEUE];

	if (!collector_has_room(c)) {
		c->dropped_messages++;
		c->dropped_records += records;
		return;
	}
	memcpy(m->bytes, bytes, n);
	m->size = (uint16_t)n;
	m->records = (uint16_t)records;
	c->n++;
}

/* True if the connection is or may be established. */
static bool
collector_finish_connect(struct collector *c, uint64_t now, struct buf *said)
{
	int error = 0;
	socklen_t size = sizeof(error);
	struct pollfd p = { .fd = c->fd, .events = POLLOUT };

	if (poll(&p, 1, 0) != 1)
		return false;
	if (getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &size) == -1)
		error = errno;
	if (error != 0) {
		collector_failed(c, error, now, said);
		return false;
	}
	c->state = COLLECTOR_UP;
	c->retry_delay = RETRY_FIRST;
	if (c->failing)
		buf_addf(said, "%s%s: connected again", said->len > 0 ? "\n" : "", c->name);
	c->failing = false;
	collector_greet(c);
	return true;
}

/* A collector does not send: readable means that it has closed. */
static bool
collector_is_closed(const struct collector *c)
{
	char byte;
	ssize_t n = read(c->fd, &byte, 1);

	return n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
}

/* The answer to an earlier datagram. */
static void
collector_refused(struct collector *c, struct buf *said)
{
	if (c->refused++ == 0)
		buf_addf(said, "%s%s: no collector is listening there", said->len > 0 ? "\n" : "",
		    c->name);
}

/* Bytes of m that were written, or -1 with errno. */
static ssize_t
collector_write(struct collector *c, const struct collector_message *m, struct buf *said)
{
	ssize_t n = write(c->fd, m->bytes + c->sent, m->size - c->sent);

	if (n >= 0 || errno != ECONNREFUSED || c->tcp)
		return n;
	collector_refused(c, said);
	return write(c->fd, m->bytes, m->size);
}

static void
collector_pop(struct collector *c, struct collector_message *m)
{
	c->sent = 0;
	c->sent_messages++;
	c->sent_bytes += m->size;
	if (m == &c->greeting) {
		m->size = 0;
		return;
	}
	c->first = (c->first + 1) % COLLECTOR_QUEUE;
	c->n--;
}

/* True if m was sent completely. */
static bool
collector_send(struct collector *c, struct collector_message *m, uint64_t now, struct buf *said)
{
	ssize_t n = collector_write(c, m, said);

	if (n < 0 &&
	    (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR || errno == ENOBUFS))
		return false;
	if (n < 0 && c->tcp) {
		collector_failed(c, errno, now, said);
		return false;
	}
	/* A datagram that nobody receives is lost, as on the way. */
	c->sent += n < 0 ? m->size : (size_t)n;
	if (c->sent < m->size)
		return false;
	collector_pop(c, m);
	return true;
}

static bool
collector_may_send(struct collector *c, uint64_t now)
{
	if (c->tcp)
		return true;
	if (c->paced_at + PACE_BURST < now)
		c->paced_at = now - PACE_BURST;
	if (c->paced_at + PACE_NS > now)
		return false;
	c->paced_at += PACE_NS;
	return true;
}

void
collector_service(struct collector *c, uint64_t now, struct buf *said)
{
	if (c->state == COLLECTOR_DOWN && now >= c->retry_at)
		collector_connect(c, now, said);
	if (c->state == COLLECTOR_CONNECTING && !collector_finish_connect(c, now, said))
		return;
	if (c->state == COLLECTOR_UP && c->tcp && collector_is_closed(c))
		collector_failed(c, ECONNRESET, now, said);
	while (c->state == COLLECTOR_UP && (c->greeting.size > 0 || c->n > 0)) {
		struct collector_message *m =
		    c->greeting.size > 0 ? &c->greeting : &c->message[c->first];

		if (!collector_may_send(c, now) || !collector_send(c, m, now, said))
			return;
	}
}

struct pollfd
collector_pollfd(const struct collector *c)
{
	struct pollfd p = { .fd = c->tcp ? c->fd : -1, .events = POLLIN };

	if (c->state == COLLECTOR_CONNECTING || c->n > 0)
		p.events |= POLLOUT;
	return p;
}

int
collector_timeout(const struct collector *c, uint64_t now)
{
	if (c->state == COLLECTOR_DOWN)
		return c->retry_at > now ? (int)((c->retry_at - now) / MS) + 1 : 0;
	return !c->tcp && c->n > 0 ? 1 : -1;
}

void
collector_close(struct collector *c)
{
	if (c->fd != -1)
		close(c->fd);
	c->fd = -1;
	c->dropped_messages += c->n;
	for (; c->n > 0; c->n--, c->first = (c->first + 1) % COLLECTOR_QUEUE)
		c->dropped_records += c->message[c->first].records;
	free(c->message);
	c->message = NULL;
}
