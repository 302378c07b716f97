/*
 * Drops privileges that are not needed after the interfaces are open.
 *
 * The process becomes the identity that platform/identity.h chose, without supplementary groups if
 * that is another user. It keeps only the capabilities for the given needs, as far as it has them.
 * It sets no_new_privs if the system supports it.
 */
#ifndef PLATFORM_PRIVILEGE_H
#define PLATFORM_PRIVILEGE_H

#include <stdbool.h>

#include "platform/identity.h"
#include "util/buf.h"

enum privilege_need {                 /* reasons to keep capabilities: capabilities(7) */
	PRIVILEGE_CAPTURE = 1 << 0,   /* CAP_NET_RAW: to reopen an interface */
	PRIVILEGE_PROCESSES = 1 << 1, /* CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH: to see which
					 process of another user owns a socket */
	PRIVILEGE_FILES = 1 << 2,     /* CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH: to open files
					 as root does; see platform/file_helper.h */
};

/*
 * Call it once, before the first thread is created. False with one sentence in err: then read no
 * external input; some privileges may already be dropped.
 */
bool privilege_drop(const struct identity *id, unsigned needs, struct buf *err);

/* For a forked child: drops all remaining capabilities. */
void privilege_drop_all(void);

/* True if the process can see the descriptors of all other processes. */
bool privilege_sees_processes(void);

/* "libcap-ng", or "system calls": for --version. */
const char *privilege_means(void);

#endif
