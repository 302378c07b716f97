/* Snapshots: written on request, and fetched file by file. */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include "export/csv_json.h"
#include "export/file.h"
#include "export/snapshot.h"
#include "platform/child.h"
#include "platform/clock.h"
#include "serve/private.h"

/* NULL: there is none. With a screen it is the current directory. */
static const char *
snapshots_dir(const struct server *s)
{
	if (s->o->snapshot_dir != NULL)
		return s->o->snapshot_dir;
	return s->o->batch ? NULL : "";
}

/* The newest names are kept. */
static void
snapshots_remember(struct snapshots *all, const char *name)
{
	if (all->n == SNAPSHOTS_KEPT) {
		memmove(all->name[0], all->name[1], (SNAPSHOTS_KEPT - 1) * sizeof(all->name[0]));
		all->n--;
	}
	strlcpy(all->name[all->n++], name, sizeof(all->name[0]));
}

static bool
snapshots_has(const struct snapshots *all, const char *name)
{
	for (unsigned i = 0; i < all->n; i++)
		if (strcmp(all->name[i], name) == 0)
			return true;
	return false;
}

/* The sentence of a snapshot that was written ends in its path. */
void
snapshots_finish(struct server *s)
{
	struct snapshots *all = &s->snapshots;
	struct buf result;
	const char *slash;

	buf_init(&result, all->said, sizeof(all->said));
	if (!snapshot_read(&all->snapshot, &result, &all->ok))
		return;
	slash = strrchr(all->said, '/');
	all->ok = all->ok && slash != NULL;
	if (all->ok)
		snapshots_remember(all, slash + 1);
	all->done = true;
	held_wake(s);
}

/* A descriptor for reading; -1: there is no such file. */
static int
snapshots_open_file(const struct server *s, const char *name, const char *file)
{
	char why[256];
	struct buf err;
	struct safe_dir dir;
	int fd;

	buf_init(&err, why, sizeof(why));
	if (!safe_dir_open(&dir, snapshots_dir(s), &err))
		return -1;
	fd = safe_dir_read(&dir, name, file);
	safe_dir_close(&dir);
	return fd;
}

/* Pictures are written only if the program can draw them. */
static void
snapshots_add_files(struct json *j, const struct server *s, const char *name)
{
	const char *file;

	json_str(j, "name", name);
	json_open(j, "files", '[');
	for (unsigned i = 0; (file = snapshot_file_name(i)) != NULL; i++) {
		int fd = snapshots_open_file(s, name, file);

		if (fd == -1)
			continue;
		close(fd);
		json_str(j, NULL, file);
	}
	json_close(j, ']');
}

static void
snapshots_send(struct exchange *x, const char *name, unsigned status)
{
	struct json j;

	json_init(&j, &x->a->body);
	json_open(&j, NULL, '{');
	snapshots_add_files(&j, x->server, name);
	json_close(&j, '}');
	exchange_send_json(x, status);
}

/* The one that asked for the snapshot gets the result. */
static void
snapshots_send_result(struct exchange *x)
{
	struct snapshots *all = &x->server->snapshots;
	struct buf location;

	all->owner = NULL;
	if (!all->ok) {
		exchange_fail(x, 500, "%s", all->said);
		return;
	}
	snapshots_send(x, all->name[all->n - 1], 201);
	buf_init(&location, x->a->text, sizeof(x->a->text));
	buf_addf(&location, "/snapshots/%s", all->name[all->n - 1]);
	http_answer_add_header(x->a, "Location", location.s);
}

void
snapshot_create(struct exchange *x)
{
	struct server *s = x->server;
	struct snapshots *all = &s->snapshots;
	char why[256];
	struct buf err;

	if (all->owner == x->q->connection && all->done) {
		snapshots_send_result(x);
		return;
	}
	if (all->owner == NULL) {
		buf_init(&err, why, sizeof(why));
		if (snapshots_dir(s) == NULL)
			exchange_fail(x, 409, "no directory for snapshots; see --snapshot-dir");
		else if (!snapshot_start(
			     &all->snapshot, s->feed->ledger, snapshots_dir(s), clock_wall(), &err))
			exchange_fail(x, 503, "%s", err.s);
		if (x->a->status != 0)
			return;
		all->owner = x->q->connection;
		all->done = false;
	}
	held_add(s, x->q->connection);
}

void
snapshots_forget(struct snapshots *all, const struct http_connection *c)
{
	if (all->owner == c)
		all->owner = NULL;
}

void
snapshots_fini(struct snapshots *all)
{
	struct buf result;

	buf_init(&result, all->said, sizeof(all->said));
	snapshot_wait(&all->snapshot, SNAPSHOT_WAIT_S, &result, &all->ok);
}

void
serve_snapshots(struct exchange *x)
{
	const struct snapshots *all = &x->server->snapshots;
	struct json j;

	json_init(&j, &x->a->body);
	json_open(&j, NULL, '{');
	json_open(&j, "snapshots", '[');
	for (unsigned i = all->n; i-- > 0;)
		json_str(&j, NULL, all->name[i]);
	json_close(&j, ']');
	json_close(&j, '}');
	exchange_send_json(x, 200);
}

void
serve_snapshot(struct exchange *x)
{
	if (snapshots_has(&x->server->snapshots, x->name[0]))
		snapshots_send(x, x->name[0], 200);
	else
		exchange_fail(x, 404, "this run has not written a snapshot \"%s\"", x->name[0]);
}

static const char *
snapshots_type(const char *file)
{
	static const struct {
		const char *suffix, *type;
	} types[] = { { ".csv", "text/csv; charset=utf-8; header=present" },
		{ ".svg", "image/svg+xml" }, { ".png", "image/png" } };
	const char *dot = strrchr(file, '.');

	for (unsigned i = 0; i < NITEMS(types); i++)
		if (dot != NULL && strcmp(dot, types[i].suffix) == 0)
			return types[i].type;
	return "application/octet-stream";
}

static bool
snapshots_has_file(const char *file)
{
	const char *name;

	for (unsigned i = 0; (name = snapshot_file_name(i)) != NULL; i++)
		if (strcmp(name, file) == 0)
			return true;
	return false;
}

static ssize_t
snapshots_read(void *arg, char *text, size_t size)
{
	ssize_t n = fd_read((int)(intptr_t)arg, text, size);

	return n > 0 ? n : -1;
}

static void
snapshots_close(void *arg)
{
	close((int)(intptr_t)arg);
}

void
serve_snapshot_file(struct exchange *x)
{
	int fd = -1;

	if (snapshots_has(&x->server->snapshots, x->name[0]) && snapshots_has_file(x->name[1]))
		fd = snapshots_open_file(x->server, x->name[0], x->name[1]);
	if (fd == -1) {
		exchange_fail(x, 404, "there is no such file");
		return;
	}
	x->a->status = 200;
	x->a->type = snapshots_type(x->name[1]);
	x->a->stream =
	    (struct http_stream){ snapshots_read, snapshots_close, (void *)(intptr_t)fd, false };
	http_answer_add_header(x->a, "Content-Disposition", "attachment");
}
