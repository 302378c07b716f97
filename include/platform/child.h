/*
 * A forked child for slow work in parallel to the loop. It gets no keys, runs none of the parent's
 * signal handlers, and has the parent's other descriptors closed.
 */
#ifndef PLATFORM_CHILD_H
#define PLATFORM_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

enum child_kind {
	CHILD_COUNTS, /* it has a copy of the tables */
	CHILD_ALONE,  /* large memory (util/alloc.h) is not mapped: it may free it, but not read it
		       */
};

/*
 * fork(2). The child has its own session, default signal handlers except for PIPE and XFSZ, which
 * are ignored, no handler for its exit, and no capabilities.
 */
pid_t child_fork(enum child_kind kind);

/*
 * Closes all descriptors in the child except the file helper's and the n in fds, which get new
 * numbers: none that was in use before the fork. Standard input, output and error are /dev/null.
 * False on failure.
 */
bool child_keep(int *fds, unsigned n);

/* Waits for its exit, and returns its status; 0 if unknown. */
int child_reap(pid_t pid);

/* The same without waiting; false if it has not exited. */
bool child_reap_ended(pid_t pid, int *status);

#endif
