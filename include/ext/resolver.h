/*
 * Reverse DNS through c-ares. Never blocks: its sockets are polled with all others.
 *
 *	r = resolver_new(NULL, fn, arg);	NULL: built without it, or it fails
 *	resolver_ask(r, kind, &addr, now);	repeated calls send one query
 *	resolver_poll(r, fds), resolver_timeout(r), resolver_step(r, now)	in the loop
 *	resolver_del(r);
 *
 * At most RESOLVER_FLYING queries are pending; others are refused until the next call. An address
 * without a name is not queried again for ten minutes, and one without an answer for half a minute.
 * Both are remembered for a fixed number of addresses.
 */
#ifndef EXT_RESOLVER_H
#define EXT_RESOLVER_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "dissect/addr.h"

#define RESOLVER_FDS    16
#define RESOLVER_FLYING 32

/* Called with the name of an address, sanitised. */
typedef void resolver_fn(void *arg, uint8_t kind, const struct addr *a, const char *name);

struct resolver;

/* servers: "127.0.0.1:5300", comma-separated; NULL: from resolv.conf(5). */
struct resolver *resolver_new(const char *servers, resolver_fn *fn, void *arg);
void resolver_del(struct resolver *r);

/* True if pkttop was built with c-ares. */
bool resolver_is_available(void);

/* False if the address was queried lately, or there is no room now. now: ns, monotonic. */
bool resolver_ask(struct resolver *r, uint8_t kind, const struct addr *a, uint64_t now);

/* Pending queries. */
unsigned resolver_in_flight(const struct resolver *r);

/* Fills in descriptors to be polled; returns how many, at most RESOLVER_FDS. r may be NULL here
 * and below. */
unsigned resolver_poll(const struct resolver *r, struct pollfd *fds);

/* ms until resolver_step() must be called even if no descriptor is ready; -1: never. */
int resolver_timeout(const struct resolver *r);

/* Receives answers, ends queries that time out, and follows changes of resolv.conf(5). */
void resolver_step(struct resolver *r, uint64_t now);

#endif
