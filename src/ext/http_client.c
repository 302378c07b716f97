/* The only file that uses libcurl. */
#include "config.h"

#include "ext/http_client.h"

#include <stddef.h>

#include "util/attr.h"

#ifdef HAVE_LIBCURL

#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "util/alloc.h"

#define CONNECT_S   5L
#define REQUEST_S   20L
#define ANSWER_MOST (1024u * 1024)

struct http_slot {
	CURL *easy;
	struct curl_slist *headers;
	struct buf body, answer;
	char error[CURL_ERROR_SIZE];
	bool busy;
};

struct http_client {
	CURLM *multi;
	http_client_fn *fn;
	void *arg;
	struct curl_slist *resolve;
	char *header, *credentials;
	struct buf ca;
	struct http_slot slot[HTTP_CLIENT_SLOTS];
	struct pollfd fds[HTTP_CLIENT_FDS];
	unsigned n_fds;
};

bool
http_client_is_available(void)
{
	return true;
}

const char *
http_client_ca_file(void)
{
	return curl_version_info(CURLVERSION_NOW)->cainfo;
}

/* libcurl reports its sockets and their events. */
static int
http_client_on_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *unused)
{
	struct http_client *c = arg;
	unsigned i = 0;

	(void)easy;
	(void)unused;
	while (i < c->n_fds && c->fds[i].fd != fd)
		i++;
	if (what == CURL_POLL_REMOVE) {
		if (i < c->n_fds)
			c->fds[i] = c->fds[--c->n_fds];
		return 0;
	}
	if (i == HTTP_CLIENT_FDS)
		return 0;
	c->fds[i] = (struct pollfd){ .fd = fd,
		.events = (short)((what & CURL_POLL_IN ? POLLIN : 0) |
		    (what & CURL_POLL_OUT ? POLLOUT : 0)) };
	if (i == c->n_fds)
		c->n_fds++;
	return 0;
}

static size_t
http_client_on_data(char *bytes, size_t one, size_t n, void *arg)
{
	struct http_slot *s = arg;

	if (s->answer.len + one * n > ANSWER_MOST)
		return 0;
	buf_add(&s->answer, bytes, one * n);
	return one * n;
}

/* In memory, because files cannot be opened in the sandbox. */
static void
http_client_set_ca(struct http_client *c, CURL *easy)
{
	struct curl_blob blob = { .data = c->ca.s, .len = c->ca.len, .flags = CURL_BLOB_NOCOPY };

	if (c->ca.len > 0)
		curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &blob);
}

