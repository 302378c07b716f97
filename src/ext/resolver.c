/* The only file that uses c-ares. */
#include "config.h"

#include "ext/resolver.h"

#include <stddef.h>

#include "util/attr.h"

#ifdef HAVE_CARES

#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>

#include <ares.h>

#include "util/alloc.h"
#include "util/buf.h"
#include "util/text.h"

#define PATIENCE_MS 1500 /* timeout of the first try; doubled for the second */
#define TRIES       2

#define NS_PER_S    UINT64_C(1000000000)
#define NO_NAME_NS  (600 * NS_PER_S)
#define SILENCE_NS  (30 * NS_PER_S)
#define LOOK_NS     (10 * NS_PER_S) /* between checks of resolv.conf */
#define RESOLV_CONF "/etc/resolv.conf"

#define KEPT   4096 /* remembered addresses */
#define NEARBY 8    /* entries per bucket */

enum outcome { FREE, FLYING, NAMED, NAMELESS, SILENT };

struct question {
	struct addr addr;
	uint64_t at; /* ns: of the query, or of its answer */
	uint8_t kind, outcome;
};

struct flight { /* argument of a callback */
	struct resolver *r;
	struct question *q; /* NULL: free */
};

struct resolver {
	ares_channel channel;
	resolver_fn *fn;
	void *arg;
	struct question kept[KEPT];
	struct flight flight[RESOLVER_FLYING];
	struct pollfd fds[RESOLVER_FDS];
	unsigned n_fds, flying;
	uint64_t now, look_at;
	struct timespec changed; /* mtime of resolv.conf when the channel was created */
	char *servers;
};

bool
resolver_is_available(void)
{
	return true;
}

/* c-ares reports its sockets and their events. */
static void
resolver_on_socket(void *data, ares_socket_t fd, int readable, int writable)
{
	struct resolver *r = data;
	unsigned i = 0;

	while (i < r->n_fds && r->fds[i].fd != fd)
		i++;
	if (!readable && !writable) {
		if (i < r->n_fds)
			r->fds[i] = r->fds[--r->n_fds];
		return;
	}
	if (i == RESOLVER_FDS)
		return;
	r->fds[i] = (struct pollfd){ .fd = fd,
		.events = (short)((readable ? POLLIN : 0) | (writable ? POLLOUT : 0)) };
	if (i == r->n_fds)
		r->n_fds++;
}

static void
resolver_close_channel(struct resolver *r)
{
	if (r->channel != NULL)
		ares_destroy(r->channel);
	r->channel = NULL;
}

static bool
resolver_open_channel(struct resolver *r)
{
	static char lookups[] = "b";
	struct ares_options o = {
		.timeout = PATIENCE_MS,
		.tries = TRIES,
		.lookups = lookups, /* DNS alone: /etc/hosts is a file, and files may be slow */
		.sock_state_cb = resolver_on_socket,
		.sock_state_cb_data = r,
	};
	struct stat st;

	r->changed = (struct timespec){ 0 };
	if (stat(RESOLV_CONF, &st) == 0)
		r->changed = st.st_mtim;
	if (ares_init_options(&r->channel, &o,
		ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS | ARES_OPT_SOCK_STATE_CB) !=
	    ARES_SUCCESS)
		return false;
	return r->servers == NULL ||
	    ares_set_servers_ports_csv(r->channel, r->servers) == ARES_SUCCESS;
}

struct resolver *
resolver_new(const char *servers, resolver_fn *fn, void *arg)
{
	struct resolver *r;

	if (ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS)
		return NULL;
	r = xcalloc(1, sizeof(*r));
	r->fn = fn;
	r->arg = arg;
	r->servers = servers != NULL ? xstrdup(servers) : NULL;
	for (unsigned i = 0; i < RESOLVER_FLYING; i++)
		r->flight[i].r = r;
	if (resolver_open_channel(r))
		return r;
	resolver_del(r);
	return NULL;
}

void
resolver_del(struct resolver *r)
{
	if (r == NULL)
		return;
	r->fn = NULL;
	resolver_close_channel(r);
	ares_library_cleanup();
	free(r->servers);
	free(r);
}

static bool
resolver_is_stale(const struct question *q, uint64_t now)
{
	static const uint64_t kept[] = {
		[FREE] = 0,
		[FLYING] = UINT64_MAX,
		[NAMED] = NO_NAME_NS,
		[NAMELESS] = NO_NAME_NS,
		[SILENT] = SILENCE_NS,
	};

	return now - q->at >= kept[q->outcome];
}

/* The entry for a query, or NULL: it was queried lately, or all entries of its bucket are
 * pending. */
static struct question *
resolver_find_slot(struct resolver *r, uint8_t kind, const struct addr *a, uint64_t now)
{
	uint64_t mixed = (a->w[0] ^ a->w[1] ^ kind) * UINT64_C(0x9e3779b97f4a7c15);
	struct question *first = &r->kept[(mixed >> 32) % (KEPT - NEARBY)], *oldest = NULL;

	for (struct question *q = first; q < first + NEARBY; q++) {
		if (q->outcome != FREE && q->kind == kind && addr_equal(&q->addr, a))
			return resolver_is_stale(q, now) ? q : NULL;
		if (q->outcome != FLYING &&
		    (oldest == NULL || q->outcome == FREE ||
			(oldest->outcome != FREE && q->at < oldest->at)))
			oldest = q;
	}
	return oldest;
}

