/*
 * The names of addresses, by reverse DNS through c-ares.  Never waits: its
 * sockets are polled with all others.
 *
 *	r = resolver_new(NULL, fn, arg);	NULL: built without it, or it fails
 *	resolver_ask(r, kind, &addr, now);	as often as one likes: one question goes out
 *	resolver_poll(r, fds), resolver_timeout(r), resolver_step(r, now)	in the loop
 *	resolver_del(r);
 *
 * At most RESOLVER_FLYING questions are under way; more wait to be asked for again.  What is
 * known not to have a name is not asked for in ten minutes; what nobody answered not in half a
 * minute, as that says nothing of the name.  Both are kept for a fixed number of addresses.
 */
#ifndef EXT_RESOLVER_H
#define EXT_RESOLVER_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "dissect/addr.h"

#define RESOLVER_FDS    16
#define RESOLVER_FLYING 32

/* An address has this name; it is clean. */
typedef void resolver_fn(void *arg, uint8_t kind, const struct addr *a, const char *name);

struct resolver;

/* servers: "127.0.0.1:5300", comma-separated; NULL: as the system says (resolv.conf(5)). */
struct resolver *resolver_new(const char *servers, resolver_fn *fn, void *arg);
void resolver_del(struct resolver *r);

/* True where this program can ask at all. */
bool resolver_is_available(void);

/* False when it was asked lately, or there is no room now.  now: ns, monotonic. */
bool resolver_ask(struct resolver *r, uint8_t kind, const struct addr *a, uint64_t now);

/* Questions under way. */
unsigned resolver_in_flight(const struct resolver *r);

/* Fills in descriptors to be polled; returns how many, at most RESOLVER_FDS.  r may be NULL in
 * these. */
unsigned resolver_poll(const struct resolver *r, struct pollfd *fds);

/* ms until it wants its resolver_step() whatever the descriptors say; -1: never. */
int resolver_timeout(const struct resolver *r);

/* Takes what has come, gives up what takes too long, and follows resolv.conf(5). */
void resolver_step(struct resolver *r, uint64_t now);

#endif
