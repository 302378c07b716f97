/* The child that finds the owners of sockets. */
#include "config.h"

#include "platform/process_owner.h"

#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "platform/file_ops.h"
#include "util/alloc.h"
#include "util/attr.h"

#define IP_PROTO_TCP 6
#define IP_PROTO_UDP 17

#define BIRTHS      8192 /* sockets that were seen when their connection began */
#define BIRTHS_TURN 256
#define WAITING     1024                /* questions whose process is still looked for */
#define BIRTH_AGAIN UINT64_C(500000000) /* ns after which a socket is looked up again */
#define IDLE_MS     10000

struct birth {
	struct socket_ends ends;
	uint16_t proto;
	bool listens;
	uint32_t inode, uid;
	uint64_t at; /* ns: when it was looked up */
};

struct owner_child {
	int socket, births_fd;
	struct owner_walk *walk;
	struct owner_netns *netns;
	struct birth birth[BIRTHS]; /* by hash, the newest */
	struct owner_ask waiting[WAITING];
	unsigned n_waiting;
};

static struct birth *
owner_child_birth(struct owner_child *c, uint16_t proto, const struct socket_ends *e)
{
	uint64_t h = e->local.w[0] ^ e->local.w[1] * 3 ^ e->remote.w[0] * 5 ^ e->remote.w[1] * 7;

	h ^= (uint64_t)proto << 40 ^ (uint64_t)e->local_port << 16 ^ e->remote_port;
	h *= UINT64_C(0x9e3779b97f4a7c15);
	return &c->birth[h >> 32 & (BIRTHS - 1)];
}

static bool
owner_child_is_birth_of(const struct birth *b, uint16_t proto, const struct socket_ends *e)
{
	return b->inode != 0 && b->proto == proto && b->ends.kind == e->kind &&
	    b->ends.local_port == e->local_port && b->ends.remote_port == e->remote_port &&
	    addr_equal(&b->ends.local, &e->local) && addr_equal(&b->ends.remote, &e->remote);
}

/* A socket that is asked for is remembered, because it may be closed before its process is found.
 */
static void
owner_child_remember(struct owner_child *c, uint16_t proto, const struct socket_ends *e,
    const struct socket_owner *s)
{
	*owner_child_birth(c, proto, e) = (struct birth){
		.ends = *e,
		.proto = proto,
		.inode = s->inode,
		.uid = s->uid,
		.listens = s->listens,
		.at = owner_now(),
	};
}

/* The same packet is seen at several interfaces. */
static bool
owner_child_is_new_birth(struct owner_child *c, uint16_t proto, const struct socket_ends *e)
{
	const struct birth *b = owner_child_birth(c, proto, e);

	return !owner_child_is_birth_of(b, proto, e) || owner_now() - b->at > BIRTH_AGAIN;
}

/* Connections to the same server begin at the same listening socket. */
static bool
owner_child_find_listener(
    struct owner_child *c, uint16_t proto, const struct socket_ends *e, struct socket_owner *s)
{
	const struct socket_ends any = {
		.local = e->local, .local_port = e->local_port, .kind = e->kind
	};
	const struct birth *b = owner_child_birth(c, proto, &any);
	bool is_local;

	if (!owner_child_is_new_birth(c, proto, &any)) {
		*s = (struct socket_owner){ .inode = b->inode, .uid = b->uid, .listens = true };
		return true;
	}
	if (!owner_netns_find(c->netns, proto, e, s, &is_local))
		return false;
	if (s->listens)
		owner_child_remember(c, proto, &any, s);
	return true;
}

static void
owner_child_note_birth(struct owner_child *c, const struct flowkey *k)
{
	struct socket_owner s;
	bool is_local, found;

	for (int end = 0; end < 2; end++) {
		struct socket_ends e = socket_ends_of(k, end);

		if (!owner_child_is_new_birth(c, k->proto, &e))
			continue;
		/* What is known of these ports may be about an earlier connection. */
		owner_child_birth(c, k->proto, &e)->inode = 0;
		found = end == 0 ? owner_netns_find(c->netns, k->proto, &e, &s, &is_local)
				 : owner_child_find_listener(c, k->proto, &e, &s);
		if (!found)
			continue;
		owner_child_remember(c, k->proto, &e, &s);
		owner_walk_get(c->walk, k->proto, &e, s.inode);
	}
}

/*
 * The socket of an end as it was when its connection began, which may be closed by now; else as it
 * is now. The socket that began it on a server listens: that of the connection is looked for once
 * it has lived for a while.
 */
static bool
owner_child_find(struct owner_child *c, const struct owner_ask *q, int end, struct socket_owner *s,
    bool *is_local)
{
	const struct socket_ends e = socket_ends_of(&q->key, end);
	const struct birth *b = owner_child_birth(c, q->key.proto, &e);
	bool is_known = owner_child_is_birth_of(b, q->key.proto, &e);

	*is_local = true;
	if (!(is_known && (!q->again || !b->listens)) &&
	    owner_netns_find(c->netns, q->key.proto, &e, s, is_local)) {
		owner_child_remember(c, q->key.proto, &e, s);
		return true;
	}
	if (!is_known)
		return false;
	*s = (struct socket_owner){ .inode = b->inode, .uid = b->uid, .listens = b->listens };
	return *is_local = true;
}

