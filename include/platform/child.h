/*
 * A forked child for slow work in parallel to the loop. It gets no keys, runs none of the parent's
 * signal handlers, and has the parent's other descriptors closed.
 */
#ifndef PLATFORM_CHILD_H
#define PLATFORM_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

struct buf;

enum child_kind {
	CHILD_COUNTS, /* it has a copy of the tables */
	CHILD_ALONE,  /* large memory (util/alloc.h) is not mapped: it may free it, but not read it
		       */
	CHILD_PRIVILEGED, /* the same, and it has to drop capabilities itself */
};

/*
 * fork(2). The child has its own session, default signal handlers except for PIPE and XFSZ, which
 * are ignored, no handler for its exit, and no capabilities (but see CHILD_PRIVILEGED).
 */
pid_t child_fork(enum child_kind kind);

/*
 * Closes all descriptors in the child except the file helper's and the n in fds, which get new
 * numbers: none that was in use before the fork. Standard input, output and error are /dev/null.
 * False on failure.
 */
bool child_keep(int *fds, unsigned n);

/* In the child: it is killed after CHILD_CPU_SECONDS of processor time, because some libraries spin
 * if they get no memory. */
#define CHILD_CPU_SECONDS 120
void child_limit_cpu(void);

/* Appends "was killed by signal 9", or that it was killed by its limit. */
void child_add_signal(struct buf *b, int signo);

/* Waits for its exit, and returns its status; 0 if unknown. */
int child_reap(pid_t pid);

/* The same without waiting; false if it has not exited. */
bool child_reap_ended(pid_t pid, int *status);

#endif
