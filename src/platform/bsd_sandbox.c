/*
 * The sandboxes of OpenBSD and FreeBSD.
 *
 * FreeBSD's capability mode cannot open anything by its name, but interfaces, records and snapshots
 * are opened later: only the rights of the standard descriptors are limited, and not on a terminal,
 * whose modes are changed.
 */
#include "config.h"

#include "platform/privilege.h"

#if defined(HAVE_PLEDGE) && defined(HAVE_UNVEIL)

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "util/attr.h"

/* Files that the C library, libpcap and curses read, and devices. */
static const struct {
	const char *path, *permissions;
} system_paths[] = {
	{ "/etc", "r" },
	{ "/usr", "r" },
	{ "/var/run", "r" },
	{ "/dev", "rw" },
};

/* A call that is not promised fails; without "error" it would end the program. */
#define ALWAYS "stdio rpath wpath cpath fattr proc sendfd recvfd error"

static const char *const programs[] = { "/usr/bin", "/usr/local/bin", "/bin" };

static bool
bsd_sandbox_unveil_all(const char *const *path, unsigned n, const char *permissions)
{
	/* What does not exist cannot be read either. */
	for (unsigned i = 0; i < n; i++)
		if (unveil(path[i], permissions) == -1 && errno != ENOENT)
			return false;
	return true;
}

static bool
bsd_sandbox_unveil(const struct landlock_paths *p)
{
	for (unsigned i = 0; i < NITEMS(system_paths); i++)
		if (unveil(system_paths[i].path, system_paths[i].permissions) == -1 &&
		    errno != ENOENT)
			return false;
	return bsd_sandbox_unveil_all(p->readable, p->n_readable, "r") &&
	    bsd_sandbox_unveil_all(p->writable, p->n_writable, "rwc") &&
	    (!p->runs_programs || bsd_sandbox_unveil_all(programs, NITEMS(programs), "rx"));
}

static bool
bsd_sandbox_pledge(const struct landlock_paths *p, const struct sandbox_needs *needs)
{
	char text[256];
	struct buf promises;

	buf_init(&promises, text, sizeof(text));
	buf_adds(&promises, ALWAYS);
	if (needs->capture)
		buf_adds(&promises, " bpf inet route");
	if (needs->screen)
		buf_adds(&promises, " tty");
	if (needs->network)
		buf_adds(&promises, " inet dns");
	if (p->runs_programs)
		buf_adds(&promises, " exec");
	return pledge(promises.s, NULL) == 0;
}

bool
bsd_sandbox_enter(
    const struct landlock_paths *p, const struct sandbox_needs *needs, struct buf *err)
{
	if (!bsd_sandbox_unveil(p)) {
		buf_setf(err, "unveil: %s", strerror(errno));
		return false;
	}
	if (!bsd_sandbox_pledge(p, needs)) {
		buf_setf(err, "pledge: %s", strerror(errno));
		return false;
	}
	return true;
}

bool
bsd_sandbox_is_available(void)
{
	return true;
}

#elif defined(HAVE_CAPSICUM_HELPERS_H)

#include <capsicum_helpers.h>
#include <errno.h>
#include <string.h>

bool
bsd_sandbox_enter(
    const struct landlock_paths *p, const struct sandbox_needs *needs, struct buf *err)
{
	(void)p;
	if (needs->screen || caph_limit_stdio() == 0)
		return true;
	buf_setf(err, "Capsicum: %s", strerror(errno));
	return false;
}

bool
bsd_sandbox_is_available(void)
{
	return true;
}

#else

bool
bsd_sandbox_enter(
    const struct landlock_paths *p, const struct sandbox_needs *needs, struct buf *err)
{
	(void)p;
	(void)needs;
	buf_setf(err, "pledge and Capsicum: not available on this system");
	return false;
}

bool
bsd_sandbox_is_available(void)
{
	return false;
}

#endif
