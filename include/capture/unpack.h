/*
 * Reads a compressed capture through a child that runs gzip or another decompressor: without a
 * shell, with the few privileges that child_fork() keeps, and killed if this process ends.
 *
 *	u = unpack_start(&config, &fd, err);
 *	read(fd, ...) to its end		the decompressed bytes; fd belongs to the caller
 *	unpack_finish(u, err);			checks that they are complete
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
	const char *command; /* "gzip -dc": the program and one argument */
	int fd;              /* the compressed file; unpack_del() closes it */
	bool regular;
	const uint8_t *head; /* of a pipe: bytes that were read already */
	size_t n_head;
};

/* NULL with one sentence in err; then config->fd still belongs to the caller. */
struct unpack *unpack_start(const struct unpack_config *c, int *fd, struct buf *err);

/* Call it from time to time: reaps the children that have ended. */
void unpack_poll(struct unpack *u);

/* Call it after the last byte: false with one sentence in err if the program failed or is
 * missing. */
bool unpack_finish(struct unpack *u, struct buf *err);

/* Progress in the compressed file, bytes; both 0 if unknown. */
void unpack_progress(const struct unpack *u, uint64_t *done, uint64_t *all);

/* Ends it. */
void unpack_del(struct unpack *u);

#endif
