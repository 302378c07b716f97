/*
 * Files that are written: in a safe directory, rotated, or standard output.
 */
#ifndef EXPORT_FILE_H
#define EXPORT_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "platform/file_ops.h"
#include "util/buf.h"

/*
 * A directory for output files in which other users cannot exchange our names. Nothing here
 * replaces a file by accident or follows a symbolic link.
 */

struct safe_dir {
	int fd;                     /* -1: not open */
	const char *path;           /* borrowed, as on the command line; "": "." */
	char subdir[FILE_NAME_MAX]; /* if this is a subdirectory: its name; else "" */
};

#define SAFE_DIR_CLOSED ((struct safe_dir){ .fd = -1 })

/* Normalises the path of a directory: no slashes at its end, "." for "". */
void safe_dir_spell(char *out, size_t size, const char *path);

/* False with errno and the reason in why. A directory in which all users may rename all files is
 * refused. */
bool safe_dir_open(struct safe_dir *f, const char *path, struct buf *why);
void safe_dir_close(struct safe_dir *f);

/* Creates and opens a directory of mode 0700 in `in`. False with errno. */
bool safe_dir_make(struct safe_dir *f, const struct safe_dir *in, const char *name);

/* Creates a file of mode 0600 for writing; -1 with errno, for example EEXIST. */
int safe_dir_create(const struct safe_dir *f, const char *name);

/* Opens a file in a snapshot, a directory in f, for reading; -1 with errno. */
int safe_dir_read(const struct safe_dir *f, const char *snapshot, const char *name);

/* Renames without replacing a file. False with EEXIST if the name is taken. */
bool safe_dir_rename(const struct safe_dir *f, const char *from, const char *to);

/* Renames; may replace a file. */
bool safe_dir_replace(const struct safe_dir *f, const char *from, const char *to);

/* Removes a file, or an empty directory. */
bool safe_dir_unlink(const struct safe_dir *f, const char *name);
bool safe_dir_rmdir(const struct safe_dir *f, const char *name);

/* Device and inode of a file.  False with errno. */
bool safe_dir_stat(const struct safe_dir *f, const char *name, uint64_t *dev, uint64_t *ino);

/* Appends "20261121-021213" in local time. False if the time cannot be converted. */
bool safe_dir_time_name(struct buf *b, uint64_t now);

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

/*
 * Writes text to standard output without blocking the capture, even if the reader is slow.
 *
 *	stdout_stream_open(&s);
 *	buf_add(&s.text, ...);		while nothing is pending
 *	stdout_stream_flush(&s);		now, and when stdout_stream_fd() is writable
 *	stdout_stream_drain(&s);		at the end; blocks
 *	stdout_stream_close(&s);
 *
 * The descriptor's flags are not changed, because other processes share it.
 */

struct stdout_stream {
	struct buf text;
	size_t written; /* bytes of it already written */
	int fd;         /* standard output, or the same terminal opened again */
	bool reopened;  /* opened again: it can be non-blocking */
};

void stdout_stream_open(struct stdout_stream *s);
void stdout_stream_close(struct stdout_stream *s);

static inline bool
stdout_stream_pending(const struct stdout_stream *s)
{
	return s->written < s->text.len;
}

/* Poll it for POLLOUT; -1: nothing is pending. */
int stdout_stream_fd(const struct stdout_stream *s);

/* Writes without blocking. Returns 0 or errno; on error the rest is dropped. */
int stdout_stream_flush(struct stdout_stream *s);

/* Writes everything; blocks. */
int stdout_stream_drain(struct stdout_stream *s);

#endif
