#include "config.h"

#include "platform/process_owner.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/flow.h"
#include "platform/net.h"
#include "util/alloc.h"
#include "util/attr.h"
#include "util/text.h"

#define IP_PROTO_TCP 6
#define IP_PROTO_UDP 17

#define WAYS    4   /* entries per bucket */
#define BUCKETS 256 /* 2^8 */
#define NETS    256 /* maximum local addresses */

#define STEP      UINT64_C(2000000)     /* ns per step of a walk */
#define RESTS     20                    /* pause, as a multiple of the last walk's duration */
#define RETRY     UINT64_C(30000000000) /* ns after which a failed look-up is repeated */
#define NETS_STAY UINT64_C(10000000000)

enum owner_state { OWNER_FREE, OWNER_WANTED, OWNER_FOUND, OWNER_HIDDEN };

struct owner {
	uint32_t inode;
	uint8_t state;
	uint64_t since; /* when the state changed */
	uint64_t used;  /* last use */
	char text[72];  /* a sanitised name of 15 bytes and a PID */
};

struct owners {
	int fd;
	struct owner table[BUCKETS][WAYS];
	unsigned wanted;
	struct net net[NETS];
	unsigned nets;
	uint64_t nets_at;
	/* the walk */
	DIR *proc, *fds; /* fds: of the current process */
	int pid;
	uint64_t began, worked, rest_until;
};

static uint64_t
owners_now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * UINT64_C(1000000000) + (uint64_t)t.tv_nsec;
}

struct owners *
owners_new(void)
{
	int fd = inet_diag_open();
	struct owners *o;

	if (fd < 0)
		return NULL;
	o = xcalloc(1, sizeof(*o));
	o->fd = fd;
	return o;
}

static void
owners_close_dir(DIR **d)
{
	if (*d != NULL)
		closedir(*d);
	*d = NULL;
}

void
owners_del(struct owners *o)
{
	if (o == NULL)
		return;
	owners_close_dir(&o->fds);
	owners_close_dir(&o->proc);
	close(o->fd);
	free(o);
}

bool
owners_link(const char *target, size_t n, uint32_t *inode)
{
	static const char head[] = "socket:[";
	const size_t skip = sizeof(head) - 1;
	uint64_t sum = 0;
	size_t at = skip;

	if (n <= skip || memcmp(target, head, skip) != 0)
		return false;
	for (; at < n && target[at] >= '0' && target[at] <= '9' && sum <= UINT32_MAX; at++)
		sum = sum * 10 + (uint64_t)(target[at] - '0');
	*inode = (uint32_t)sum;
	return at > skip && at + 1 == n && target[at] == ']' && sum <= UINT32_MAX;
}

void
owners_process(struct buf *b, const char *comm, size_t n, int pid)
{
	if (n > 0 && comm[n - 1] == '\n')
		n--;
	text_clean(b, comm, n);
	buf_addf(b, "[%d]", pid);
}

/* The bucket of an inode, which the kernel numbers consecutively. */
static struct owner *
owners_bucket_of(struct owners *o, uint32_t inode)
{
	return o->table[inode % BUCKETS];
}

static struct owner *
owners_find_socket(struct owners *o, uint32_t inode)
{
	struct owner *bucket = owners_bucket_of(o, inode);

	for (unsigned i = 0; i < WAYS; i++)
		if (bucket[i].state != OWNER_FREE && bucket[i].inode == inode)
			return &bucket[i];
	return NULL;
}

static void
owners_set_state(struct owners *o, struct owner *w, enum owner_state state, uint64_t now)
{
	if (w->state == OWNER_WANTED)
		o->wanted--;
	if (state == OWNER_WANTED)
		o->wanted++;
	w->state = (uint8_t)state;
	w->since = now;
}

/* Reuses the least recently used entry. */
static struct owner *
owners_get_socket(struct owners *o, uint32_t inode, uint64_t now)
{
	struct owner *w = owners_find_socket(o, inode), *bucket = owners_bucket_of(o, inode);

	if (w == NULL) {
		w = bucket;
		for (unsigned i = 1; i < WAYS; i++)
			if (bucket[i].used < w->used)
				w = &bucket[i];
		w->inode = inode;
		w->text[0] = '\0';
		owners_set_state(o, w, OWNER_WANTED, now);
	} else if (w->state == OWNER_HIDDEN && now - w->since > RETRY) {
		owners_set_state(o, w, OWNER_WANTED, now);
	}
	w->used = now;
	return w;
}

static bool
owners_is_local_end(struct owners *o, const struct socket_ends *e, uint64_t now)
{
	if (o->nets_at == 0 || now - o->nets_at > NETS_STAY) {
		o->nets = netif_addresses(NULL, 0, o->net, NETS);
		o->nets_at = now;
	}
	for (unsigned i = 0; i < o->nets; i++)
		if (o->net[i].kind == e->kind && addr_equal(&o->net[i].addr, &e->local))
			return true;
	/* All of 127/8 is local. */
	return e->kind == ADDR_IP4 && e->local.b[0] == 127;
}

