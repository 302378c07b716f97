/* The only file that uses libmicrohttpd. */
#include "config.h"

#include "ext/http_server.h"

#include <assert.h>

void
http_answer_add_header(struct http_answer *a, const char *name, const char *value)
{
	assert(a->n_headers < HTTP_ANSWER_HEADERS);
	a->header[a->n_headers++] = (struct http_param){ name, value };
}

#ifdef HAVE_MICROHTTPD

#include <sys/select.h>
#include <sys/socket.h>

#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/alloc.h"
#include "util/attr.h"

#define MS UINT64_C(1000000) /* ns */
#define PLACES                                                                                     \
	(2 * HTTP_CONNECTIONS) /* those that are being closed have a place until they are          \
				*/
#define BLOCK (16 * 1024)      /* bytes of a stream that are produced at once */

enum http_state {
	HTTP_FREE,
	HTTP_WAITS,   /* for a whole request */
	HTTP_ANSWERS, /* has one */
	HTTP_CLOSES,
};

struct http_connection {
	struct http_server *server;
	struct MHD_Connection *mhd; /* NULL until the library has begun with it */
	int fd;
	bool tls, is_unix;
	bool suspended;
	bool endless; /* the answer takes as long as its reader likes */
	uint8_t state;
	uint64_t since; /* ns, monotonic: of the state */
	struct http_request request;
};

enum { PLAIN, TLS, DAEMONS };

struct http_server {
	struct http_server_config config;
	struct MHD_Daemon *daemon[DAEMONS]; /* NULL: not needed */
	int epoll_fd[DAEMONS];              /* -1: this system has no epoll */
	struct http_connection place[PLACES];
	struct http_counts counts;
	uint64_t now;
	bool resumed; /* the library has work that no descriptor shows */
};

/* The reader of a stream lives as long as its response. */
struct http_server_stream {
	struct http_connection *connection;
	struct http_stream stream;
};

static const char *const header_names[HTTP_HEADERS] = {
	[HTTP_HOST] = "Host",
	[HTTP_ORIGIN] = "Origin",
	[HTTP_FETCH_SITE] = "Sec-Fetch-Site",
	[HTTP_CONTENT_TYPE] = "Content-Type",
	[HTTP_AUTHORIZATION] = "Authorization",
	[HTTP_ACCEPT] = "Accept",
	[HTTP_ACCEPT_ENCODING] = "Accept-Encoding",
	[HTTP_IF_NONE_MATCH] = "If-None-Match",
	[HTTP_LAST_EVENT_ID] = "Last-Event-ID",
};

static void
http_connection_set_state(struct http_connection *c, enum http_state state)
{
	c->state = (uint8_t)state;
	c->since = c->server->now;
}

static void
http_connection_suspend(struct http_connection *c)
{
	c->suspended = true;
	MHD_suspend_connection(c->mhd);
}

void
http_server_wake(struct http_connection *c)
{
	if (!c->suspended)
		return;
	c->suspended = false;
	c->server->resumed = true;
	MHD_resume_connection(c->mhd);
}

/* The library notices the end of the connection, and gives its place back. */
static void
http_connection_close(struct http_connection *c)
{
	shutdown(c->fd, SHUT_RDWR);
	http_connection_set_state(c, HTTP_CLOSES);
	http_server_wake(c);
}

static enum MHD_Result
http_request_add_param(void *arg, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct http_request *q = arg;

	(void)kind;
	if (q->n_params < HTTP_PARAMS)
		q->param[q->n_params] = (struct http_param){ name, value != NULL ? value : "" };
	q->n_params++;
	return q->n_params <= HTTP_PARAMS ? MHD_YES : MHD_NO;
}

static bool
http_request_is_long(struct MHD_Connection *mhd)
{
	const char *length = MHD_lookup_connection_value(mhd, MHD_HEADER_KIND, "Content-Length");

	return length != NULL && strtoull(length, NULL, 10) > HTTP_BODY;
}

