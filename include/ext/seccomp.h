/*
 * Which system calls the process can still make: a filter of seccomp(2), by libseccomp.
 *
 * A call that is not in the table fails with ENOSYS, so that the C library falls back to an older
 * one.  Forked children inherit the filter.
 */
#ifndef EXT_SECCOMP_H
#define EXT_SECCOMP_H

#include <stdbool.h>

#include "util/buf.h"

enum seccomp_need {               /* what a way of running needs besides what all need */
	SECCOMP_CAPTURE = 1 << 0, /* to open an interface again */
	SECCOMP_SCREEN = 1 << 1,  /* a terminal */
	SECCOMP_RESOLVE = 1 << 2, /* to ask name servers */
	SECCOMP_UNPACK = 1 << 3,  /* to run the program that unpacks a compressed file */
	SECCOMP_LIST = 1 << 4,    /* sockets that own a connection: sock_diag(7) */
};

/* For good.  False with one sentence in err. */
bool seccomp_enter(unsigned needs, struct buf *err);

/* False if it was built without libseccomp. */
bool seccomp_is_available(void);

#endif
