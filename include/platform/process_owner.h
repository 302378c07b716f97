/*
 * Which process has the socket of a flow, on this machine, now.
 *
 *	o = owners_new();
 *	known = owners_find(o, &flow->key, &text);	microseconds
 *	while (owners_busy(o))
 *		owners_step(o);				a few ms each, the rest later
 *	known = owners_find(o, &flow->key, &text);	"curl[1234]"
 *	owners_del(o);
 *
 * The kernel tells the user and the inode of a socket at once.  The process is found by a walk
 * through /proc, which goes in steps and rests in between; what was found is kept in a table of
 * a fixed size.
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

/* NULL where the system cannot tell. */
struct owners *owners_new(void);
void owners_del(struct owners *o); /* NULL does nothing */

/*
 * What is known of a flow's ends that are this machine's: "curl[1234]", "uid 1000" where the
 * process was not found (yet, or as it is another user's), "curl[1234]/nginx[77]" where two of
 * this machine have its ends.  What is not known as a process may be asked again.
 */
enum owner_known owners_find(struct owners *o, const struct flowkey *k, struct buf *text);

/* True while there is something to walk for and no time to rest. */
bool owners_busy(const struct owners *o);

/* Walks on for 2 to 5 ms.  True when a walk has come to its end. */
bool owners_step(struct owners *o);

/* Forgets the rest: the next walk begins when it is wanted. */
void owners_finish_walk(struct owners *o);

/* What a link in /proc/PID/fd says: false when it is no socket. */
bool owners_link(const char *target, size_t n, uint32_t *inode);

/* A process: what /proc/PID/comm holds (n bytes, foreign text), and its number. */
void owners_process(struct buf *b, const char *comm, size_t n, int pid);

#endif
