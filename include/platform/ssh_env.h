/*
 * The session that the program is run in.
 */
#ifndef PLATFORM_SSH_ENV_H
#define PLATFORM_SSH_ENV_H

#include <stdbool.h>
#include <stddef.h>

#include "core/own_session.h"

/*
 * The connection of SSH that the program is looked at through.  sudo(8) takes its name
 * out of the environment, so that the parents' are read too: call it before privileges
 * are dropped.  False: there is none.
 */
bool ssh_env_find(struct own_session *o);

/* The value of a variable in an environment as the kernel gives it, n bytes with a NUL behind
 * each variable; NULL: it is not there. */
const char *ssh_env_variable(const char *environment, size_t n, const char *name);

#endif
