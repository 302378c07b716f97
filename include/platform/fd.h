/*
 * Reading and writing a descriptor: system calls that a signal interrupted are repeated.
 */
#ifndef PLATFORM_FD_H
#define PLATFORM_FD_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* read(2). */
ssize_t fd_read(int fd, void *bytes, size_t n);

/* Writes all n bytes.  Returns 0, or errno; *done, unless it is NULL, is how many were written. */
int fd_write_all(int fd, const void *bytes, size_t n, size_t *done);

/*
 * poll(2), which is not repeated.  If it fails it takes 5 ms, so that a caller who tries again does
 * not spin, however often it fails.
 */
int fd_poll(struct pollfd *fds, nfds_t n, int ms);

/* 1: there is something to read, or the end; 0: not yet; -1 with errno. */
int fd_can_read(int fd);

/* True if it is a regular file, which can be read at any offset and again. */
bool fd_is_regular(int fd);

#endif
