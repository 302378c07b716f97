/*
 * HTTP requests that never block, in the caller's poll loop: libcurl and zlib.
 *
 * The server's name is resolved by the caller, so that no thread is started. There are at most
 * HTTP_CLIENT_SLOTS requests at the same time, each with a number of its own.
 */
#ifndef EXT_HTTP_CLIENT_H
#define EXT_HTTP_CLIENT_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

#include "util/buf.h"

#define HTTP_CLIENT_SLOTS 2
#define HTTP_CLIENT_FDS   8

struct http_client;

struct http_client_config {
	const char *resolve;     /* "HOST:PORT:ADDRESS"; NULL: the URL has an address */
	const char *header;      /* a header with credentials, or NULL */
	const char *credentials; /* "user:password" for Basic, or NULL */
	const struct buf *ca;    /* certificates that are trusted, PEM; NULL: no https */
};

struct http_request {
	unsigned slot;
	const char *url;
	const void *body; /* NULL: a GET */
	size_t size;
	bool compress;    /* the body, if zlib is there */
	const char *type; /* Content-Type of the body */
};

/* The request of that slot has ended. status 0: there is no answer, and text says why. Else text is
 * the body of the answer, at most 1 MiB. The next request may be started here. */
typedef void http_client_fn(void *arg, unsigned slot, long status, const char *text);

bool http_client_is_available(void);

/* The file of certificates that programs of this system trust; NULL: unknown. */
const char *http_client_ca_file(void);

/* NULL if it fails. */
struct http_client *http_client_new(
    const struct http_client_config *c, http_client_fn *fn, void *arg);
void http_client_del(struct http_client *c);

/* The body is copied. False if the slot is busy or the request cannot be made. */
bool http_client_start(struct http_client *c, const struct http_request *r);
bool http_client_is_busy(const struct http_client *c, unsigned slot);

/* Fills in descriptors to be polled; returns how many. */
unsigned http_client_poll(const struct http_client *c, struct pollfd *fds);

/* ms until http_client_step() must be called; -1: none. */
int http_client_timeout(struct http_client *c);

void http_client_step(struct http_client *c);

/* Appends the bytes to b, compressed by gzip. False, and nothing appended, without zlib. */
bool gzip_compress(struct buf *b, const void *bytes, size_t n);

#endif