static void
http_client_init_slot(struct http_client *c, struct http_slot *s)
{
	buf_new(&s->body);
	buf_new(&s->answer);
	s->easy = curl_easy_init();
	if (s->easy == NULL)
		return;
	curl_easy_setopt(s->easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(s->easy, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(s->easy, CURLOPT_RESOLVE, c->resolve);
	curl_easy_setopt(s->easy, CURLOPT_CONNECTTIMEOUT, CONNECT_S);
	curl_easy_setopt(s->easy, CURLOPT_TIMEOUT, REQUEST_S);
	curl_easy_setopt(s->easy, CURLOPT_ERRORBUFFER, s->error);
	curl_easy_setopt(s->easy, CURLOPT_WRITEFUNCTION, http_client_on_data);
	curl_easy_setopt(s->easy, CURLOPT_WRITEDATA, s);
	curl_easy_setopt(s->easy, CURLOPT_USERAGENT, PACKAGE_NAME "/" PACKAGE_VERSION);
#if LIBCURL_VERSION_NUM >= 0x075500
	curl_easy_setopt(s->easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
	curl_easy_setopt(s->easy, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
	http_client_set_ca(c, s->easy);
	if (c->credentials != NULL)
		curl_easy_setopt(s->easy, CURLOPT_USERPWD, c->credentials);
}

struct http_client *
http_client_new(const struct http_client_config *config, http_client_fn *fn, void *arg)
{
	struct http_client *c;
	bool ok;

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return NULL;
	c = xcalloc(1, sizeof(*c));
	c->fn = fn;
	c->arg = arg;
	if (config->resolve != NULL)
		c->resolve = curl_slist_append(NULL, config->resolve);
	c->header = config->header != NULL ? xstrdup(config->header) : NULL;
	c->credentials = config->credentials != NULL ? xstrdup(config->credentials) : NULL;
	buf_new(&c->ca);
	if (config->ca != NULL)
		buf_add(&c->ca, config->ca->s, config->ca->len);
	c->multi = curl_multi_init();
	ok = c->multi != NULL;
	for (unsigned i = 0; i < HTTP_CLIENT_SLOTS; i++) {
		http_client_init_slot(c, &c->slot[i]);
		ok &= c->slot[i].easy != NULL;
	}
	if (!ok) {
		http_client_del(c);
		return NULL;
	}
	curl_multi_setopt(c->multi, CURLMOPT_SOCKETFUNCTION, http_client_on_socket);
	curl_multi_setopt(c->multi, CURLMOPT_SOCKETDATA, c);
	return c;
}

void
http_client_del(struct http_client *c)
{
	if (c == NULL)
		return;
	for (unsigned i = 0; i < HTTP_CLIENT_SLOTS; i++) {
		if (c->slot[i].busy)
			curl_multi_remove_handle(c->multi, c->slot[i].easy);
		curl_easy_cleanup(c->slot[i].easy);
		curl_slist_free_all(c->slot[i].headers);
		buf_del(&c->slot[i].body);
		buf_del(&c->slot[i].answer);
	}
	curl_multi_cleanup(c->multi);
	curl_slist_free_all(c->resolve);
	free(c->header);
	free(c->credentials);
	buf_del(&c->ca);
	free(c);
	curl_global_cleanup();
}

static void
http_client_set_headers(
    struct http_client *c, struct http_slot *s, const struct http_request *r, bool compressed)
{
	char type[128];
	struct buf b;

	curl_slist_free_all(s->headers);
	s->headers = NULL;
	if (c->header != NULL)
		s->headers = curl_slist_append(s->headers, c->header);
	if (compressed)
		s->headers = curl_slist_append(s->headers, "Content-Encoding: gzip");
	if (r->body != NULL) {
		buf_init(&b, type, sizeof(type));
		buf_addf(&b, "Content-Type: %s", r->type);
		s->headers = curl_slist_append(s->headers, type);
		/* The body is sent at once. */
		s->headers = curl_slist_append(s->headers, "Expect:");
	}
	curl_easy_setopt(s->easy, CURLOPT_HTTPHEADER, s->headers);
}

static void
http_client_set_body(struct http_client *c, struct http_slot *s, const struct http_request *r)
{
	bool compressed;

	buf_clear(&s->body);
	compressed = r->compress && gzip_compress(&s->body, r->body, r->size);
	if (r->body != NULL && !compressed)
		buf_add(&s->body, r->body, r->size);
	http_client_set_headers(c, s, r, compressed);
	if (r->body == NULL) {
		curl_easy_setopt(s->easy, CURLOPT_HTTPGET, 1L);
		return;
	}
	curl_easy_setopt(s->easy, CURLOPT_POST, 1L);
	curl_easy_setopt(s->easy, CURLOPT_POSTFIELDS, s->body.s);
	curl_easy_setopt(s->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)s->body.len);
}

bool
http_client_start(struct http_client *c, const struct http_request *r)
{
	struct http_slot *s = &c->slot[r->slot];

	if (s->busy)
		return false;
	buf_clear(&s->answer);
	s->error[0] = '\0';
	curl_easy_setopt(s->easy, CURLOPT_URL, r->url);
	http_client_set_body(c, s, r);
	s->busy = curl_multi_add_handle(c->multi, s->easy) == CURLM_OK;
	return s->busy;
}

bool
http_client_is_busy(const struct http_client *c, unsigned slot)
{
	return c->slot[slot].busy;
}

unsigned
http_client_poll(const struct http_client *c, struct pollfd *fds)
{
	if (c == NULL)
		return 0;
	memcpy(fds, c->fds, c->n_fds * sizeof(*fds));
	return c->n_fds;
}

int
http_client_timeout(struct http_client *c)
{
	long ms = -1;

	if (c != NULL)
		curl_multi_timeout(c->multi, &ms);
	return (int)ms;
}

static void
http_client_finish(struct http_client *c, const CURLMsg *m)
{
	unsigned i = 0;
	long status = 0;
	struct http_slot *s;

	while (c->slot[i].easy != m->easy_handle)
		i++;
	s = &c->slot[i];
	if (m->data.result == CURLE_OK)
		curl_easy_getinfo(s->easy, CURLINFO_RESPONSE_CODE, &status);
	else
		buf_setf(&s->answer, "%s",
		    s->error[0] != '\0' ? s->error : curl_easy_strerror(m->data.result));
	curl_multi_remove_handle(c->multi, s->easy);
	s->busy = false;
	c->fn(c->arg, i, status, s->answer.s);
}

void
http_client_step(struct http_client *c)
{
	struct pollfd fds[HTTP_CLIENT_FDS];
	unsigned n = http_client_poll(c, fds);
	int running, left;
	const CURLMsg *m;

	if (c == NULL)
		return;
	for (unsigned i = 0; i < n; i++)
		curl_multi_socket_action(c->multi, fds[i].fd, 0, &running);
	curl_multi_socket_action(c->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	while ((m = curl_multi_info_read(c->multi, &left)) != NULL)
		if (m->msg == CURLMSG_DONE)
			http_client_finish(c, m);
}

#else

bool
http_client_is_available(void)
{
	return false;
}

const char *
http_client_ca_file(void)
{
	return NULL;
}

struct http_client *
http_client_new(const struct http_client_config *c ATTR_UNUSED, http_client_fn *fn ATTR_UNUSED,
    void *arg ATTR_UNUSED)
{
	return NULL;
}

void
http_client_del(struct http_client *c ATTR_UNUSED)
{
}

bool
http_client_start(struct http_client *c ATTR_UNUSED, const struct http_request *r ATTR_UNUSED)
{
	return false;
}

bool
http_client_is_busy(const struct http_client *c ATTR_UNUSED, unsigned slot ATTR_UNUSED)
{
	return false;
}

unsigned
http_client_poll(const struct http_client *c ATTR_UNUSED, struct pollfd *fds ATTR_UNUSED)
{
	return 0;
}

int
http_client_timeout(struct http_client *c ATTR_UNUSED)
{
	return -1;
}

void
http_client_step(struct http_client *c ATTR_UNUSED)
{
}

#endif
