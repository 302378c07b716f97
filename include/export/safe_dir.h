/*
 * A directory for output files in which other users cannot exchange our names. Nothing here
 * replaces a file by accident or follows a symbolic link.
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

#endif
