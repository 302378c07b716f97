/*
 * Restricts the system calls of the process: a seccomp(2) filter by libseccomp.
 *
 * A call that is not in the table fails with ENOSYS, so that the C library falls back to an older
 * one. Forked children inherit the filter.
 */
#ifndef EXT_SECCOMP_H
#define EXT_SECCOMP_H

#include <stdbool.h>

#include "util/buf.h"

enum seccomp_need {                /* optional calls, beyond those that are always needed */
	SECCOMP_CAPTURE = 1 << 0,  /* to reopen an interface */
	SECCOMP_SCREEN = 1 << 1,   /* a terminal */
	SECCOMP_RESOLVE = 1 << 2,  /* to query name servers */
	SECCOMP_UNPACK = 1 << 3,   /* to run a decompressor */
	SECCOMP_OWNERS = 1 << 4,   /* to find owners of sockets, in network namespaces too */
	SECCOMP_CONNECT = 1 << 5,  /* to connect again to a collector */
	SECCOMP_SERVE = 1 << 6,    /* to answer HTTP requests on open sockets */
	SECCOMP_HTTP = 1 << 7,     /* what else libcurl needs */
	SECCOMP_DATABASE = 1 << 8, /* to write a recording */
	SECCOMP_PACKETS = 1 << 9,  /* to open packet sockets */
	SECCOMP_ANSWER = 1 << 10,  /* to open them for another process */
};

/*
 * Irreversible. False with one sentence in err.
 *
 * listener: NULL, or calls for packet sockets are suspended until the process that reads *listener
 * answers them: seccomp_unotify(2). *listener is open on success, and the caller's to close.
 */
bool seccomp_enter(unsigned needs, int *listener, struct buf *err);

/* True if a listener is possible. */
bool seccomp_can_listen(void);

/* False if it was built without libseccomp. */
bool seccomp_is_available(void);

#endif