/* True if the answer about that end is complete. */
static bool
owner_child_answer_end(struct owner_child *c, const struct owner_ask *q, int end,
    struct owner_answer *a, bool *is_local)
{
	const struct socket_ends e = socket_ends_of(&q->key, end);
	struct socket_owner s = { .inode = 0 };
	const struct owner *o;

	if (!owner_child_find(c, q, end, &s, is_local))
		return true;
	o = owner_walk_get(c->walk, q->key.proto, &e, s.inode);
	a->known[end] = true;
	a->listens[end] = s.listens;
	if (o->state == OWNER_FOUND) {
		a->facts[end] = o->facts;
		return true;
	}
	process_facts_of_user(&a->facts[end], s.uid);
	return o->state == OWNER_HIDDEN;
}

/* False if it is too early for an answer; then nothing is sent. */
static bool
owner_child_answer(struct owner_child *c, const struct owner_ask *q)
{
	struct owner_answer a = { .row = q->row, .generation = q->generation };
	bool is_local[2], complete = true;
	unsigned n_found = 0, n_local = 0;

	for (int end = 0; end < 2; end++) {
		complete &= owner_child_answer_end(c, q, end, &a, &is_local[end]);
		n_local += is_local[end];
		n_found += a.known[end] && a.facts[end].kind == PROCESS_OWNER && !a.listens[end];
	}
	if (!complete)
		return false;
	for (int end = 0; end < 2 && q->figures && !a.has_figures; end++) {
		const struct socket_ends e = socket_ends_of(&q->key, end);

		a.has_figures = owner_netns_find_figures(c->netns, &e, &a.figures);
	}
	a.final = n_local > 0 && n_found == n_local;
	(void)send(c->socket, &a, sizeof(a), MSG_NOSIGNAL);
	return true;
}

static void
owner_child_take(struct owner_child *c, const struct owner_ask *q)
{
	bool ports = q->key.proto == IP_PROTO_TCP || q->key.proto == IP_PROTO_UDP;
	bool ip = q->key.kind == ADDR_IP4 || q->key.kind == ADDR_IP6;

	if (!ports || !ip || owner_child_answer(c, q))
		return;
	if (c->n_waiting < WAITING)
		c->waiting[c->n_waiting++] = *q;
}

/* False at the end. */
static bool
owner_child_read_asks(struct owner_child *c)
{
	struct owner_ask asks[OWNER_ASKS];
	ssize_t n = recv(c->socket, asks, sizeof(asks), MSG_DONTWAIT);

	if (n == 0)
		return false;
	for (size_t i = 0; n > 0 && i < (size_t)n / sizeof(*asks); i++)
		owner_child_take(c, &asks[i]);
	return true;
}

static void
owner_child_answer_waiting(struct owner_child *c)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < c->n_waiting; i++)
		if (!owner_child_answer(c, &c->waiting[i]))
			c->waiting[kept++] = c->waiting[i];
	c->n_waiting = kept;
}

static void
owner_child_read_births(struct owner_child *c)
{
	struct flowkey k;

	for (unsigned i = 0; i < BIRTHS_TURN && owner_births_read(c->births_fd, &k); i++)
		owner_child_note_birth(c, &k);
}

static bool
owner_child_is_open(void *arg, const struct owner *o)
{
	struct owner_child *c = arg;
	struct socket_owner s;
	bool is_local;

	return owner_netns_find(c->netns, o->proto, &o->ends, &s, &is_local) && s.inode == o->inode;
}

void
owner_child_serve(int socket, int births_fd, bool namespaces)
{
	struct owner_child *c = xcalloc(1, sizeof(*c));
	struct pollfd fds[2] = { { .fd = socket, .events = POLLIN },
		{ .fd = births_fd, .events = POLLIN } };
	int wait_ms;
	bool due;

	c->socket = socket;
	c->births_fd = births_fd;
	c->walk = owner_walk_new(owner_child_is_open, c);
	c->netns = owner_netns_new(namespaces);
	for (;;) {
		due = owner_walk_is_due(c->walk, &wait_ms);
		if (wait_ms < 0 || wait_ms > IDLE_MS)
			wait_ms = IDLE_MS;
		if (fd_poll(fds, NITEMS(fds), due ? 0 : wait_ms) < 0)
			fds[0].revents = fds[1].revents = POLLIN;
		if (fds[1].revents != 0)
			owner_child_read_births(c);
		if (fds[0].revents != 0 && !owner_child_read_asks(c))
			return;
		owner_netns_refresh(c->netns, owner_now());
		if (!due)
			continue;
		owner_walk_step(c->walk);
		owner_child_answer_waiting(c);
	}
}
