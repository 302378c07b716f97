/*
 * Descriptors and named files.
 */
#ifndef PLATFORM_FILE_OPS_H
#define PLATFORM_FILE_OPS_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Reads and writes descriptors: system calls that a signal interrupted are repeated.
 */

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

/* Sends a message through a local socket, and another descriptor with it unless it is -1: unix(7).
 */
bool fd_send(int socket, const void *bytes, size_t size, int fd);

/* The received size, 0 at the end, -1 with errno; *fd is -1 if no descriptor came with it. */
ssize_t fd_receive(int socket, void *bytes, size_t size, int *fd);

/*
 * Opens, creates, renames and removes the files on the command line as the user who ran pkttop: in
 * this process as long as it is still that user, else through a helper process
 * (platform/privilege.h).
 *
 * Only FILE_REPLACE replaces a file that exists. Only FILE_OPEN, FILE_LOOK, FILE_FOLDER and
 * FILE_STAT follow a link in the last part of a name.
 */

#define FILE_PATH_MAX 4096      /* bytes of a path, with its NUL */
#define FILE_SNAPSHOT "pkttop-" /* the names of snapshots begin so */
#define FILE_NAME_MAX 256       /* of a name in a directory */

enum file_op {        /* those after FILE_MAKE have a name in a directory */
	FILE_OPEN,    /* path, for reading: a descriptor */
	FILE_LOOK,    /* the same, but does not wait for a FIFO's writer */
	FILE_FOLDER,  /* the directory path itself: a descriptor */
	FILE_MAKE,    /* the directory path and its parents, mode 0700; EEXIST if it exists */
	FILE_CREATE,  /* name, mode 0600, for writing: a descriptor */
	FILE_MKDIR,   /* the directory name, mode 0700: a descriptor */
	FILE_RENAME,  /* name becomes to; EEXIST if that exists */
	FILE_REPLACE, /* name becomes to, which may exist */
	FILE_UNLINK,  /* the file name */
	FILE_RMDIR,   /* the empty directory name */
	FILE_READ,    /* name in sub, which is a snapshot, or in path, which may be read */
	FILE_STAT,    /* device and inode of name */
	FILE_OPS,
};

struct file_request {
	uint8_t op;               /* enum file_op */
	char path[FILE_PATH_MAX]; /* FILE_OPEN, FILE_LOOK: the file; else the directory */
	char sub[FILE_NAME_MAX];  /* a subdirectory that holds name; "": path does */
	char name[FILE_NAME_MAX], to[FILE_NAME_MAX];
};

struct file_reply {
	int error; /* errno; 0: success */
	int fd;    /* of operations that open; else -1. The caller closes it. */
	uint64_t dev, ino;
};

/* Performs the operation, here (in dirfd) or through the helper (in r->path and r->sub). False
 * with errno, which is in the reply too. */
bool file_ops_do(int dirfd, const struct file_request *r, struct file_reply *reply);

/* Opens a file for reading; -1 with errno. */
int file_ops_open(const char *path);

/* The same, without waiting for the writer of a FIFO. */
int file_ops_open_dir(const char *path);

/* The same for a name in a directory, which may not be a link. */
int file_ops_open_in(const char *folder, const char *name);

/* Creates a directory and its parents. False with errno: EEXIST if it exists. */
bool file_ops_make_dir(const char *folder);

/* The text of errno: strerror(3); for a permission error also the user, since root has become
 * another one when files are written. Valid until the next call. */
const char *file_ops_error(int error);

/* Performs the operation in this process. dirfd: the directory that holds r->name. */
void file_ops_perform(int dirfd, const struct file_request *r, struct file_reply *reply);

typedef void file_ask_fn(int helper, const struct file_request *r, struct file_reply *reply);

/* From now on ask() sends operations to the process behind the descriptor helper. */
void file_ops_set_helper(file_ask_fn *ask, int helper);

/* That descriptor, which forked children must keep; -1: no helper. */
int file_ops_helper(void);

#endif
