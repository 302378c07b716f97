/*
 * Reading and writing a descriptor: system calls that a signal interrupted are repeated.
 */
#ifndef PLATFORM_FD_H
#define PLATFORM_FD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* read(2). */
ssize_t fd_read(int fd, void *bytes, size_t n);

/* Writes all n bytes.  Returns 0, or errno; *done, unless it is NULL, is how many were written. */
int fd_write_all(int fd, const void *bytes, size_t n, size_t *done);

/* True if it is a regular file, which can be read at any offset and again. */
bool fd_is_regular(int fd);

#endif
