/*
 * The configuration file: pkttop/pkttoprc in $XDG_CONFIG_HOME, or in ~/.config if that is unset.
 *
 * All functions run as the user that pkttop has become (see platform/privilege.h), so that they can
 * access only what that user can. The file is read only if no other user can have written to it.
 */
#ifndef APP_CONFIG_FILE_H
#define APP_CONFIG_FILE_H

#include <stdbool.h>

#include "util/buf.h"

#define CONFIG_FILE_PATH 1024
#define CONFIG_FILE_MAX  65536 /* bytes */

/* The path of the current user's file. False if there is no home directory. */
bool config_file_path(struct buf *path);

/*
 * Reads the file into text, which stays empty if there is none. False with one sentence in err if
 * the file belongs to another user, is writable for others, is not a regular file or cannot be
 * read.
 */
bool config_file_read(const char *path, struct buf *text, struct buf *err);

/*
 * Replaces the file atomically: writes a new file with mode 0600 in the same directory, syncs it
 * and renames it. Creates missing directories with mode 0700. If the file is a symbolic link, its
 * target is replaced. False with one sentence in err; then nothing has changed.
 */
bool config_file_write(const char *path, const char *text, struct buf *err);

/*
 * True on the first call for this user; that call creates the file's directory. False if the
 * directory cannot be created, because every run would then be a first one.
 */
bool config_file_is_first_run(const char *path);

#endif
