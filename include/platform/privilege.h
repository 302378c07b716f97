/*
 * Giving up what is no longer needed once the sources are open.
 *
 * Under sudo: become the user who ran it.  With -Z: that user.  From a set-user-ID
 * file: who ran it.  Started by root itself: keep uid 0 and give up all capabilities but those
 * needed later.  With file capabilities: drop them.  Always no_new_privs where the system has
 * it, and no supplementary groups for whom the identity changes.
 */
#ifndef PLATFORM_PRIVILEGE_H
#define PLATFORM_PRIVILEGE_H

#include <stdbool.h>

#include "util/buf.h"

struct privilege {
	const char *user; /* -Z, or NULL */
	bool recapture;   /* CAP_NET_RAW stays, to open an interface again that comes back */
	bool processes;   /* CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH stay, to see whose sockets
			     those of other users' processes are */
};

/*
 * Call once, before the first thread.  False with one sentence in err: then nothing must be read
 * from outside, and some privileges may be gone already.  Without libcap-ng recapture and processes
 * are in vain where the user changes.
 */
bool privilege_drop(const struct privilege *p, struct buf *err);

/* True when the process has what it takes to see the descriptors of all others. */
bool privilege_sees_processes(void);

/* "libcap-ng", or "setuid only": for --version. */
const char *privilege_means(void);

#endif
