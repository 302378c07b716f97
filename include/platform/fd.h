/*
 * Reads and writes descriptors: system calls that a signal interrupted are repeated.
 */
#ifndef PLATFORM_FD_H
#define PLATFORM_FD_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* read(2). */
ssize_t fd_read(int fd, void *bytes, size_t n);

/* Writes all n bytes. Returns 0 or errno; *done, unless it is NULL, is the number of bytes
 * written. */
int fd_write_all(int fd, const void *bytes, size_t n, size_t *done);

/*
 * poll(2), not repeated. If it fails it takes 5 ms, so that a caller that retries does not spin.
 */
int fd_poll(struct pollfd *fds, nfds_t n, int ms);

/* 1: readable, or at its end; 0: not yet; -1 with errno. */
int fd_can_read(int fd);

/* True for a regular file, which can be read twice and at any offset. */
bool fd_is_regular(int fd);

#endif
