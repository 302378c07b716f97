/* The walk through /proc that finds which process has a socket. */
#include "config.h"

#include "platform/process_owner.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "util/alloc.h"
#include "util/attr.h"

#define WAYS    4    /* entries per bucket */
#define BUCKETS 1024 /* of inodes, which the kernel numbers consecutively */
#define HOT     256  /* processes that had sockets */
#define PIDS    32768

#define MS           UINT64_C(1000000)
#define STEP         (2 * MS)
#define CREDIT_MAX   (400 * MS)           /* time for walks that can be saved up ... */
#define CREDIT_SHARE 8                    /* ... of which each ns gives an eighth */
#define CREDIT_LEAST (20 * MS)            /* a pause lasts until there is so much */
#define RESTS        3                    /* a pause, in durations of the last step */
#define RETRY        UINT64_C(5000000000) /* ns after which a failed look-up is repeated */
#define HOT_STAYS    UINT64_C(10000000000)

/* A process that opens one connection after the other uses about the same descriptors. */
#define GUESS_BELOW 8
#define GUESS_ABOVE 8

struct hot {
	uint32_t pid;
	int fd;        /* the newest descriptor with a socket */
	uint64_t used; /* ns */
	uint64_t read; /* ns: when the facts were read */
	struct process_facts facts;
};

struct owner_walk {
	owner_is_open_fn *is_open;
	void *arg;
	struct owner table[BUCKETS][WAYS];
	unsigned wanted;
	struct hot hot[HOT]; /* by PID */
	uint32_t pid[PIDS];  /* the rest of the walk, the oldest first */
	unsigned n_pids, next_hot;
	bool walks;
	uint64_t began;
	int64_t credit;
	uint64_t rest_until; /* ns: sockets are collected between two walks */
	uint64_t credited;
};

uint64_t
owner_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * UINT64_C(1000000000) + (uint64_t)t.tv_nsec;
}

struct owner_walk *
owner_walk_new(owner_is_open_fn *is_open, void *arg)
{
	struct owner_walk *w = xcalloc(1, sizeof(*w));

	w->is_open = is_open;
	w->arg = arg;
	w->credit = (int64_t)CREDIT_MAX;
	w->credited = owner_now();
	return w;
}

