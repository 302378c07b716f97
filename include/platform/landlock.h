/*
 * Restricts which files this process and its children can access: landlock(7), irreversibly.
 *
 * It also hides the descriptors (/proc/PID/fd) of all processes outside of the domain, so owners of
 * sockets cannot be found.
 */
#ifndef PLATFORM_LANDLOCK_H
#define PLATFORM_LANDLOCK_H

#include <stdbool.h>

#include "util/buf.h"

struct landlock_paths {
	const char *const *readable; /* files, or directories with everything below them */
	unsigned n_readable;
	const char *const
	    *writable; /* directories in which files are created, renamed and removed */
	unsigned n_writable;
	bool makes_folders; /* creates missing directories: allows it in the nearest parent */
	bool runs_programs; /* system programs may be executed */
	bool asks_dns;      /* TCP connections to port 53 only */
};

/* Skips paths that do not exist; files that system libraries read are always readable. False
 * with one sentence in err. */
bool landlock_enter(const struct landlock_paths *p, struct buf *err);

#endif
