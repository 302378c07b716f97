/*
 * Which privileges pkttop starts with, keeps and gives up: wiring of platform/identity.h,
 * platform/privilege.h and platform/file_helper.h with the command line.
 *
 *	privileges_choose(&p, o);	before anything is opened
 *	... open the interfaces ...
 *	privileges_drop(&p, o, live);
 *	... open and read all that others may have written ...
 *	privileges_end(&p);
 */
#ifndef PRIVILEGES_H
#define PRIVILEGES_H

#include <stdbool.h>

#include "opts.h"
#include "platform/file_helper.h"
#include "platform/identity.h"

struct privileges {
	struct identity id;
	struct file_helper helper;
	bool helped;
};

/* Says whom to become, and starts the file helper if that is another user.  Dies with one line. */
void privileges_choose(struct privileges *p, const struct opts *o);

/* live: packets come from interfaces.  Dies with one line. */
void privileges_drop(const struct privileges *p, const struct opts *o, bool live);

/* The last file is closed. */
void privileges_end(struct privileges *p);

#endif
