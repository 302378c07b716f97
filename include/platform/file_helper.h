/*
 * A process that keeps the identity of the user who ran pkttop, after pkttop itself has become
 * another one. It opens the files and directories on the command line, performs the operations of
 * platform/file_ops.h in those directories, and nothing else:
 *
 *	- a path must be one of the configuration's, byte for byte;
 *	- a name has no slash, and is neither "." nor "..";
 *	- a subdirectory must belong to the helper's user, and must not be a link.
 *
 * It reads requests from a socket, each with a socket for the reply, so that forked children of
 * pkttop can use it too. It exits when all of them have exited.
 */
#ifndef PLATFORM_FILE_HELPER_H
#define PLATFORM_FILE_HELPER_H

#include <stdbool.h>

#include "platform/file_ops.h"
#include "platform/identity.h"
#include "util/buf.h"

struct file_helper_config {
	const char *const *files; /* readable; so are files in one of the output directories */
	unsigned n_files;
	const char *const *folders; /* writable */
	unsigned n_folders;
	bool (*confine)(void *arg); /* enters a sandbox, false: the helper exits; or NULL */
	void *arg;
};

/* True if pkttop will not be the owner of the files. */
bool file_helper_needed(const struct identity *id);

struct file_helper {
	int fd; /* for requests */
	pid_t pid;
};

/* Starts it; call it before privileges are dropped.  False with one sentence in err. */
bool file_helper_start(struct file_helper *h, const struct identity *id,
    const struct file_helper_config *c, struct buf *err);

/* No more requests: waits until it has exited. */
void file_helper_stop(struct file_helper *h);

/* Sends the request to the helper. */
file_ask_fn file_helper_ask;

#endif
