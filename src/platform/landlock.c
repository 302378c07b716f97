#include "config.h"

#include "platform/privilege.h"

#ifdef HAVE_LINUX_LANDLOCK_H

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "util/attr.h"

/* Newer than the headers of some systems: landlock(7). */
#define FS_TRUNCATE     (UINT64_C(1) << 14)
#define NET_BIND_TCP    (UINT64_C(1) << 0)
#define NET_CONNECT_TCP (UINT64_C(1) << 1)
#define RULE_NET_PORT   2

#define DNS_PORT 53

#define READ_FILE LANDLOCK_ACCESS_FS_READ_FILE
#define READ      (READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define WRITE                                                                                      \
	(LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG |                             \
	    LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |                         \
	    LANDLOCK_ACCESS_FS_REMOVE_DIR)

/* All rights of version 1. */
#define ALL_ACCESS ((LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1)

/* Files that the C library, libpcap, curses, cairo and the interface look-up read. */
static const char *const system_readable[] = {
	"/etc",
	"/usr",
	"/lib",
	"/lib64",
	"/proc",
	"/sys",
	"/run",
	"/dev",
	"/var/cache/fontconfig",
};

static const char *const system_programs[] = { "/usr", "/bin", "/lib", "/lib64" };

struct ruleset {
	uint64_t fs, net; /* handled accesses */
};

struct net_port {
	uint64_t access, port;
};

static int
landlock_create_ruleset(const struct ruleset *r, size_t size, uint32_t flags)
{
	return (int)syscall(SYS_landlock_create_ruleset, r, size, flags);
}

static bool
landlock_allow_path(int ruleset, const char *path, uint64_t access)
{
	struct landlock_path_beneath_attr rule = { .allowed_access = access };
	struct stat st;
	int error;

	rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd == -1 || fstat(rule.parent_fd, &st) == -1)
		return true;
	/* For a file, only the rights that apply to files. */
	if (!S_ISDIR(st.st_mode))
		rule.allowed_access &= READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |
		    LANDLOCK_ACCESS_FS_EXECUTE | FS_TRUNCATE;
	error = (int)syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	close(rule.parent_fd);
	return error == 0;
}

static bool
landlock_allow_paths(int ruleset, const char *const *paths, unsigned n, uint64_t access)
{
	bool ok = true;

	for (unsigned i = 0; i < n; i++)
		ok &= landlock_allow_path(ruleset, paths[i], access);
	return ok;
}

/* The directory, or its nearest existing parent. */
static bool
landlock_allow_future_path(int ruleset, const char *path, uint64_t rights)
{
	char folder[PATH_MAX];
	char *slash;

	strlcpy(folder, path, sizeof(folder));
	while (access(folder, F_OK) != 0 && (slash = strrchr(folder, '/')) != NULL)
		slash[slash == folder ? 1 : 0] = '\0';
	return landlock_allow_path(ruleset, folder, rights);
}

static bool
landlock_allow_writable(int ruleset, const struct landlock_paths *p, uint64_t access)
{
	bool ok = true;

	for (unsigned i = 0; i < p->n_writable; i++)
		ok &= p->makes_folders ? landlock_allow_future_path(ruleset, p->writable[i], access)
				       : landlock_allow_path(ruleset, p->writable[i], access);
	return ok;
}

static bool
landlock_allow_port(int ruleset, uint16_t port)
{
	const struct net_port rule = { .access = NET_CONNECT_TCP, .port = port };

	return syscall(SYS_landlock_add_rule, ruleset, RULE_NET_PORT, &rule, 0) == 0;
}

static bool
landlock_allow_ports(int ruleset, const struct landlock_paths *p)
{
	bool ok = !p->asks_dns || landlock_allow_port(ruleset, DNS_PORT);

	for (unsigned i = 0; i < p->n_tcp_ports; i++)
		ok &= landlock_allow_port(ruleset, p->tcp_port[i]);
	return ok;
}

static bool
landlock_add_rules(int ruleset, const struct landlock_paths *p, const struct ruleset *handled)
{
	const uint64_t write = (WRITE | READ | FS_TRUNCATE) & handled->fs;
	const uint64_t device = READ | LANDLOCK_ACCESS_FS_WRITE_FILE;

	return landlock_allow_paths(ruleset, system_readable, NITEMS(system_readable), READ) &&
	    landlock_allow_paths(ruleset, p->readable, p->n_readable, READ) &&
	    landlock_allow_writable(ruleset, p, write) &&
	    landlock_allow_path(ruleset, "/dev", device) &&
	    (!p->runs_programs ||
		landlock_allow_paths(ruleset, system_programs, NITEMS(system_programs),
		    READ | LANDLOCK_ACCESS_FS_EXECUTE)) &&
	    (handled->net == 0 || landlock_allow_ports(ruleset, p));
}

bool
landlock_enter(const struct landlock_paths *p, struct buf *err)
{
	int version = landlock_create_ruleset(NULL, 0, LANDLOCK_CREATE_RULESET_VERSION),
	    ruleset = -1;
	struct ruleset handled = { .fs = ALL_ACCESS };
	size_t size = version >= 4 ? sizeof(handled) : sizeof(handled.fs);
	bool ok;

	if (version >= 3)
		handled.fs |= FS_TRUNCATE;
	if (version >= 4)
		handled.net = NET_BIND_TCP | NET_CONNECT_TCP;
	if (version >= 1)
		ruleset = landlock_create_ruleset(&handled, size, 0);
	ok = ruleset != -1 && landlock_add_rules(ruleset, p, &handled) &&
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	    syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
	if (!ok)
		buf_setf(err, "Landlock: %s", strerror(errno));
	if (ruleset != -1)
		close(ruleset);
	return ok;
}

#else

bool
landlock_enter(const struct landlock_paths *p, struct buf *err)
{
	(void)p;
	buf_setf(err, "Landlock: not available on this system");
	return false;
}

#endif
