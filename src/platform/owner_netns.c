/* Network namespaces: each has sockets and addresses of its own. */
#include "config.h"

#include "platform/process_owner.h"

#include <sys/stat.h>

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/alloc.h"
#include "util/attr.h"

#define NAMESPACES 256 /* at most, with our own */
#define ADDRESSES  64  /* of one */

#define REFRESH UINT64_C(1000000000)  /* ns between two looks at /proc */
#define DROP    UINT64_C(10000000000) /* ns after which namespaces without processes are left */

struct netns {
	ino_t inode; /* of /proc/PID/ns/net */
	int fd;      /* a netlink socket inside; it keeps the namespace alive */
	unsigned n;
	bool seen; /* a process is in it */
	struct net address[ADDRESSES];
};

struct owner_netns {
	struct netns ns[NAMESPACES]; /* our own first */
	unsigned n;
	int own; /* descriptor of our own namespace; -1: others are not looked for */
	bool missed;
	uint64_t refreshed;
};

static void
owner_netns_read_addresses(struct netns *ns)
{
	ns->n = netif_addresses(NULL, 0, ns->address, ADDRESSES);
}

#ifdef __linux__

/* Enters the namespace, and returns. */
static bool
owner_netns_enter(const struct owner_netns *n, int fd, struct netns *ns)
{
	if (setns(fd, CLONE_NEWNET) != 0)
		return false;
	if (ns->fd < 0)
		ns->fd = inet_diag_open();
	owner_netns_read_addresses(ns);
	/* Without the way back nothing more would be right. */
	if (setns(n->own, CLONE_NEWNET) != 0)
		abort();
	return ns->fd >= 0;
}

#else

static bool
owner_netns_enter(
    const struct owner_netns *n ATTR_UNUSED, int fd ATTR_UNUSED, struct netns *ns ATTR_UNUSED)
{
	return false;
}

#endif

struct owner_netns *
owner_netns_new(bool others)
{
	struct owner_netns *n = xcalloc(1, sizeof(*n));
	struct stat st;

	n->own = others ? open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC) : -1;
	n->ns[0] = (struct netns){ .fd = inet_diag_open(), .seen = true };
	if (stat("/proc/self/ns/net", &st) == 0)
		n->ns[0].inode = st.st_ino;
	owner_netns_read_addresses(&n->ns[0]);
	n->n = 1;
	return n;
}

void
owner_netns_del(struct owner_netns *n)
{
	for (unsigned i = 0; i < n->n; i++)
		close(n->ns[i].fd);
	if (n->own >= 0)
		close(n->own);
	free(n);
}

/* Loopback addresses are those of our own namespace, because packets are captured there. */
static bool
owner_netns_has_address(const struct netns *ns, const struct socket_ends *e, bool own)
{
	static const struct addr loopback6 = { .b = { [15] = 1 } };
	bool loops = e->kind == ADDR_IP4 ? e->local.b[0] == 127 : addr_equal(&e->local, &loopback6);

	if (loops)
		return own;
	for (unsigned i = 0; i < ns->n; i++)
		if (ns->address[i].kind == e->kind && addr_equal(&ns->address[i].addr, &e->local))
			return true;
	return false;
}

bool
owner_netns_find(struct owner_netns *n, uint16_t proto, const struct socket_ends *ends,
    struct socket_owner *found, bool *is_local)
{
	*is_local = false;
	for (unsigned i = 0; i < n->n; i++) {
		if (!owner_netns_has_address(&n->ns[i], ends, i == 0))
			continue;
		*is_local = true;
		if (inet_diag_find(n->ns[i].fd, proto, ends, found) && found->inode != 0)
			return true;
	}
	n->missed |= !*is_local;
	return false;
}

bool
owner_netns_find_figures(
    struct owner_netns *n, const struct socket_ends *ends, struct kernel_tcp *k)
{
	for (unsigned i = 0; i < n->n; i++)
		if (owner_netns_has_address(&n->ns[i], ends, i == 0) &&
		    inet_diag_find_figures(n->ns[i].fd, ends, k))
			return true;
	return false;
}

static struct netns *
owner_netns_of_inode(struct owner_netns *n, ino_t inode)
{
	for (unsigned i = 0; i < n->n; i++)
		if (n->ns[i].inode == inode)
			return &n->ns[i];
	if (n->n == NAMESPACES)
		return NULL;
	n->ns[n->n] = (struct netns){ .inode = inode, .fd = -1 };
	return &n->ns[n->n++];
}

/* The namespace of a process; one that was seen already in this turn is not entered again. */
static void
owner_netns_look(struct owner_netns *n, int proc, const char *pid)
{
	char path[40];
	struct netns *ns;
	struct stat st;
	struct buf b;
	int fd;

	buf_init(&b, path, sizeof(path));
	buf_setf(&b, "%s/ns/net", pid);
	if (fstatat(proc, path, &st, 0) != 0)
		return;
	ns = owner_netns_of_inode(n, st.st_ino);
	if (ns == NULL || ns->seen)
		return;
	fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	ns->seen = owner_netns_enter(n, fd, ns);
	close(fd);
}

static void
owner_netns_drop_unseen(struct owner_netns *n)
{
	for (unsigned i = n->n; i-- > 1;) {
		if (n->ns[i].seen)
			continue;
		if (n->ns[i].fd >= 0)
			close(n->ns[i].fd);
		n->ns[i] = n->ns[--n->n];
	}
}

void
owner_netns_refresh(struct owner_netns *n, uint64_t now)
{
	DIR *proc;
	const struct dirent *e;

	if (now - n->refreshed < (n->missed ? REFRESH : DROP))
		return;
	n->refreshed = now;
	n->missed = false;
	owner_netns_read_addresses(&n->ns[0]);
	if (n->own < 0 || (proc = opendir("/proc")) == NULL)
		return;
	for (unsigned i = 1; i < n->n; i++)
		n->ns[i].seen = false;
	while ((e = readdir(proc)) != NULL)
		if (e->d_name[0] >= '1' && e->d_name[0] <= '9')
			owner_netns_look(n, dirfd(proc), e->d_name);
	closedir(proc);
	owner_netns_drop_unseen(n);
}
