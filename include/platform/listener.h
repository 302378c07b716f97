/*
 * A listening socket: of an address and a port, of a path (unix:PATH), or handed over by the
 * service manager (systemd:, see sd_listen_fds(3)).
 */
#ifndef PLATFORM_LISTENER_H
#define PLATFORM_LISTENER_H

#include <stdbool.h>
#include <stdint.h>

#include "util/buf.h"

#define LISTENERS     8
#define LISTENER_TEXT 128

struct listener {
	int fd;
	bool is_unix;
	bool is_local; /* only this machine can connect: a loopback address, or a unix socket */
	char path[LISTENER_TEXT]; /* of the unix socket that was made; "": none */
};

/* False with one sentence in err unless text is ADDRESS:PORT, [ADDRESS]:PORT, localhost:PORT,
 * unix:PATH or systemd:. */
bool listener_check(const char *text, struct buf *err);

/*
 * Opens the sockets of that text into l, which has room for max; systemd: may be several. Returns
 * how many; 0 with one sentence in err. A stale unix socket is replaced.
 */
unsigned listener_open(struct listener *l, unsigned max, const char *text, struct buf *err);

/* Also removes the unix socket that was made. */
void listener_close(struct listener *l);

/* A connection, not blocking; -1: none. */
int listener_accept(const struct listener *l);

/* The local address of a connection as text ("127.0.0.1"), "" for a unix socket. */
void listener_local_address(int fd, char *text, uint32_t size);

/* True for a loopback address in digits. */
bool listener_is_loopback(const char *address);

#endif
