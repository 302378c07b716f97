/*
 * The folder that records are written into, and names in it that nobody else can have made: no
 * file of ours replaces another, or is opened through a link.
 */
#ifndef EXPORT_SAFE_DIR_H
#define EXPORT_SAFE_DIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/file_ops.h"
#include "util/buf.h"

struct safe_dir {
	int fd;                     /* -1: not open */
	const char *path;           /* lent by the caller, as the command line has it; "": "." */
	char subdir[FILE_NAME_MAX]; /* a folder made in it, if this is that one; else "" */
};

#define SAFE_DIR_CLOSED ((struct safe_dir){ .fd = -1 })

/* The one way to spell the path of a folder: without slashes at its end, "." for "". */
void safe_dir_spell(char *out, size_t size, const char *path);

/* False with errno and the reason in why.  A folder in which everybody may rename everybody's files
 * is refused. */
bool safe_dir_open(struct safe_dir *f, const char *path, struct buf *why);
void safe_dir_close(struct safe_dir *f);

/* Makes a folder of mode 0700 in `in`, and opens it.  False with errno. */
bool safe_dir_make(struct safe_dir *f, const struct safe_dir *in, const char *name);

/* Makes a new file of mode 0600, to be written; -1 with errno: the name is taken, or it cannot. */
int safe_dir_create(const struct safe_dir *f, const char *name);

/* Renames without replacing anything.  False with EEXIST if the name is taken. */
bool safe_dir_rename(const struct safe_dir *f, const char *from, const char *to);

/* Renames, whether or not the name is taken. */
bool safe_dir_replace(const struct safe_dir *f, const char *from, const char *to);

/* Removes a file, or an empty folder. */
bool safe_dir_unlink(const struct safe_dir *f, const char *name);
bool safe_dir_rmdir(const struct safe_dir *f, const char *name);

/* Device and inode of a file.  False with errno. */
bool safe_dir_stat(const struct safe_dir *f, const char *name, uint64_t *dev, uint64_t *ino);

/* Adds "20261121-021213", in local time, as it is for people.  False where there is none. */
bool safe_dir_time_name(struct buf *b, uint64_t now);

#endif