static enum owner_known
owners_find_end(struct owners *o, const struct flowkey *k, int end, struct buf *text, uint64_t now)
{
	struct socket_ends e = socket_ends_of(k, end);
	struct socket_owner s;
	struct owner *w;

	/* A wildcard socket would match any flow to its port, even between other machines. */
	if (!owners_is_local_end(o, &e, now) || !inet_diag_find(o->fd, k->proto, &e, &s) ||
	    s.inode == 0)
		return OWNER_UNKNOWN;
	w = owners_get_socket(o, s.inode, now);
	if (w->state == OWNER_FOUND) {
		buf_addf(text, "%s", w->text);
		return OWNER_PROCESS;
	}
	buf_addf(text, "uid %lu", (unsigned long)s.uid);
	return OWNER_UID;
}

enum owner_known
owners_find(struct owners *o, const struct flowkey *k, struct buf *text)
{
	const uint64_t now = owners_now_ns();
	char array[sizeof(((struct owner *)NULL)->text)];
	enum owner_known a, b;
	struct buf other;

	buf_clear(text);
	buf_init(&other, array, sizeof(array));
	if (k->proto != IP_PROTO_TCP && k->proto != IP_PROTO_UDP)
		return OWNER_UNKNOWN;
	a = owners_find_end(o, k, 0, text, now);
	b = owners_find_end(o, k, 1, &other, now);
	if (a != OWNER_UNKNOWN && b != OWNER_UNKNOWN && strcmp(text->s, other.s) != 0)
		buf_addc(text, '/');
	if (strcmp(text->s, other.s) != 0)
		buf_adds(text, other.s);
	if (a == OWNER_UNKNOWN || b == OWNER_UNKNOWN)
		return a > b ? a : b;
	return a < b ? a : b;
}

bool
owners_busy(const struct owners *o)
{
	if (o == NULL)
		return false;
	return o->proc != NULL || (o->wanted > 0 && owners_now_ns() >= o->rest_until);
}

void
owners_finish_walk(struct owners *o)
{
	o->rest_until = 0;
}

/* The current process owns the socket. */
static void
owners_found(struct owners *o, struct owner *w, uint64_t now)
{
	char path[32], comm[64];
	struct buf b;
	ssize_t n;
	int fd;

	buf_init(&b, path, sizeof(path));
	buf_setf(&b, "%d/comm", o->pid);
	fd = openat(dirfd(o->proc), path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	n = read(fd, comm, sizeof(comm));
	close(fd);
	if (n <= 0)
		return;
	buf_init(&b, w->text, sizeof(w->text));
	owners_process(&b, comm, (size_t)n, o->pid);
	owners_set_state(o, w, OWNER_FOUND, now);
}

static void
owners_look_at_descriptor(struct owners *o, const char *name)
{
	char target[64];
	struct owner *w;
	uint32_t inode;
	ssize_t n = readlinkat(dirfd(o->fds), name, target, sizeof(target));

	if (n <= 0 || !owners_link(target, (size_t)n, &inode))
		return;
	w = owners_find_socket(o, inode);
	if (w != NULL && w->state == OWNER_WANTED)
		owners_found(o, w, o->began);
}

/* Most of /proc are not processes, and some processes are not visible. */
static void
owners_open_process(struct owners *o, const char *name)
{
	char path[32];
	struct buf b;
	int fd;

	o->pid = (int)strtonum(name, 1, INT32_MAX, NULL);
	if (o->pid == 0)
		return;
	buf_init(&b, path, sizeof(path));
	buf_setf(&b, "%d/fd", o->pid);
	fd = openat(dirfd(o->proc), path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	o->fds = fdopendir(fd);
	if (o->fds == NULL)
		close(fd);
}

/* Checks one descriptor, or opens one process. False at the end. */
static bool
owners_walk_step(struct owners *o)
{
	const struct dirent *e;

	if (o->fds != NULL) {
		e = readdir(o->fds);
		if (e != NULL)
			owners_look_at_descriptor(o, e->d_name);
		else
			owners_close_dir(&o->fds);
		return true;
	}
	e = readdir(o->proc);
	if (e == NULL)
		return false;
	owners_open_process(o, e->d_name);
	return true;
}

/* A socket that the walk did not find belongs to an invisible process, or is gone. */
static void
owners_walk_end(struct owners *o, uint64_t now)
{
	owners_close_dir(&o->fds);
	owners_close_dir(&o->proc);
	for (unsigned i = 0; i < BUCKETS; i++)
		for (unsigned j = 0; j < WAYS; j++)
			if (o->table[i][j].state == OWNER_WANTED &&
			    o->table[i][j].since <= o->began)
				owners_set_state(o, &o->table[i][j], OWNER_HIDDEN, now);
	o->rest_until = now + RESTS * o->worked;
}

bool
owners_step(struct owners *o)
{
	const uint64_t start = owners_now_ns();
	uint64_t now = start;
	bool more = true;

	if (!owners_busy(o))
		return false;
	if (o->proc == NULL) {
		o->proc = opendir("/proc");
		o->began = start;
		o->worked = 0;
	}
	if (o->proc == NULL)
		more = false;
	/* The C library reads a thousand entries of a directory at once: up to 3 ms more. */
	while (more && o->wanted > 0 && now - start < STEP) {
		more = owners_walk_step(o);
		now = owners_now_ns();
	}
	o->worked += now - start;
	if (more && o->wanted > 0)
		return false;
	owners_walk_end(o, now);
	return true;
}
