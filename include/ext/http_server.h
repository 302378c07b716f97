/*
 * An HTTP/1.1 server without threads, by libmicrohttpd: it parses requests and sends answers; what
 * they say is decided by the caller.
 *
 *	s = http_server_new(&config, err);
 *	http_server_accept(s, listener) when a listening socket is readable;
 *	http_server_fds() into poll(), with http_server_timeout();
 *	http_server_step(s, now) once in each turn of the loop.
 *
 * Bounded: HTTP_CONNECTIONS connections, HTTP_HEAD bytes of headers, HTTP_BODY bytes of a body, and
 * HTTP_DEADLINE for a whole request, which a client that sends a byte a second does not meet. If
 * all connections are in use, the oldest one without a complete request is closed, else the oldest;
 * but each is given a moment, so that many honest clients at once wait instead of closing each
 *other.
 */
#ifndef EXT_HTTP_SERVER_H
#define EXT_HTTP_SERVER_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "util/buf.h"

#define HTTP_CONNECTIONS 32
#define HTTP_HEAD        (16 * 1024)
#define HTTP_BODY        (64 * 1024)
#define HTTP_DEADLINE    UINT64_C(5000000000) /* ns for a whole request */
#define HTTP_PATIENCE                                                                              \
	UINT64_C(60000000000) /* ns until an answer is taken, if it is not endless                 \
			       */
#define HTTP_PARAMS 16
#define HTTP_FDS    (2 * HTTP_CONNECTIONS + 2) /* two with epoll, else those of the connections */

struct http_server;
struct http_connection;

enum http_header {
	HTTP_HOST,
	HTTP_ORIGIN,
	HTTP_FETCH_SITE,
	HTTP_CONTENT_TYPE,
	HTTP_AUTHORIZATION,
	HTTP_ACCEPT,
	HTTP_ACCEPT_ENCODING,
	HTTP_IF_NONE_MATCH,
	HTTP_LAST_EVENT_ID,
	HTTP_HEADERS
};

struct http_param {
	const char *name, *value;
};

/* Texts are decoded but not sanitised, and valid until the answer is complete. */
struct http_request {
	const char *method, *path;
	struct http_param param[HTTP_PARAMS]; /* of the query; value "" if there is no = */
	unsigned n_params;                    /* HTTP_PARAMS + 1: too many */
	const char *header[HTTP_HEADERS];     /* NULL: absent */
	struct buf body;
	bool body_too_long;
	bool tls;
	bool is_unix;  /* from a unix socket */
	int fd;        /* of the connection */
	void *state;   /* the handler's own, as are the next two ... */
	uint8_t stage; /* ... between its calls for one request */
	uint64_t until;
	struct http_connection *connection; /* of this server */
};

/* A body that is produced while it is sent. */
struct http_stream {
	/* Bytes put into text, 0: none now, http_server_wake() says when; -1: the end. */
	ssize_t (*read)(void *arg, char *text, size_t size);
	void (*close)(void *arg);
	void *arg;
	bool endless; /* HTTP_PATIENCE does not apply */
};

#define HTTP_ANSWER_HEADERS 12

struct http_answer {
	unsigned status; /* 0: not yet, http_server_wake() has the handler called again */
	const char *type;
	struct buf body;
	const void *constant; /* the body if it is not NULL; borrowed for ever */
	size_t constant_size;
	struct http_stream stream;                     /* the body if read is not NULL */
	struct http_param header[HTTP_ANSWER_HEADERS]; /* further ones */
	unsigned n_headers;
	char text[512]; /* room for values of headers */
};

/* Adds a header to the answer; the texts are borrowed until the handler has returned. */
void http_answer_add_header(struct http_answer *a, const char *name, const char *value);

struct http_server_config {
	/* Called for each whole request, with an empty answer. */
	void (*handle)(void *arg, struct http_request *q, struct http_answer *a);
	/* The request is over, answered or not: frees q->state. */
	void (*forget)(void *arg, struct http_request *q);
	void *arg;
	const char *tls_cert, *tls_key; /* PEM texts, borrowed; NULL: no TLS */
};

struct http_counts {
	uint64_t accepted, answered;
	uint64_t late;    /* closed: no whole request in time */
	uint64_t evicted; /* closed: there were too many connections */
};

bool http_server_is_available(void);

/* NULL with one sentence in err. */
struct http_server *http_server_new(const struct http_server_config *c, struct buf *err);
void http_server_del(struct http_server *s);

/* Another certificate and key. Connections with the old one are closed. False with one sentence in
 * err; then nothing has changed. */
bool http_server_renew_tls(
    struct http_server *s, const char *cert, const char *key, struct buf *err);

/* False while all connections are so new that none is closed for another one. */
bool http_server_has_room(struct http_server *s, uint64_t now);

/* Takes over an accepted connection. is_unix: of a unix socket, which never has TLS. */
void http_server_add(struct http_server *s, int fd, bool is_unix, uint64_t now);

/* Fills in descriptors to be polled; returns how many, at most HTTP_FDS. */
unsigned http_server_fds(const struct http_server *s, struct pollfd *fds);

/* ms until http_server_step() must be called; -1: when a descriptor is readable. */
int http_server_timeout(const struct http_server *s, uint64_t now);

/* Reads, answers and sends what can be done now. now: ns, monotonic. */
void http_server_step(struct http_server *s, uint64_t now);

/* Lets a request that waits go on. */
void http_server_wake(struct http_connection *c);

unsigned http_server_connections(const struct http_server *s);
const struct http_counts *http_server_counts(const struct http_server *s);

#endif
