/*
 * Which privileges pkttop starts with, keeps and gives up: wiring of platform/identity.h,
 * platform/privilege.h and platform/file_helper.h with the command line.
 *
 *	privileges_choose(&p, o);	before anything is opened
 *	... open the interfaces ...
 *	privileges_drop(&p, live);
 *	... open all that others may have written ...
 *	privileges_confine(&p, live);
 *	... read it ...
 *	privileges_end(&p);
 */
#ifndef PRIVILEGES_H
#define PRIVILEGES_H

#include <stdbool.h>

#include "named_files.h"
#include "opts.h"
#include "platform/file_helper.h"
#include "platform/identity.h"

struct privileges {
	const struct opts *o;
	struct identity id;
	struct file_helper helper;
	struct named_files named;
	bool helped;
};

/* Says whom to become, and starts the file helper if that is another user.  Dies with one line. */
void privileges_choose(struct privileges *p, const struct opts *o);

/* live: packets come from interfaces.  Dies with one line. */
void privileges_drop(const struct privileges *p, bool live);

/*
 * Enters the sandbox: nothing is opened any more but what the command line names, and what the way
 * of running needs.  Says in one line on standard error that it failed, or dies of it if the
 * options ask for that.
 */
void privileges_confine(const struct privileges *p, bool live);

/* The last file is closed. */
void privileges_end(struct privileges *p);

#endif