static void
http_request_begin(struct http_connection *c, const char *method, const char *path)
{
	struct http_request *q = &c->request;

	*q = (struct http_request){ .method = method,
		.path = path,
		.tls = c->tls,
		.is_unix = c->is_unix,
		.fd = c->fd,
		.connection = c };
	buf_new(&q->body);
	MHD_get_connection_values(c->mhd, MHD_GET_ARGUMENT_KIND, http_request_add_param, q);
	for (int i = 0; i < HTTP_HEADERS; i++)
		q->header[i] =
		    MHD_lookup_connection_value(c->mhd, MHD_HEADER_KIND, header_names[i]);
	q->body_too_long = http_request_is_long(c->mhd);
}

static ssize_t
http_server_read_stream(void *arg, uint64_t at, char *text, size_t size)
{
	struct http_server_stream *s = arg;
	ssize_t n;

	(void)at;
	if (s->connection->state == HTTP_CLOSES)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	n = s->stream.read(s->stream.arg, text, size);
	if (n == 0)
		http_connection_suspend(s->connection);
	return n < 0 ? MHD_CONTENT_READER_END_OF_STREAM : n;
}

static void
http_server_close_stream(void *arg)
{
	struct http_server_stream *s = arg;

	s->stream.close(s->stream.arg);
	free(s);
}

static struct MHD_Response *
http_server_respond_with_stream(struct http_connection *c, const struct http_answer *a)
{
	struct http_server_stream *s = xcalloc(1, sizeof(*s));

	*s = (struct http_server_stream){ c, a->stream };
	c->endless = a->stream.endless;
	return MHD_create_response_from_callback(
	    MHD_SIZE_UNKNOWN, BLOCK, http_server_read_stream, s, http_server_close_stream);
}

/* The library frees the body. */
static struct MHD_Response *
http_server_make_response(struct http_connection *c, const struct http_answer *a)
{
	if (a->stream.read != NULL)
		return http_server_respond_with_stream(c, a);
	if (a->constant != NULL)
		return MHD_create_response_from_buffer(
		    a->constant_size, (void *)(uintptr_t)a->constant, MHD_RESPMEM_PERSISTENT);
	return MHD_create_response_from_buffer(a->body.len, a->body.s, MHD_RESPMEM_MUST_FREE);
}

static enum MHD_Result
http_server_send(struct http_connection *c, const struct http_answer *a)
{
	struct MHD_Response *response = http_server_make_response(c, a);
	enum MHD_Result ok;

	if (response == NULL)
		return MHD_NO;
	if (a->type != NULL)
		MHD_add_response_header(response, "Content-Type", a->type);
	for (unsigned i = 0; i < a->n_headers; i++)
		MHD_add_response_header(response, a->header[i].name, a->header[i].value);
	ok = MHD_queue_response(c->mhd, a->status, response);
	MHD_destroy_response(response);
	return ok;
}

static enum MHD_Result
http_server_handle(struct http_connection *c)
{
	struct http_server *s = c->server;
	struct http_answer a = { .status = 0 };
	bool gives_body;

	if (c->state == HTTP_WAITS)
		http_connection_set_state(c, HTTP_ANSWERS);
	buf_new(&a.body);
	s->config.handle(s->config.arg, &c->request, &a);
	gives_body = a.status != 0 && a.stream.read == NULL && a.constant == NULL;
	if (!gives_body)
		buf_del(&a.body);
	if (a.status == 0) {
		http_connection_suspend(c);
		return MHD_YES;
	}
	return http_server_send(c, &a);
}

static enum MHD_Result
http_server_on_request(void *arg, struct MHD_Connection *mhd, const char *path, const char *method,
    const char *version, const char *upload, size_t *upload_size, void **request)
{
	struct http_connection *c =
	    MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;

	(void)arg;
	(void)version;
	if (c == NULL || c->state == HTTP_CLOSES)
		return MHD_NO;
	if (*request == NULL) {
		*request = &c->request;
		http_request_begin(c, method, path);
		return c->request.body_too_long ? http_server_handle(c) : MHD_YES;
	}
	if (*upload_size == 0)
		return http_server_handle(c);
	if (c->request.body.len + *upload_size > HTTP_BODY)
		c->request.body_too_long = true;
	else
		buf_add(&c->request.body, upload, *upload_size);
	*upload_size = 0;
	return MHD_YES;
}

