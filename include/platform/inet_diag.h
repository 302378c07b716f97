/*
 * Asks the kernel for the socket of a flow: sock_diag(7), which needs no privileges. Only on Linux;
 * elsewhere nothing is found.
 */
#ifndef PLATFORM_INET_DIAG_H
#define PLATFORM_INET_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/flow.h"

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
