/*
 * A forked child that is to do slow work beside the loop: no key reaches it, no
 * handler of the parent's runs in it, and what is not its own is closed.
 */
#ifndef PLATFORM_CHILD_H
#define PLATFORM_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

enum child_kind {
	CHILD_COUNTS, /* it has the tables as they are now */
	CHILD_ALONE,  /* it may free what is large (util/pages.h), but not read it: it has none */
};

/*
 * fork(2).  The child is in a session of its own, has the default signals but for PIPE and XFSZ,
 * which are ignored, no hook for its death, and no capability.
 */
pid_t child_fork(enum child_kind kind);

/*
 * Of all descriptors leaves the child the file helper's and those n, under other numbers, which
 * come into fds: no number that anything held before the fork is theirs.  Standard input, output
 * and error are /dev/null. False when it cannot.
 */
bool child_keep(int *fds, unsigned n);

/* Waits for its end, and returns its status, 0 where there is none to be had. */
int child_reap(pid_t pid);

/* The same if it has ended already; else false. */
bool child_reap_ended(pid_t pid, int *status);

#endif
