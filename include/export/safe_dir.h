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

struct folder {
	int fd;                  /* -1: not open */
	const char *path;        /* lent by the caller, as the command line has it; "": "." */
	char sub[FILE_NAME_MAX]; /* a folder made in it, if this is that one; else "" */
};

#define FOLDER_CLOSED ((struct folder){ .fd = -1 })

/* The one way to spell the path of a folder: without slashes at its end, "." for "". */
void folder_spell(char *out, size_t size, const char *path);

/* False with errno and the reason in why.  A folder in which everybody may rename everybody's files
 * is refused. */
bool folder_open(struct folder *f, const char *path, struct buf *why);
void folder_close(struct folder *f);

/* Makes a folder of mode 0700 in `in`, and opens it.  False with errno. */
bool folder_make(struct folder *f, const struct folder *in, const char *name);

/* Makes a new file of mode 0600, to be written; -1 with errno: the name is taken, or it cannot. */
int folder_create(const struct folder *f, const char *name);

/* Renames without replacing anything.  False with EEXIST if the name is taken. */
bool folder_rename(const struct folder *f, const char *from, const char *to);

/* Renames, whether or not the name is taken. */
bool folder_replace(const struct folder *f, const char *from, const char *to);

/* Removes a file, or an empty folder. */
bool folder_unlink(const struct folder *f, const char *name);
bool folder_rmdir(const struct folder *f, const char *name);

/* Device and inode of a file.  False with errno. */
bool folder_stat(const struct folder *f, const char *name, uint64_t *dev, uint64_t *ino);

/* Adds "20261121-021213", in local time, as it is for people.  False where there is none. */
bool folder_stamp(struct buf *b, uint64_t now);

#endif