static void
http_server_on_completed(
    void *arg, struct MHD_Connection *mhd, void **request, enum MHD_RequestTerminationCode why)
{
	struct http_server *s = arg;
	struct http_request *q = *request;

	(void)mhd;
	if (q == NULL)
		return;
	s->counts.answered += why == MHD_REQUEST_TERMINATED_COMPLETED_OK;
	s->config.forget(s->config.arg, q);
	buf_del(&q->body);
	q->connection->endless = false;
	if (q->connection->state == HTTP_ANSWERS)
		http_connection_set_state(q->connection, HTTP_WAITS);
	*request = NULL;
}

static struct http_connection *
http_server_find(struct http_server *s, int fd)
{
	for (unsigned i = 0; i < PLACES; i++)
		if (s->place[i].state != HTTP_FREE && s->place[i].fd == fd)
			return &s->place[i];
	return NULL;
}

static void
http_server_on_connection(
    void *arg, struct MHD_Connection *mhd, void **context, enum MHD_ConnectionNotificationCode what)
{
	struct http_server *s = arg;
	struct http_connection *c = *context;

	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		int fd =
		    MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;

		*context = c = http_server_find(s, fd);
		if (c != NULL)
			c->mhd = mhd;
	} else if (c != NULL) {
		*c = (struct http_connection){ .state = HTTP_FREE };
	}
}

static bool
http_server_has_epoll(void)
{
	return MHD_is_feature_supported(MHD_FEATURE_EPOLL) == MHD_YES;
}

static struct MHD_Daemon *
http_server_start(struct http_server *s, bool tls)
{
	const struct http_server_config *c = &s->config;
	struct MHD_OptionItem tls_options[] = {
		{ MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)c->tls_cert },
		{ MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)c->tls_key },
		{ MHD_OPTION_END, 0, NULL },
	};
	struct MHD_OptionItem none[] = { { MHD_OPTION_END, 0, NULL } };
	unsigned flags = MHD_USE_NO_LISTEN_SOCKET | MHD_USE_SUSPEND_RESUME |
	    (http_server_has_epoll() ? MHD_USE_EPOLL : 0) | (tls ? MHD_USE_TLS : 0);

	return MHD_start_daemon(flags, 0, NULL, NULL, http_server_on_request, s,
	    MHD_OPTION_CONNECTION_LIMIT, (unsigned)PLACES, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
	    (size_t)HTTP_HEAD, MHD_OPTION_NOTIFY_COMPLETED, http_server_on_completed, s,
	    MHD_OPTION_NOTIFY_CONNECTION, http_server_on_connection, s,
	    MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_ARRAY, tls ? tls_options : none,
	    MHD_OPTION_END);
}

static bool
http_server_start_daemon(struct http_server *s, int kind, struct buf *err)
{
	static const char *const errors[] = {
		[PLAIN] = "the HTTP server cannot be started: too many open files?",
		[TLS] = "TLS cannot be started: the certificate and the key must be PEM and belong "
			"together",
	};
	struct MHD_Daemon *daemon = http_server_start(s, kind == TLS);

	if (daemon == NULL) {
		buf_setf(err, "%s", errors[kind]);
		return false;
	}
	s->daemon[kind] = daemon;
	s->epoll_fd[kind] = -1;
	if (http_server_has_epoll())
		s->epoll_fd[kind] = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
	return true;
}

/* Connections are woken first: the library has to close them. */
static void
http_server_stop_daemon(struct http_server *s, int kind)
{
	if (s->daemon[kind] == NULL)
		return;
	for (unsigned i = 0; i < PLACES; i++)
		if (s->place[i].state != HTTP_FREE && s->place[i].tls == (kind == TLS))
			http_connection_close(&s->place[i]);
	MHD_run(s->daemon[kind]);
	MHD_stop_daemon(s->daemon[kind]);
	s->daemon[kind] = NULL;
}

bool
http_server_is_available(void)
{
	return true;
}

struct http_server *
http_server_new(const struct http_server_config *c, struct buf *err)
{
	struct http_server *s = xcalloc(1, sizeof(*s));

	s->config = *c;
	if (http_server_start_daemon(s, PLAIN, err) &&
	    (c->tls_cert == NULL || http_server_start_daemon(s, TLS, err)))
		return s;
	http_server_del(s);
	return NULL;
}

void
http_server_del(struct http_server *s)
{
	if (s == NULL)
		return;
	for (int i = 0; i < DAEMONS; i++)
		http_server_stop_daemon(s, i);
	free(s);
}

