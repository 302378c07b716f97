/*
 * A service: messages to its manager (sd_notify(3), sd-daemon(3)), its PID file, and the sockets
 * that it listens on.
 */
#ifndef PLATFORM_SERVICE_H
#define PLATFORM_SERVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "util/attr.h"
#include "util/buf.h"

/* Before the sandbox: finds the manager, and where log lines go. */
void service_open(void);

/* "READY=1", "STOPPING=1": nothing without a manager. */
void service_notify(const char *state);
void service_notify_reloading(uint64_t monotonic);

enum service_priority { SERVICE_ERROR = 3, SERVICE_WARNING = 4, SERVICE_INFO = 6 };

/* A line on standard error; if that is the journal, with its priority. */
void service_log(enum service_priority priority, const char *fmt, ...) ATTR_PRINTF(2, 3);

/* Writes the process ID into a new file, or into one that only has such a number. False with one
 * sentence in err. */
bool service_write_pid(const char *path, struct buf *err);

/*
 * A listening socket: of an address and a port, of a path (unix:PATH), or handed over by the
 * service manager (systemd:, see sd_listen_fds(3)).
 */

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
