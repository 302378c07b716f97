/*
 * The files and directories on the command line. The file helper and the sandbox allow these and no
 * others.
 */
#ifndef APP_NAMED_FILES_H
#define APP_NAMED_FILES_H

#include "app/config_file.h"
#include "app/options.h"
#include "app/user_terminfo.h"

#define NAMED_OTHERS  (2 + USER_TERMINFO_PATHS) /* files that are not captures */
#define NAMED_FOLDERS 5 /* snapshots, three kinds of records, the settings */

struct named_files {
	const char **file; /* input files; on the heap */
	unsigned n_files;
	const char *dir[NAMED_FOLDERS]; /* output directories, spelled by safe_dir_spell() */
	unsigned n_dirs;
	char path[NAMED_FOLDERS]
		 [ROTATING_FILE_PATH]; /* dir points into it: do not move the struct */
	char settings[CONFIG_FILE_PATH];
	struct user_terminfo terminfo;
};

/* Borrows the options for as long as n is used. */
void named_files_collect(struct named_files *n, const struct options *o);
void named_files_fini(struct named_files *n);

#endif
