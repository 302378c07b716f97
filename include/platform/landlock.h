/*
 * Which files the process can still reach: landlock(7), for good and for its children too.
 *
 * It also hides the descriptors of all processes outside of the domain (/proc/PID/fd), so no owner
 * of a socket can be found.
 */
#ifndef PLATFORM_LANDLOCK_H
#define PLATFORM_LANDLOCK_H

#include <stdbool.h>

#include "util/buf.h"

struct landlock_paths {
	const char *const *readable; /* files, or folders with all below them */
	unsigned n_readable;
	const char *const *writable; /* folders in which files are made, renamed and removed */
	unsigned n_writable;
	bool makes_folders; /* those that do not exist: in what exists above them */
	bool runs_programs; /* programs of the system may be executed */
	bool asks_dns;      /* TCP to port 53 may be connected to, and to no other */
};

/* Paths that do not exist are passed over; what the system itself reads is always readable.  False
 * with one sentence in err. */
bool landlock_enter(const struct landlock_paths *p, struct buf *err);

#endif
