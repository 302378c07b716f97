/*
 * The folder that records are written into, and names in it that nobody else
 * can have made: no file of ours takes the place of another, or is opened through a link.
 */
#ifndef EXPORT_FOLDER_H
#define EXPORT_FOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"

/* The folder, opened; -1 with errno and the reason in why.  One where everybody may rename
 * everybody's files is refused. */
int folder_open(const char *dir, struct buf *why);

/* Makes a new file of mode 0600 for writing; -1 with errno where the name is taken, or it cannot.
 */
int folder_create(int dirfd, const char *name);

/* Renames without taking the place of anything.  False with EEXIST where the name is taken. */
bool folder_rename(int dirfd, const char *from, const char *to);

/* Adds "20261121-021213", in local time, as it is for people.  False where there is none. */
bool folder_stamp(struct buf *b, uint64_t now);

/* What errno means here: strerror(3), and of what a user may not, which user that is: by the time
 * that files are written root has become another.  It holds until the next call. */
const char *folder_error(int error);

#endif
