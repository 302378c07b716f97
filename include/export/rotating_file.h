/*
 * A file to which records are appended for as long as the program runs.
 *
 * It is always created, never an existing file. A piece of whole records is written completely or
 * not at all: if the disk is full, a partial piece is truncated. If another process has removed the
 * file, it is created again. If another process has renamed it, it keeps that name and a new file
 * is created.
 *
 * At its maximum size or age it is renamed: "log.csv" becomes "log-1.csv", the next one
 * "log-2.csv"; the oldest ones beyond the number to keep are removed. Files of other runs are never
 * changed. If the file cannot be renamed, it continues to grow, and `stuck` has the reason. Records
 * are always appended: if another process has copied and truncated the file, it begins with the
 * head again.
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
	unsigned keep;  /* rotated files to keep, at most ROTATING_FILE_KEEP; 0: all */
};

struct rotating_file {
	struct file_rotation rotation;
	const void *head, *tail; /* start and end of each file, borrowed */
	size_t head_size, tail_size;
	char path[ROTATING_FILE_PATH];
	char dir[ROTATING_FILE_PATH]; /* path before the name; "": the current directory */
	const char *name;             /* part after the last slash */
	struct safe_dir safe_dir;     /* closed: standard output */
	int fd;                       /* -1: not open */
	bool is_stdout;
	uint64_t size;       /* bytes of whole records, and of the head */
	uint64_t opened_at;  /* ns, monotonic */
	uint64_t checked_at; /* last check that the file still exists */
	uint64_t dev, ino;
	int rotate_error;                  /* errno if a due rotation failed, else 0 */
	uint64_t rotate_at;                /* then: next attempt, ns, monotonic */
	unsigned number;                   /* of the file that was renamed last */
	unsigned made[ROTATING_FILE_KEEP]; /* the last numbers used, as a ring */
	uint64_t n_made;
};

/*
 * Creates path ("-" is standard output) and writes the head. False with one sentence in err that
 * names it.
 */
bool rotating_file_open(struct rotating_file *o, const char *path, const struct file_rotation *r,
    const void *head, size_t head_size, uint64_t monotonic, struct buf *err);

/*
 * Appends n bytes, whole records, in one write(2) if possible. Returns 0 or errno; on error nothing
 * of them is in the file, and it may be retried.
 */
int rotating_file_write(struct rotating_file *o, const void *bytes, size_t n, uint64_t monotonic);

/* Starts the next file if it is due, even without data. Returns 0 or errno. */
int rotating_file_poll(struct rotating_file *o, uint64_t monotonic);

/* True if the file was removed with records that were written since the last check. */
bool rotating_file_is_gone(struct rotating_file *o, uint64_t monotonic);

/* Closes it in this process: another process continues to write it. */
void rotating_file_abandon(struct rotating_file *o);

/* Syncs and closes it. Returns 0 or errno. */
int rotating_file_close(struct rotating_file *o);

#endif
