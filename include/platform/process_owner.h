/*
 * Finds the process that owns the socket of a flow on this machine.
 *
 *	o = owners_new();
 *	known = owners_find(o, &flow->key, &text);	microseconds
 *	while (owners_busy(o))
 *		owners_step(o);				a few ms each, the rest later
 *	known = owners_find(o, &flow->key, &text);	"curl[1234]"
 *	owners_del(o);
 *
 * The kernel returns the user and the inode of a socket immediately. The process is found by a walk
 * through /proc, in steps with pauses in between. Results are cached in a table of fixed size.
 */
#ifndef PLATFORM_PROCESS_OWNER_H
#define PLATFORM_PROCESS_OWNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"

struct flowkey;
struct owners;

enum owner_known { OWNER_UNKNOWN, OWNER_UID, OWNER_PROCESS };

/* NULL if the system does not support it. */
struct owners *owners_new(void);
void owners_del(struct owners *o); /* NULL does nothing */

/*
 * The known owners of a flow's local ends: "curl[1234]", "uid 1000" if the process was not found
 * (yet, or because it is another user's), "curl[1234]/nginx[77]" if both ends are local. A flow
 * without a known process may be asked for again.
 */
enum owner_known owners_find(struct owners *o, const struct flowkey *k, struct buf *text);

/* True if a walk has sockets to find and is not paused. */
bool owners_busy(const struct owners *o);

/* Walks for 2 to 5 ms. True if it has completed a walk. */
bool owners_step(struct owners *o);

/* Ends the pause: the next walk starts when it is needed. */
void owners_finish_walk(struct owners *o);

/* Parses a link in /proc/PID/fd: false if it is not a socket. */
bool owners_link(const char *target, size_t n, uint32_t *inode);

/* Formats a process: the content of /proc/PID/comm (n bytes, not sanitised), and its PID. */
void owners_process(struct buf *b, const char *comm, size_t n, int pid);

#endif