/* Only a server's reply is an answer: c-ares reports timeouts as "no name", too. */
static enum outcome
resolver_outcome(int status, int timeouts, const struct hostent *host)
{
	if (status == ARES_SUCCESS && host != NULL && host->h_name != NULL)
		return NAMED;
	return status == ARES_ENOTFOUND && timeouts < TRIES ? NAMELESS : SILENT;
}

static void
resolver_on_answer(void *arg, int status, int timeouts, struct hostent *host)
{
	struct flight *f = arg;
	struct resolver *r = f->r;
	struct question *q = f->q;
	char text[TEXT_MAX + 1];
	struct buf b;

	f->q = NULL;
	r->flying--;
	q->at = r->now;
	q->outcome =
	    status == ARES_EDESTRUCTION ? FREE : (uint8_t)resolver_outcome(status, timeouts, host);
	if (q->outcome != NAMED || r->fn == NULL)
		return;
	buf_init(&b, text, sizeof(text));
	text_clean(&b, host->h_name, strlen(host->h_name));
	if (b.len > 0)
		r->fn(r->arg, q->kind, &q->addr, text);
}

bool
resolver_ask(struct resolver *r, uint8_t kind, const struct addr *a, uint64_t now)
{
	struct flight *f = r->flight;
	struct question *q;

	r->now = now;
	if (r->channel == NULL || (kind != ADDR_IP4 && kind != ADDR_IP6) ||
	    r->flying == RESOLVER_FLYING || (q = resolver_find_slot(r, kind, a, now)) == NULL)
		return false;
	while (f->q != NULL)
		f++;
	*q = (struct question){ .addr = *a, .at = now, .kind = kind, .outcome = FLYING };
	f->q = q;
	r->flying++;
	ares_gethostbyaddr(r->channel, q->addr.b, kind == ADDR_IP4 ? 4 : 16,
	    kind == ADDR_IP4 ? AF_INET : AF_INET6, resolver_on_answer, f);
	return true;
}

unsigned
resolver_in_flight(const struct resolver *r)
{
	return r->flying;
}

unsigned
resolver_poll(const struct resolver *r, struct pollfd *fds)
{
	if (r == NULL)
		return 0;
	memcpy(fds, r->fds, r->n_fds * sizeof(*fds));
	return r->n_fds;
}

int
resolver_timeout(const struct resolver *r)
{
	struct timeval t, *until;

	if (r == NULL || r->flying == 0)
		return -1;
	until = ares_timeout(r->channel, NULL, &t);
	return until != NULL ? (int)(until->tv_sec * 1000 + (until->tv_usec + 999) / 1000) : -1;
}

/* c-ares reads resolv.conf only once: after a change a new channel is created, now or later. */
static void
resolver_check_config(struct resolver *r, uint64_t now)
{
	struct stat st;

	if (now < r->look_at)
		return;
	r->look_at = now + LOOK_NS;
	if (r->channel != NULL &&
	    (stat(RESOLV_CONF, &st) != 0 ||
		(st.st_mtim.tv_sec == r->changed.tv_sec &&
		    st.st_mtim.tv_nsec == r->changed.tv_nsec)))
		return;
	resolver_close_channel(r);
	if (!resolver_open_channel(r))
		resolver_close_channel(r);
}

void
resolver_step(struct resolver *r, uint64_t now)
{
	struct pollfd fds[RESOLVER_FDS];
	unsigned n;

	if (r == NULL)
		return;
	r->now = now;
	resolver_check_config(r, now);
	if (r->flying == 0)
		return;
	n = resolver_poll(r, fds);
	for (unsigned i = 0; i < n; i++)
		ares_process_fd(r->channel, fds[i].events & POLLIN ? fds[i].fd : ARES_SOCKET_BAD,
		    fds[i].events & POLLOUT ? fds[i].fd : ARES_SOCKET_BAD);
	ares_process_fd(r->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

#else

bool
resolver_is_available(void)
{
	return false;
}

struct resolver *
resolver_new(const char *servers ATTR_UNUSED, resolver_fn *fn ATTR_UNUSED, void *arg ATTR_UNUSED)
{
	return NULL;
}

void
resolver_del(struct resolver *r ATTR_UNUSED)
{
}

bool
resolver_ask(struct resolver *r ATTR_UNUSED, uint8_t kind ATTR_UNUSED,
    const struct addr *a ATTR_UNUSED, uint64_t now ATTR_UNUSED)
{
	return false;
}

unsigned
resolver_in_flight(const struct resolver *r ATTR_UNUSED)
{
	return 0;
}

unsigned
resolver_poll(const struct resolver *r ATTR_UNUSED, struct pollfd *fds ATTR_UNUSED)
{
	return 0;
}

int
resolver_timeout(const struct resolver *r ATTR_UNUSED)
{
	return -1;
}

void
resolver_step(struct resolver *r ATTR_UNUSED, uint64_t now ATTR_UNUSED)
{
}

#endif