/* The old one ends when the new one has started. */
bool
http_server_renew_tls(struct http_server *s, const char *cert, const char *key, struct buf *err)
{
	struct http_server_config before = s->config;
	struct MHD_Daemon *old = s->daemon[TLS];
	struct MHD_Daemon *renewed;

	s->config.tls_cert = cert;
	s->config.tls_key = key;
	if (!http_server_start_daemon(s, TLS, err)) {
		s->config = before;
		return false;
	}
	renewed = s->daemon[TLS];
	s->daemon[TLS] = old;
	http_server_stop_daemon(s, TLS);
	s->daemon[TLS] = renewed;
	return true;
}

unsigned
http_server_connections(const struct http_server *s)
{
	unsigned n = 0;

	for (unsigned i = 0; i < PLACES; i++)
		n += s->place[i].state == HTTP_WAITS || s->place[i].state == HTTP_ANSWERS;
	return n;
}

/* True if c is a better one to be closed than the one found so far. */
static bool
http_connection_is_worse(const struct http_connection *c, const struct http_connection *found)
{
	if (c->state != HTTP_WAITS && c->state != HTTP_ANSWERS)
		return false;
	if (found == NULL || c->state != found->state)
		return found == NULL || c->state == HTTP_WAITS;
	return c->since < found->since;
}

/* The one that is closed if there are too many; NULL: all are being closed already. */
static struct http_connection *
http_server_find_worst(struct http_server *s)
{
	struct http_connection *found = NULL;

	for (unsigned i = 0; i < PLACES; i++)
		if (http_connection_is_worse(&s->place[i], found))
			found = &s->place[i];
	return found;
}

static void
http_server_evict(struct http_server *s)
{
	struct http_connection *found = http_server_find_worst(s);

	if (found == NULL)
		return;
	s->counts.evicted++;
	http_connection_close(found);
}

static struct http_connection *
http_server_find_free(struct http_server *s)
{
	for (unsigned i = 0; i < PLACES; i++)
		if (s->place[i].state == HTTP_FREE)
			return &s->place[i];
	return NULL;
}

bool
http_server_has_room(struct http_server *s, uint64_t now)
{
	static const uint64_t moment[] = { [HTTP_WAITS] = 10 * MS, [HTTP_ANSWERS] = 250 * MS };
	const struct http_connection *worst = http_server_find_worst(s);

	if (http_server_find_free(s) == NULL)
		return false;
	return http_server_connections(s) < HTTP_CONNECTIONS || worst == NULL ||
	    now >= worst->since + moment[worst->state];
}

void
http_server_add(struct http_server *s, int fd, bool is_unix, uint64_t now)
{
	bool tls = s->daemon[TLS] != NULL && !is_unix;
	struct sockaddr_storage peer;
	socklen_t size = sizeof(peer);
	struct http_connection *c;

	s->now = now;
	if (http_server_connections(s) >= HTTP_CONNECTIONS)
		http_server_evict(s);
	c = http_server_find_free(s);
	if (c == NULL || getpeername(fd, (struct sockaddr *)&peer, &size) == -1) {
		close(fd);
		return;
	}
	*c = (struct http_connection){ .server = s, .fd = fd, .tls = tls, .is_unix = is_unix };
	http_connection_set_state(c, HTTP_WAITS);
	s->counts.accepted++;
	s->resumed = true;
	if (MHD_add_connection(s->daemon[tls ? TLS : PLAIN], fd, (struct sockaddr *)&peer, size) !=
	    MHD_YES)
		*c = (struct http_connection){ .state = HTTP_FREE };
}

/* Without epoll: the descriptors of each connection. */
static unsigned
http_server_fds_of(struct MHD_Daemon *daemon, struct pollfd *fds, unsigned room)
{
	fd_set in, out, failed;
	int last = -1;
	unsigned n = 0;

	FD_ZERO(&in);
	FD_ZERO(&out);
	FD_ZERO(&failed);
	MHD_get_fdset(daemon, &in, &out, &failed, &last);
	for (int fd = 0; fd <= last && n < room; fd++) {
		short events =
		    (short)((FD_ISSET(fd, &in) ? POLLIN : 0) | (FD_ISSET(fd, &out) ? POLLOUT : 0));

		if (events != 0)
			fds[n++] = (struct pollfd){ .fd = fd, .events = events };
	}
	return n;
}

