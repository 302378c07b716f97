/*
 * A process that stays the user who ran pkttop, after pkttop itself has become another one.  It
 * opens the files and folders that the command line names, and does in those folders what
 * platform/file_ops.h lists, and nothing else:
 *
 *	- a path must be one of the configuration's, byte for byte;
 *	- a name has no slash, and is neither "." nor "..";
 *	- a folder in a folder must belong to the helper's own user, and is no link.
 *
 * It reads requests from a socket, each with a socket for the reply, so that forked children of
 * pkttop can ask as well.  It ends when all of them have ended.
 */
#ifndef PLATFORM_FILE_HELPER_H
#define PLATFORM_FILE_HELPER_H

#include <stdbool.h>

#include "platform/file_ops.h"
#include "platform/identity.h"
#include "util/buf.h"

struct file_helper_config {
	const char *const *files; /* that may be read; those below one of folders may, too */
	unsigned n_files;
	const char *const *folders; /* that may be written to */
	unsigned n_folders;
	bool (*confine)(void *arg); /* enters a sandbox, false: it ends; or NULL */
	void *arg;
};

/* True if files have another owner than the process will have. */
bool file_helper_needed(const struct identity *id);

struct file_helper {
	int fd; /* to ask through */
	pid_t pid;
};

/* Starts it; call it before privileges are dropped.  False with one sentence in err. */
bool file_helper_start(struct file_helper *h, const struct identity *id,
    const struct file_helper_config *c, struct buf *err);

/* Nobody asks any more: waits until it has ended. */
void file_helper_stop(struct file_helper *h);

/* Has the helper do it. */
file_ask_fn file_helper_ask;

#endif
