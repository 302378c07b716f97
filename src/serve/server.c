#include "config.h"

#include "serve/server.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "export/file.h"
#include "feed/feed.h"
#include "platform/clock.h"
#include "platform/file_ops.h"
#include "serve/private.h"
#include "util/alloc.h"

#define MS      UINT64_C(1000000)
#define ACCEPTS 16 /* connections in a turn, at most */
#define ROOM_MS 5  /* while no connection is accepted, it is looked so often whether one can be */
#define HELD_MS 50 /* who waits for a second, is looked at so often */

static bool
server_open_listeners(struct server *s, struct buf *err)
{
	for (unsigned i = 0; i < s->o->n_listen; i++) {
		unsigned n = listener_open(
		    &s->listener[s->n_listeners], LISTENERS - s->n_listeners, s->o->listen[i], err);

		if (n == 0)
			return false;
		s->n_listeners += n;
	}
	return true;
}

/* Nobody is to be served by accident. */
static bool
server_check_exposure(const struct server *s, struct buf *err)
{
	const struct options *o = s->o;
	bool exposed = false;

	for (unsigned i = 0; i < s->n_listeners; i++)
		exposed |= !s->listener[i].is_local;
	if (exposed && !s->access.has_secrets)
		buf_setf(err,
		    "--listen: other machines can connect: give --auth-file or --token-file too");
	else if (exposed && o->tls_cert == NULL && !o->no_tls)
		buf_setf(err,
		    "--listen: other machines can connect: give --tls-cert and --tls-key, or "
		    "--no-tls if passwords may be read on the way");
	return err->len == 0;
}

struct server *
server_new(const struct options *o, struct buf *err)
{
	struct server *s = xcalloc(1, sizeof(*s));

	s->o = o;
	s->routes = routes;
	s->n_routes = n_routes;
	access_init(&s->access, o);
	snapshot_init(&s->snapshots.snapshot);
	buf_new(&s->tls_cert);
	buf_new(&s->tls_key);
	for (unsigned i = 0; i < JOBS + 1; i++)
		s->job[i].fd = -1;
	if (server_open_listeners(s, err) && server_check_exposure(s, err))
		return s;
	server_del(s);
	return NULL;
}

static void
server_add_security_headers(struct http_answer *a)
{
	static const struct http_param headers[] = {
		{ "Content-Security-Policy",
		    "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
		    "form-action 'self'" },
		{ "X-Content-Type-Options", "nosniff" },
		{ "Referrer-Policy", "no-referrer" },
		{ "Cross-Origin-Resource-Policy", "same-origin" },
	};

	for (unsigned i = 0; i < NITEMS(headers); i++)
		http_answer_add_header(a, headers[i].name, headers[i].value);
	for (unsigned i = 0; i < a->n_headers; i++)
		if (strcmp(a->header[i].name, "Cache-Control") == 0)
			return;
	http_answer_add_header(a, "Cache-Control", "no-store");
}

static void
server_handle(void *arg, struct http_request *q, struct http_answer *a)
{
	struct exchange x = { .server = arg, .q = q, .a = a };
	uint64_t began;

	if (!steps_begin(arg, &began)) {
		held_add(arg, q->connection);
		return;
	}
	if (access_check(&x))
		route_handle(&x);
	if (a->status != 0)
		server_add_security_headers(a);
	steps_end(arg, x.route, began);
}

static void
server_forget(void *arg, struct http_request *q)
{
	struct server *s = arg;

	held_remove(s, q->connection);
	password_check_forget(&s->access, q);
	job_forget(s, q);
	snapshots_forget(&s->snapshots, q->connection);
}

static bool
server_read_tls(const struct server *s, struct buf *cert, struct buf *key, struct buf *err)
{
	return s->o->tls_cert == NULL ||
	    (secrets_read_file(cert, s->o->tls_cert, false, err) &&
		secrets_read_file(key, s->o->tls_key, true, err));
}

static bool
server_check_folder(const struct server *s, struct buf *err)
{
	char text[256];
	struct buf why;
	struct safe_dir dir;

	buf_init(&why, text, sizeof(text));
	if (s->o->file_streams == NULL)
		return true;
	if (!safe_dir_open(&dir, s->o->file_streams, &why)) {
		buf_setf(err, "--file-streams: %s: %s", s->o->file_streams, why.s);
		return false;
	}
	safe_dir_close(&dir);
	return true;
}

