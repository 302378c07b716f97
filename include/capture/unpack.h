/*
 * Reads a compressed capture through a child that runs gzip or its like: without a shell, with no
 * more privileges than child_fork() leaves, and killed if this process ends.
 *
 *	u = unpack_start(&config, &fd, err);
 *	read(fd, ...) to its end		the bytes that were packed; fd is the caller's
 *	unpack_finish(u, err);			whether that was all of them
 *	unpack_del(u);
 *
 * Private to src/capture/.
 */
#ifndef CAPTURE_UNPACK_H
#define CAPTURE_UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"

struct unpack;

struct unpack_config {
	const char *command; /* "gzip -dc": the program, and its one argument */
	int fd;              /* what it unpacks; unpack_del() closes it */
	bool regular;
	const uint8_t *head; /* of what is not regular: bytes that were read already */
	size_t n_head;
};

/* NULL with one sentence in err; then config->fd stays the caller's. */
struct unpack *unpack_start(const struct unpack_config *c, int *fd, struct buf *err);

/* Call it now and then: reaps the children that have ended. */
void unpack_poll(struct unpack *u);

/* Once all was read: false with one sentence in err when the program failed, or is not there. */
bool unpack_finish(struct unpack *u, struct buf *err);

/* How much of the packed file was read; both 0 if that is not known. */
void unpack_progress(const struct unpack *u, uint64_t *done, uint64_t *all);

/* Ends it. */
void unpack_del(struct unpack *u);

#endif
