/* Who may ask. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "platform/file_ops.h"
#include "serve/private.h"

#define NS          UINT64_C(1000000000)
#define REALM       "Basic realm=\"pkttop\", charset=\"UTF-8\""
#define CREDENTIALS 512

void
access_init(struct access *a, const struct options *o)
{
	*a = (struct access){ .hosts = o->allow_host,
		.n_hosts = o->n_allow_hosts,
		.check.fd = -1,
		.has_secrets = o->auth_file != NULL || o->token_file != NULL };
	buf_new(&a->passwords);
	buf_new(&a->tokens);
	arc4random_buf(&a->key, sizeof(a->key));
	if (gethostname(a->own_name, sizeof(a->own_name) - 1) == -1)
		a->own_name[0] = '\0';
}

void
access_fini(struct access *a)
{
	buf_del(&a->passwords);
	buf_del(&a->tokens);
}

/* ---- Where the request is for, and where it comes from ---- */

/* Copies the host of HOST, HOST:PORT or [HOST]:PORT. */
static bool
access_split_host(const char *host, char *name, size_t size)
{
	bool bracket = *host == '[';
	const char *begin = host + bracket;
	size_t n = strcspn(begin, bracket ? "]" : ":");
	const char *port = begin + n;

	if (n == 0 || n >= size || (bracket && *port++ != ']'))
		return false;
	if (*port != '\0' && (*port != ':' || port[1 + strspn(port + 1, "0123456789")] != '\0'))
		return false;
	memcpy(name, begin, n);
	name[n] = '\0';
	return true;
}

static bool
access_is_loopback(const char *name)
{
	static const char *const nets[] = { "127.0.0.0/8", "::1/128" };
	enum addr_kind kind;
	struct addr a;
	struct net n;

	if (!addr_parse(name, &kind, &a))
		return false;
	for (unsigned i = 0; i < NITEMS(nets); i++)
		if (net_parse(nets[i], &n) && net_contains(&n, kind, &a))
			return true;
	return false;
}

/*
 * A page of another site can have its own name resolve to this machine, and then reads what it
 * likes: only names and addresses of this machine are answered.
 */
bool
access_host_is_ours(const struct access *a, const char *host, const char *local)
{
	char name[256];

	if (host == NULL || !access_split_host(host, name, sizeof(name)))
		return false;
	if (strcasecmp(name, "localhost") == 0 || access_is_loopback(name) ||
	    (*local != '\0' && strcmp(name, local) == 0) ||
	    (*a->own_name != '\0' && strcasecmp(name, a->own_name) == 0))
		return true;
	for (unsigned i = 0; i < a->n_hosts; i++)
		if (strcasecmp(name, a->hosts[i]) == 0)
			return true;
	return false;
}

/* Browsers send both headers, other programs neither. */
bool
access_is_same_site(const struct http_request *q)
{
	const char *site = q->header[HTTP_FETCH_SITE], *origin = q->header[HTTP_ORIGIN];
	const char *scheme = q->tls ? "https://" : "http://", *host = q->header[HTTP_HOST];

	if (site != NULL && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0)
		return false;
	return origin == NULL ||
	    (host != NULL && strncmp(origin, scheme, strlen(scheme)) == 0 &&
		strcasecmp(origin + strlen(scheme), host) == 0);
}

bool
access_is_json(const char *type)
{
	static const char json[] = "application/json";

	return type != NULL && strncasecmp(type, json, sizeof(json) - 1) == 0 &&
	    (type[sizeof(json) - 1] == '\0' || strchr("; ", type[sizeof(json) - 1]) != NULL);
}

/* ---- Credentials ---- */

static bool
access_is_known(const struct access *a, uint64_t hash)
{
	for (unsigned i = 0; i < a->n_known; i++)
		if (a->known[i] == hash)
			return true;
	return false;
}

/* A refusal is sent a second later. */
static bool
access_refuse(struct exchange *x)
{
	struct http_request *q = x->q;
	struct server *s = x->server;

	if (q->until == 0) {
		s->access.failures++;
		q->stage = ACCESS_REFUSED;
		q->until = s->now + NS;
	}
	if (s->now < q->until) {
		held_add(s, q->connection);
		return false;
	}
	exchange_fail(x, 401, "wrong credentials");
	http_answer_add_header(x->a, "WWW-Authenticate", REALM);
	http_answer_add_header(x->a, "WWW-Authenticate", "Bearer realm=\"pkttop\"");
	return false;
}

static bool
access_check_password(struct exchange *x, const char *credentials)
{
	struct http_request *q = x->q;
	struct server *s = x->server;

	if (access_is_known(
		&s->access, hash_bytes(&s->access.key, credentials, strlen(credentials))))
		return true;
	if (q->stage == ACCESS_REFUSED)
		return access_refuse(x);
	if (q->stage == ACCESS_NEW && password_check_start(s, q, credentials))
		q->stage = ACCESS_CHECKING;
	held_add(s, q->connection);
	return false;
}

static bool
access_check_credentials(struct exchange *x)
{
	const struct access *a = &x->server->access;
	const char *given = x->q->header[HTTP_AUTHORIZATION];

	if (given == NULL) {
		exchange_fail(x, 401, "a name and a password, or a token, are needed");
		http_answer_add_header(x->a, "WWW-Authenticate", REALM);
		http_answer_add_header(x->a, "WWW-Authenticate", "Bearer realm=\"pkttop\"");
		return false;
	}
	if (strncasecmp(given, "Bearer ", 7) == 0)
		return secrets_have_token(a, given + 7) || access_refuse(x);
	if (strncasecmp(given, "Basic ", 6) == 0 && strlen(given) < CREDENTIALS)
		return access_check_password(x, given + 6);
	return access_refuse(x);
}

static bool
access_is_open(const struct server *s, const char *path)
{
	for (unsigned i = 0; i < s->n_routes; i++)
		if ((s->routes[i].flags & ROUTE_OPEN) && strcmp(s->routes[i].pattern, path) == 0)
			return true;
	return false;
}

static bool
access_changes_state(const struct http_request *q)
{
	return strcmp(q->method, "GET") != 0 && strcmp(q->method, "HEAD") != 0;
}

bool
access_check(struct exchange *x)
{
	const struct http_request *q = x->q;
	char local[64];

	listener_local_address(q->fd, local, sizeof(local));
	if (!access_host_is_ours(&x->server->access, q->header[HTTP_HOST], local))
		exchange_fail(x, 421, "this host is not served here; see --allow-host");
	else if (q->body_too_long)
		exchange_fail(x, 413, "the body is longer than %d bytes", HTTP_BODY);
	else if (access_changes_state(q) && !access_is_same_site(q))
		exchange_fail(x, 403, "the request comes from a page of another site");
	else if (access_changes_state(q) && q->body.len > 0 &&
	    !access_is_json(q->header[HTTP_CONTENT_TYPE]))
		exchange_fail(x, 415, "the body must be application/json");
	else
		return !x->server->access.has_secrets || access_is_open(x->server, q->path) ||
		    access_check_credentials(x);
	return false;
}
