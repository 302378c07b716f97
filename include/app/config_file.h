/*
 * The file of the settings: pkttop/pkttoprc below $XDG_CONFIG_HOME, else below ~/.config.
 *
 * All of this runs as whom we have become (see platform/privilege.h), so that it can neither
 * read nor write what that user could not; and it is read only where nobody else can have
 * written into it.
 */
#ifndef APP_CONFIG_FILE_H
#define APP_CONFIG_FILE_H

#include <stdbool.h>

#include "util/buf.h"

#define CONFIG_FILE_PATH 1024
#define CONFIG_FILE_MAX  65536 /* bytes */

/* The path of the file of whom we are.  False where there is no home. */
bool config_file_path(struct buf *path);

/*
 * Reads it into text; there is none: text stays empty.  False with one sentence in err where it is
 * not to be trusted (somebody else's, or others may write to it), no regular file, or cannot be
 * read.
 */
bool config_file_read(const char *path, struct buf *text, struct buf *err);

/*
 * Replaces it as a whole: by a new file beside it that has reached the disk, mode 0600.  Folders
 * are made as needed, mode 0700.  Where it is a link, what that leads to is replaced.  False with
 * one sentence in err, and all as it was.
 */
bool config_file_write(const char *path, const char *text, struct buf *err);

/*
 * True the first time that it is asked on behalf of this user, whose folder for the file is made
 * then; false where it cannot be made, for then it would be the first time again and again.
 */
bool config_file_is_first_run(const char *path);

#endif
