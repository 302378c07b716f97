/*
 * Processes that own sockets.
 */
#ifndef PLATFORM_PROCESS_OWNER_H
#define PLATFORM_PROCESS_OWNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/flow.h"
#include "util/buf.h"

struct owners;

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

/*
 * Asks the kernel for the socket of a flow: sock_diag(7), which needs no privileges. Only on Linux;
 * elsewhere nothing is found.
 */

/* The endpoints of a socket on its own host: TCP or UDP over IPv4 or IPv6. */
struct socket_ends {
	struct addr local, remote; /* all zeros: any */
	uint16_t local_port, remote_port;
	uint8_t kind; /* enum addr_kind */
};

struct socket_owner {
	struct socket_ends ends;
	uint32_t inode; /* as in /proc/PID/fd; 0: no process has the socket any more */
	uint32_t uid;
	bool listens;
};

/* The end a (0) or b (1) of a flow. */
struct socket_ends socket_ends_of(const struct flowkey *k, int end);

/* A netlink socket, or -1 with errno. */
int inet_diag_open(void);

/*
 * The socket of that end of a TCP (6) or UDP (17) flow. The kernel answers immediately. False if
 * there is none, or the match is not certain: a listening socket does not count. A link-local IPv6
 * address is never found, because the request would have to name its interface.
 */
bool inet_diag_find(
    int fd, uint16_t proto, const struct socket_ends *ends, struct socket_owner *found);

/* Parses the kernel's reply of n bytes. False if it is not a reply, or damaged. */
bool inet_diag_answer(const void *bytes, size_t n, uint32_t sequence, struct socket_owner *found);

/* True if a socket with the endpoints s receives everything that is sent to the flow's end e. */
bool inet_diag_match(const struct socket_ends *s, const struct socket_ends *e, bool connected);

#endif