void
owner_walk_del(struct owner_walk *w)
{
	free(w);
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

static struct owner *
owner_walk_find(struct owner_walk *w, uint32_t inode)
{
	struct owner *bucket = w->table[inode % BUCKETS];

	for (unsigned i = 0; i < WAYS; i++)
		if (bucket[i].state != OWNER_FREE && bucket[i].inode == inode)
			return &bucket[i];
	return NULL;
}

static void
owner_walk_set_state(struct owner_walk *w, struct owner *o, enum owner_state state, uint64_t now)
{
	if (o->state == OWNER_WANTED)
		w->wanted--;
	if (state == OWNER_WANTED)
		w->wanted++;
	o->state = (uint8_t)state;
	o->since = now;
}

/* Reuses the least recently used entry. */
struct owner *
owner_walk_get(struct owner_walk *w, uint16_t proto, const struct socket_ends *ends, uint32_t inode)
{
	struct owner *o = owner_walk_find(w, inode), *bucket = w->table[inode % BUCKETS];
	uint64_t now = owner_now();

	if (o == NULL) {
		o = bucket;
		for (unsigned i = 1; i < WAYS; i++)
			if (bucket[i].used < o->used)
				o = &bucket[i];
		owner_walk_set_state(w, o, OWNER_WANTED, now);
		o->inode = inode;
		o->proto = proto;
		o->ends = *ends;
	} else if (o->state == OWNER_HIDDEN && now - o->since > RETRY) {
		owner_walk_set_state(w, o, OWNER_WANTED, now);
	}
	o->used = now;
	return o;
}

bool
owner_walk_is_busy(const struct owner_walk *w)
{
	return w->wanted > 0;
}

/* Walking takes a share of the time only, however many sockets are not found. */
static void
owner_walk_add_credit(struct owner_walk *w)
{
	uint64_t now = owner_now();

	w->credit += (int64_t)((now - w->credited) / CREDIT_SHARE);
	if (w->credit > (int64_t)CREDIT_MAX)
		w->credit = (int64_t)CREDIT_MAX;
	w->credited = now;
}

bool
owner_walk_is_due(struct owner_walk *w, int *wait_ms)
{
	*wait_ms = -1;
	if (w->wanted == 0)
		return false;
	owner_walk_add_credit(w);
	if (!w->walks && w->credited < w->rest_until) {
		*wait_ms = (int)((w->rest_until - w->credited) / MS) + 1;
		return false;
	}
	if (w->credit > (w->walks ? 0 : (int64_t)CREDIT_LEAST))
		return true;
	*wait_ms = (int)(((int64_t)CREDIT_LEAST - w->credit) * CREDIT_SHARE / (int64_t)MS) + 1;
	return false;
}

/* What is known of a process is read again each second: it may have called exec(2). */
static struct hot *
owner_walk_heat(struct owner_walk *w, uint32_t pid, uint64_t now)
{
	struct hot *h = &w->hot[pid % HOT];

	if (h->pid == pid && now - h->read < 1000 * MS)
		return h;
	if (!process_facts_read(&h->facts, pid)) {
		h->pid = 0;
		return NULL;
	}
	if (h->pid != pid)
		h->fd = -1;
	h->pid = pid;
	h->read = now;
	return h;
}

/* The descriptor of a process; true if it is a wanted socket. */
static bool
owner_walk_look(struct owner_walk *w, int dir, uint32_t pid, const char *name)
{
	uint64_t now = owner_now();
	char target[64];
	struct owner *o;
	struct hot *h;
	uint32_t inode;
	ssize_t n = readlinkat(dir, name, target, sizeof(target));

	if (n <= 0 || !owners_link(target, (size_t)n, &inode))
		return false;
	o = owner_walk_find(w, inode);
	if (o == NULL || o->state != OWNER_WANTED || (h = owner_walk_heat(w, pid, now)) == NULL)
		return false;
	h->used = now;
	h->fd = (int)strtonum(name, 0, INT32_MAX, NULL);
	o->facts = h->facts;
	owner_walk_set_state(w, o, OWNER_FOUND, now);
	return true;
}

static int
owner_walk_open_fds(uint32_t pid)
{
	char path[32];
	struct buf b;

	buf_init(&b, path, sizeof(path));
	buf_setf(&b, "/proc/%lu/fd", (unsigned long)pid);
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void
owner_walk_all_fds(struct owner_walk *w, uint32_t pid)
{
	int fd = owner_walk_open_fds(pid);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *e;

	if (d == NULL) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while (w->wanted > 0 && (e = readdir(d)) != NULL)
		if (e->d_name[0] != '.')
			owner_walk_look(w, dirfd(d), pid, e->d_name);
	closedir(d);
}

static void
owner_walk_guess_fds(struct owner_walk *w, const struct hot *h)
{
	int dir = owner_walk_open_fds(h->pid), fd = h->fd;
	uint32_t pid = h->pid;
	char name[16];
	struct buf b;

	if (dir < 0)
		return;
	buf_init(&b, name, sizeof(name));
	for (int i = fd - GUESS_BELOW; i <= fd + GUESS_ABOVE && w->wanted > 0; i++) {
		buf_setf(&b, "%d", i);
		if (i >= 0)
			owner_walk_look(w, dir, pid, name);
	}
	close(dir);
}

static int
owner_walk_compare(const void *x, const void *y)
{
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

	return a < b ? -1 : a > b;
}

static void
owner_walk_list(struct owner_walk *w)
{
	DIR *proc = opendir("/proc");
	const struct dirent *e;

	w->n_pids = 0;
	while (proc != NULL && w->n_pids < PIDS && (e = readdir(proc)) != NULL) {
		uint32_t pid = (uint32_t)strtonum(e->d_name, 1, INT32_MAX, NULL);

		if (pid != 0)
			w->pid[w->n_pids++] = pid;
	}
	if (proc != NULL)
		closedir(proc);
	qsort(w->pid, w->n_pids, sizeof(*w->pid), owner_walk_compare);
}

static bool
owner_walk_is_gone(struct owner_walk *w, const struct owner *o)
{
	return !w->is_open(w->arg, o);
}

static bool
owner_walk_is_missed(struct owner_walk *w, const struct owner *o)
{
	return o->since <= w->began;
}

/* Those that it is true for are not wanted any more. */
static void
owner_walk_give_up(struct owner_walk *w, bool (*test)(struct owner_walk *, const struct owner *))
{
	uint64_t now = owner_now();
	unsigned left = w->wanted;

	for (unsigned i = 0; i < BUCKETS && left > 0; i++)
		for (unsigned j = 0; j < WAYS && left > 0; j++) {
			struct owner *o = &w->table[i][j];

			if (o->state != OWNER_WANTED)
				continue;
			left--;
			if (test(w, o))
				owner_walk_set_state(w, o, OWNER_HIDDEN, now);
		}
}

/* Guesses the descriptors of processes that had sockets lately; then looks at all of theirs. */
static void
owner_walk_hot(struct owner_walk *w, uint64_t now)
{
	for (unsigned i = 0; i < HOT && w->wanted > 0; i++)
		if (w->hot[i].pid != 0 && w->hot[i].fd >= 0 && now - w->hot[i].used < HOT_STAYS)
			owner_walk_guess_fds(w, &w->hot[i]);
	owner_walk_give_up(w, owner_walk_is_gone);
	for (unsigned i = 0; i < HOT && w->wanted > 0; i++)
		if (w->hot[i].pid != 0 && now - w->hot[i].used < HOT_STAYS)
			owner_walk_all_fds(w, w->hot[i].pid);
}

void
owner_walk_step(struct owner_walk *w)
{
	const uint64_t start = owner_now();
	uint64_t now = start;

	if (!w->walks) {
		w->walks = true;
		w->began = start;
		owner_walk_hot(w, start);
		if (w->wanted > 0)
			owner_walk_list(w);
		else
			w->n_pids = 0;
		now = owner_now();
	}
	owner_walk_give_up(w, owner_walk_is_gone);
	while (w->n_pids > 0 && w->wanted > 0 && now - start < STEP) {
		owner_walk_all_fds(w, w->pid[--w->n_pids]);
		now = owner_now();
	}
	w->credit -= (int64_t)(now - start);
	/* A socket that was not found in all of /proc belongs to an invisible process. */
	if (w->n_pids == 0 && w->wanted > 0)
		owner_walk_give_up(w, owner_walk_is_missed);
	w->walks = w->n_pids > 0 && w->wanted > 0;
	w->rest_until = now + RESTS * (now - start);
}