unsigned
http_server_fds(const struct http_server *s, struct pollfd *fds)
{
	unsigned n = 0;

	for (int i = 0; i < DAEMONS; i++) {
		if (s->daemon[i] == NULL)
			continue;
		if (s->epoll_fd[i] != -1)
			fds[n++] = (struct pollfd){ .fd = s->epoll_fd[i], .events = POLLIN };
		else
			n += http_server_fds_of(s->daemon[i], fds + n, HTTP_FDS - n);
	}
	return n;
}

/* ns, monotonic; UINT64_MAX: none. */
static uint64_t
http_connection_deadline(const struct http_connection *c)
{
	if (c->state == HTTP_WAITS)
		return c->since + HTTP_DEADLINE;
	if (c->state == HTTP_ANSWERS && !c->endless)
		return c->since + HTTP_PATIENCE;
	return UINT64_MAX;
}

int
http_server_timeout(const struct http_server *s, uint64_t now)
{
	uint64_t first = UINT64_MAX;
	unsigned MHD_LONG_LONG ms;

	if (s->resumed)
		return 0;
	for (unsigned i = 0; i < PLACES; i++)
		if (http_connection_deadline(&s->place[i]) < first)
			first = http_connection_deadline(&s->place[i]);
	first = first <= now ? 0 : (first - now) / MS + (first != UINT64_MAX);
	for (int i = 0; i < DAEMONS; i++)
		if (s->daemon[i] != NULL && MHD_get_timeout(s->daemon[i], &ms) == MHD_YES &&
		    ms < first)
			first = ms;
	return first > INT32_MAX ? -1 : (int)first;
}

/* The library has no answer for who has not asked yet. */
static void
http_connection_say_late(const struct http_connection *c)
{
	static const char text[] = "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n"
				   "Content-Length: 0\r\n\r\n";

	if (c->state == HTTP_WAITS && !c->tls)
		(void)!send(c->fd, text, sizeof(text) - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void
http_server_close_late(struct http_server *s)
{
	for (unsigned i = 0; i < PLACES; i++) {
		struct http_connection *c = &s->place[i];

		if (s->now < http_connection_deadline(c))
			continue;
		s->counts.late++;
		http_connection_say_late(c);
		http_connection_close(c);
	}
}

void
http_server_step(struct http_server *s, uint64_t now)
{
	s->now = now;
	http_server_close_late(s);
	s->resumed = false;
	for (int i = 0; i < DAEMONS; i++)
		if (s->daemon[i] != NULL)
			MHD_run(s->daemon[i]);
}

const struct http_counts *
http_server_counts(const struct http_server *s)
{
	return &s->counts;
}

#else

bool
http_server_is_available(void)
{
	return false;
}

struct http_server *
http_server_new(const struct http_server_config *c, struct buf *err)
{
	(void)c;
	buf_setf(err, "built without libmicrohttpd");
	return NULL;
}

void
http_server_del(struct http_server *s)
{
	(void)s;
}

bool
http_server_renew_tls(struct http_server *s, const char *cert, const char *key, struct buf *err)
{
	(void)s;
	(void)cert;
	(void)key;
	(void)err;
	return false;
}

bool
http_server_has_room(struct http_server *s, uint64_t now)
{
	(void)s;
	(void)now;
	return false;
}

void
http_server_add(struct http_server *s, int fd, bool is_unix, uint64_t now)
{
	(void)s;
	(void)fd;
	(void)is_unix;
	(void)now;
}

unsigned
http_server_fds(const struct http_server *s, struct pollfd *fds)
{
	(void)s;
	(void)fds;
	return 0;
}

int
http_server_timeout(const struct http_server *s, uint64_t now)
{
	(void)s;
	(void)now;
	return -1;
}

void
http_server_step(struct http_server *s, uint64_t now)
{
	(void)s;
	(void)now;
}

void
http_server_wake(struct http_connection *c)
{
	(void)c;
}

unsigned
http_server_connections(const struct http_server *s)
{
	(void)s;
	return 0;
}

const struct http_counts *
http_server_counts(const struct http_server *s)
{
	(void)s;
	return NULL;
}

#endif
