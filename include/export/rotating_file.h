/*
 * A file that grows record by record, for as long as the program runs.
 *
 * It is created anew, never opened.  A piece of whole records is written as a
 * whole or not at all: what a full disk left of one is cut off again.  A file
 * that somebody removed is made anew; one that was renamed is left to whoever
 * did it, and begun anew.
 *
 * When it is as large or as old as it may become, it is renamed: "log.csv" becomes
 * "log-1.csv", the next one "log-2.csv", and the oldest ones that are not to be kept are
 * removed.  No file that was there before is ever touched.  One that cannot be renamed grows on,
 * and `stuck` says why.  Records go to its end, wherever that is: one that somebody else has copied
 * and cut off begins with its head again.
 */
#ifndef EXPORT_ROTATING_FILE_H
#define EXPORT_ROTATING_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "export/safe_dir.h"
#include "util/buf.h"

#define ROTATING_FILE_PATH 1024
#define ROTATING_FILE_KEEP 1000

#define ROTATING_FILE_RETRY UINT64_C(30000000000) /* ns after a failure */

struct file_rotation {
	uint64_t bytes; /* 0: never by size */
	uint64_t ns;    /* 0: never by time */
	unsigned keep;  /* files beside the one being written, at most ROTATING_FILE_KEEP; 0: all */
};

struct rotating_file {
	struct file_rotation rotation;
	const void *head, *tail; /* what each file begins and ends with, lent */
	size_t head_size, tail_size;
	char path[ROTATING_FILE_PATH];
	char dir[ROTATING_FILE_PATH]; /* before it; "": the current folder */
	const char *name;             /* behind the last slash */
	struct safe_dir safe_dir;     /* closed: standard output */
	int fd;                       /* -1: not open */
	bool is_stdout;
	uint64_t size;       /* bytes of whole records, and of the head */
	uint64_t opened_at;  /* ns, monotonic */
	uint64_t checked_at; /* when it was last seen that it is still there */
	uint64_t dev, ino;
	int rotate_error;   /* errno of why it could not be rotated when it was due, 0: it could */
	uint64_t rotate_at; /* then: not tried again before, ns, monotonic */
	unsigned number;    /* of the file that was renamed last */
	unsigned made[ROTATING_FILE_KEEP]; /* the last numbers given, as a ring */
	uint64_t n_made;
};

/*
 * Creates path, "-" is standard output, and writes the head.  False with one sentence in err
 * that names it.
 */
bool rotating_file_open(struct rotating_file *o, const char *path, const struct file_rotation *r,
    const void *head, size_t head_size, uint64_t monotonic, struct buf *err);

/*
 * Appends n bytes, whole records, in one write(2) where the system takes them so.  0, or errno:
 * then nothing of them is there, and it may be tried again.
 */
int rotating_file_write(struct rotating_file *o, const void *bytes, size_t n, uint64_t monotonic);

/* Begins the next file if it is time, though nothing is to be written.  0 or errno. */
int rotating_file_poll(struct rotating_file *o, uint64_t monotonic);

/* True when the file has gone and what was written since the last look with it. */
bool rotating_file_is_gone(struct rotating_file *o, uint64_t monotonic);

/* Closes it here: another process goes on with it. */
void rotating_file_abandon(struct rotating_file *o);

/* Brings it to the disk.  0 or errno. */
int rotating_file_close(struct rotating_file *o);

#endif
