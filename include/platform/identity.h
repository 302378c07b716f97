/*
 * The user that runs pkttop, and the user that it becomes after its interfaces are open.
 *
 *	invoked by           becomes
 *	root itself          the user of -Z, else "pkttop" if there is one, else "nobody"
 *	sudo, doas, pkexec   the user of -Z, else the user who ran it
 *	any other user itself: only the capabilities are dropped
 *
 * -Z root is refused if sudo, doas or pkexec gave pkttop its root privileges.
 */
#ifndef PLATFORM_IDENTITY_H
#define PLATFORM_IDENTITY_H

#include <stdbool.h>
#include <sys/types.h>

#include "util/buf.h"

struct identity {
	uid_t uid, invoker; /* the user to become, and the user that runs pkttop */
	gid_t gid, invoker_gid;
	bool changes; /* from effective uid 0 to uid; else only capabilities change */
};

/*
 * user: of -Z, or NULL. False with one sentence in err: the user is unknown or not allowed, or the
 * variables of sudo, doas or pkexec contradict the user database.
 */
bool identity_choose(struct identity *id, const char *user, struct buf *err);

#endif