bool
server_start(struct server *s, struct feed *f, struct buf *err)
{
	struct http_server_config c = {
		.handle = server_handle, .forget = server_forget, .arg = s
	};

	s->feed = f;
	s->started = clock_wall();
	if (!server_check_folder(s, err) || !secrets_read(&s->access, s->o, err) ||
	    !server_read_tls(s, &s->tls_cert, &s->tls_key, err))
		return false;
	if (s->o->tls_cert != NULL) {
		c.tls_cert = s->tls_cert.s;
		c.tls_key = s->tls_key.s;
	}
	s->http = http_server_new(&c, err);
	return s->http != NULL;
}

static void
server_swap(struct buf *a, struct buf *b)
{
	struct buf c = *a;

	*a = *b;
	*b = c;
}

static bool
server_renew_tls(struct server *s, struct buf *err)
{
	struct buf cert, key;
	bool ok;

	buf_new(&cert);
	buf_new(&key);
	ok = server_read_tls(s, &cert, &key, err) &&
	    http_server_renew_tls(s->http, cert.s, key.s, err);
	if (ok) {
		server_swap(&s->tls_cert, &cert);
		server_swap(&s->tls_key, &key);
	}
	buf_del(&cert);
	buf_del(&key);
	return ok;
}

bool
server_reload(struct server *s, struct buf *err)
{
	return s == NULL ||
	    (secrets_read(&s->access, s->o, err) &&
		(s->o->tls_cert == NULL || server_renew_tls(s, err)));
}

void
server_del(struct server *s)
{
	if (s == NULL)
		return;
	http_server_del(s->http);
	job_fini(s);
	push_fini(&s->push);
	snapshots_fini(&s->snapshots);
	access_fini(&s->access);
	buf_del(&s->tls_cert);
	buf_del(&s->tls_key);
	for (unsigned i = 0; i < s->n_listeners; i++)
		listener_close(&s->listener[i]);
	free(s);
}

unsigned
server_fds(const struct server *s, struct pollfd *fds)
{
	unsigned n = 0;

	if (s == NULL)
		return 0;
	for (unsigned i = 0; i < s->n_listeners && http_server_has_room(s->http, s->now); i++)
		fds[n++] = (struct pollfd){ .fd = s->listener[i].fd, .events = POLLIN };
	if (s->access.check.fd != -1)
		fds[n++] = (struct pollfd){ .fd = s->access.check.fd, .events = POLLIN };
	if (s->snapshots.snapshot.fd != -1)
		fds[n++] = (struct pollfd){ .fd = s->snapshots.snapshot.fd, .events = POLLIN };
	n += job_fds(s, fds + n);
	return n + http_server_fds(s->http, fds + n);
}

int
server_timeout(const struct server *s, uint64_t now)
{
	int ms;

	if (s == NULL)
		return -1;
	if (s->steps.postponed)
		return 0;
	ms = http_server_timeout(s->http, now);
	if (!http_server_has_room(s->http, now) && (ms < 0 || ms > ROOM_MS))
		ms = ROOM_MS;
	if (captures_timeout(s) >= 0 && (ms < 0 || ms > CAPTURE_MS))
		ms = CAPTURE_MS;
	return s->n_held > 0 && (ms < 0 || ms > HELD_MS) ? HELD_MS : ms;
}

static void
server_accept(struct server *s, const struct listener *l)
{
	for (unsigned i = 0; i < ACCEPTS && http_server_has_room(s->http, s->now); i++) {
		int fd = listener_accept(l);

		if (fd == -1)
			return;
		http_server_add(s->http, fd, l->is_unix, s->now);
	}
}

static void
server_work(struct server *s)
{
	for (unsigned i = 0; i < s->n_listeners; i++)
		server_accept(s, &s->listener[i]);
	if (s->access.check.fd != -1 && fd_can_read(s->access.check.fd) != 0)
		password_check_finish(s);
	if (s->snapshots.snapshot.fd != -1)
		snapshots_finish(s);
	job_step(s);
	captures_step(s);
	push_step(s);
	if (s->now >= s->held_at + HELD_MS * MS)
		held_wake(s);
	http_server_step(s->http, s->now);
}

void
server_step(struct server *s, uint64_t now)
{
	uint64_t began;

	if (s == NULL)
		return;
	began = clock_processor();
	s->now = now;
	steps_begin_turn(s);
	server_work(s);
	steps_end_turn(s, began);
}

void
server_tick(struct server *s)
{
	uint64_t began = clock_processor();

	if (s == NULL)
		return;
	s->ticks++;
	push_tick(s);
	steps_end_turn(s, began);
}

unsigned
server_extras(const struct server *s)
{
	unsigned extras = 0;

	if (s != NULL && s->now < s->packets_until)
		extras |= LEDGER_PACKETS;
	if (s != NULL && s->now < s->pairs_until)
		extras |= LEDGER_PAIRS;
	return extras;
}
