/*
 * Giving up what is no longer needed once the interfaces are open.
 *
 * The process becomes the identity that platform/identity.h chose, without supplementary groups
 * if that is another user.  It keeps the capabilities of the needs named, as far as it has them,
 * and no others.  no_new_privs is set where the system has it.
 */
#ifndef PLATFORM_PRIVILEGE_H
#define PLATFORM_PRIVILEGE_H

#include <stdbool.h>

#include "platform/identity.h"
#include "util/buf.h"

enum privilege_need {                 /* what capabilities are kept for: capabilities(7) */
	PRIVILEGE_CAPTURE = 1 << 0,   /* CAP_NET_RAW: to open an interface that comes back */
	PRIVILEGE_PROCESSES = 1 << 1, /* CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH: to see which
					 process of another user owns a socket */
	PRIVILEGE_FILES = 1 << 2,     /* CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH: to open files
					 as root does; see platform/file_helper.h */
};

/*
 * Call once, before the first thread.  False with one sentence in err: then nothing must be read
 * from outside, and some privileges may be gone already.
 */
bool privilege_drop(const struct identity *id, unsigned needs, struct buf *err);

/* For a forked child: gives up all capabilities that are left. */
void privilege_drop_all(void);

/* True if the process can see the descriptors of all others. */
bool privilege_sees_processes(void);

/* "libcap-ng", or "system calls": for --version. */
const char *privilege_means(void);

#endif
