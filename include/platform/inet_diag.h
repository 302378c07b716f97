/*
 * Asking the kernel for the socket that a flow belongs to: sock_diag(7), which tells anybody.
 * Only Linux has it; elsewhere nothing is ever found.
 */
#ifndef PLATFORM_INET_DIAG_H
#define PLATFORM_INET_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/flow.h"

/* One end of a flow as its own machine sees it: TCP or UDP over IPv4 or IPv6. */
struct socket_ends {
	struct addr local, remote; /* all zeros: any */
	uint16_t local_port, remote_port;
	uint8_t kind; /* enum addr_kind */
};

struct socket_owner {
	struct socket_ends ends;
	uint32_t inode; /* of the socket in /proc/PID/fd; 0: no process has it any more */
	uint32_t uid;
	bool listens;
};

/* The end a (0) or b (1) of a flow. */
struct socket_ends socket_ends_of(const struct flowkey *k, int end);

/* A descriptor to ask with, or -1 with errno. */
int inet_diag_open(void);

/*
 * The socket of that end of a TCP (6) or UDP (17) flow.  The kernel answers at once.  False when
 * there is none, or none that is surely this one: what only listens is not.  A link-local IPv6
 * address is never found: the question would have to name its interface.
 */
bool inet_diag_find(
    int fd, uint16_t proto, const struct socket_ends *ends, struct socket_owner *found);

/* Reads what the kernel sent, n bytes.  False when it is no answer, or a damaged one. */
bool inet_diag_answer(const void *bytes, size_t n, uint32_t sequence, struct socket_owner *found);

/* True when a socket with the ends s has all that is sent to the flow's end e. */
bool inet_diag_match(const struct socket_ends *s, const struct socket_ends *e, bool connected);

#endif
