/*
 * Drops privileges and enters the sandbox, as the command line needs it; the work is done in
 * platform/privilege.h, privilege.h, file_helper.h, landlock.h and ext/seccomp.h.
 *
 *	privileges_choose(&p, o);	before anything is opened
 *	... open the interfaces ...
 *	privileges_drop(&p, live);
 *	... open all that others may have written ...
 *	privileges_confine(&p, live);
 *	... read it ...
 *	privileges_end(&p);
 */
#ifndef APP_PRIVILEGES_H
#define APP_PRIVILEGES_H

#include <stdbool.h>

#include "app/named_files.h"
#include "app/options.h"
#include "platform/privilege.h"

struct privileges {
	const struct options *o;
	struct identity id;
	struct file_helper helper;
	struct named_files named;
	bool helped;
};

/* Chooses the user to become, and starts the file helper if that is another user. Exits with one
 * line if it fails. */
void privileges_choose(struct privileges *p, const struct options *o);

/* live: packets come from interfaces.  Exits with one line if it fails. */
void privileges_drop(const struct privileges *p, bool live);

/*
 * Enters the sandbox. From then on only the files on the command line can be opened, and those that
 * the mode of operation needs. If it fails, prints one line on standard error; with
 * --sandbox-strict it exits.
 */
void privileges_confine(const struct privileges *p, bool live);

/* Call it when the last file is closed. */
void privileges_end(struct privileges *p);

#endif
