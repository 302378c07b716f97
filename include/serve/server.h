/*
 * What is asked over HTTP: the routes, who may use them, and what they answer.
 *
 *	s = server_new(&options, err);		opens the sockets; needs the privileges for it
 *	server_start(s, feed, err);		in the sandbox: reads the secrets
 *	server_fds() into poll(), with server_timeout();
 *	server_step(s, now) once in each turn of the loop
 *	server_tick(s) when an interval has ended and is folded
 *	server_del(s);
 *
 * A request never waits for another one, and holds the loop for a few milliseconds at most: an
 * answer about many rows is written by a forked child (serve/job.c).
 */
#ifndef SERVE_SERVER_H
#define SERVE_SERVER_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "app/options.h"
#include "util/buf.h"

struct feed;
struct server;
struct metrics;

#define SERVER_FDS 96

/* NULL with one sentence in err. */
struct server *server_new(const struct options *o, struct buf *err);

/* False with one sentence in err. */
bool server_start(struct server *s, struct feed *f, struct buf *err);

/* Closes all connections. NULL does nothing, here and below. */
void server_del(struct server *s);

/* Fills in descriptors to be polled; returns how many, at most SERVER_FDS. */
unsigned server_fds(const struct server *s, struct pollfd *fds);

/* ms until server_step() must be called; -1: when a descriptor is ready. */
int server_timeout(const struct server *s, uint64_t now);

/* now: ns, monotonic. */
void server_step(struct server *s, uint64_t now);

/* An interval has ended: sends an event. */
void server_tick(struct server *s);

/* Tables of the ledger that were asked for lately: enum ledger_extra. */
unsigned server_extras(const struct server *s);

/* Reads the secrets and the certificate again. False with one sentence in err about one of them,
 * which stays as it was. */
bool server_reload(struct server *s, struct buf *err);

/* Further metrics: fn calls metrics_family(), and metrics_value() for each of its values. */
typedef void metrics_fn(void *arg, struct metrics *m);

void server_add_metrics(struct server *s, metrics_fn *fn, void *arg);

/* type: "counter", whose name gets "_total", or "gauge"; unit: NULL or the last word of name. */
void metrics_family(
    struct metrics *m, const char *name, const char *type, const char *unit, const char *help);

/* labels: NULL, or name="value",... quoted by metrics_label(). */
void metrics_value(struct metrics *m, const char *labels, double value);
void metrics_count(struct metrics *m, const char *labels, uint64_t value);
void metrics_label(struct buf *b, const char *name, const char *value);

/* GET /stored: appends JSON; false with one sentence in err. It must be quick. */
typedef bool stored_fn(void *arg, const char *span, struct buf *json, struct buf *err);

void server_set_stored(struct server *s, stored_fn *fn, void *arg);

/* Serves both for what is sent to other machines; s may be NULL. */
struct exports;
void server_set_exports(struct server *s, struct exports *x);

#endif
