/*
 * Who runs pkttop, and who it becomes once its interfaces are open.
 *
 *	invoked by           becomes
 *	root itself          the user of -Z, else "pkttop" if there is one, else "nobody"
 *	sudo, doas, pkexec   the user of -Z, else the user who ran it
 *	anyone else          itself: only the capabilities go
 *
 * Nobody becomes uid 0 through somebody else's root: then -Z root is refused.
 */
#ifndef PLATFORM_IDENTITY_H
#define PLATFORM_IDENTITY_H

#include <stdbool.h>
#include <sys/types.h>

#include "util/buf.h"

struct identity {
	uid_t uid, invoker; /* whom to become, and who runs pkttop */
	gid_t gid, invoker_gid;
	bool changes; /* from effective uid 0 to uid; else everything but the capabilities stays */
};

/*
 * user: of -Z, or NULL.  False with one sentence in err: the user is unknown or not allowed, or
 * what sudo, doas or pkexec left in the environment contradicts the user database.
 */
bool identity_choose(struct identity *id, const char *user, struct buf *err);

#endif
