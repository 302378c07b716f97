/*
 * Opens, makes, renames and removes the files that the command line names, as the user who ran
 * pkttop: in this process as long as it is still that user, else through a helper process
 * (platform/file_helper.h).
 *
 * Nothing here replaces a file that exists, except FILE_REPLACE, or follows a link in the last
 * part of a name, except FILE_OPEN, FILE_LOOK, FILE_FOLDER and FILE_STAT.
 */
#ifndef PLATFORM_FILE_OPS_H
#define PLATFORM_FILE_OPS_H

#include <stdbool.h>
#include <stdint.h>

#define FILE_PATH_MAX 4096 /* bytes of a path, with its NUL */
#define FILE_NAME_MAX 256  /* of a name in a folder */

enum file_op {        /* those behind FILE_MAKE are about a name in a folder */
	FILE_OPEN,    /* path, to be read: a descriptor */
	FILE_LOOK,    /* the same, without waiting for the other end of a pipe */
	FILE_FOLDER,  /* the folder path itself: a descriptor */
	FILE_MAKE,    /* the folder path, with those above it, mode 0700; EEXIST if it is there */
	FILE_CREATE,  /* name, mode 0600, to be written: a descriptor */
	FILE_MKDIR,   /* the folder name, mode 0700: a descriptor */
	FILE_RENAME,  /* name becomes to; EEXIST if that is taken */
	FILE_REPLACE, /* name becomes to, whether or not that is taken */
	FILE_UNLINK,  /* the file name */
	FILE_RMDIR,   /* the empty folder name */
	FILE_STAT,    /* device and inode of name */
	FILE_OPS,
};

struct file_request {
	uint8_t op;               /* enum file_op */
	char path[FILE_PATH_MAX]; /* FILE_OPEN, FILE_LOOK: the file; else the folder */
	char sub[FILE_NAME_MAX];  /* a folder in it that holds name; "": path does */
	char name[FILE_NAME_MAX], to[FILE_NAME_MAX];
};

struct file_reply {
	int error; /* errno; 0: done */
	int fd;    /* of operations that open; else -1.  The caller closes it. */
	uint64_t dev, ino;
};

/* Does it, here (in dirfd) or through the helper (in r->path and r->sub).  False with errno, which
 * is in the reply too. */
bool file_ops_do(int dirfd, const struct file_request *r, struct file_reply *reply);

/* A file to be read; -1 with errno. */
int file_ops_open(const char *path);

/* The same without waiting for the other end of a pipe. */
int file_ops_open_dir(const char *path);

/* Makes a folder, with those above it.  False with errno: EEXIST if it is there already. */
bool file_ops_make_dir(const char *folder);

/* What errno means here: strerror(3), and of what a user may not, which user that is: by the time
 * that files are written root has become another.  It holds until the next call. */
const char *file_ops_error(int error);

/* Does it in this process.  dirfd: the folder that holds r->name. */
void file_ops_perform(int dirfd, const struct file_request *r, struct file_reply *reply);

typedef void file_ask_fn(int helper, const struct file_request *r, struct file_reply *reply);

/* From now on ask() has things done by the process behind the descriptor helper. */
void file_ops_set_helper(file_ask_fn *ask, int helper);

/* That descriptor, which forked children have to keep; -1: there is no helper. */
int file_ops_helper(void);

#endif
