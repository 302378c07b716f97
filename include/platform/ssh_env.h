/*
 * The SSH session in which pkttop runs.
 */
#ifndef PLATFORM_SSH_ENV_H
#define PLATFORM_SSH_ENV_H

#include <stdbool.h>
#include <stddef.h>

#include "core/own_session.h"

/*
 * The SSH connection that displays pkttop. sudo(8) removes it from the environment, so the parents'
 * environments are read too: call it before privileges are dropped. False if there is none.
 */
bool ssh_env_find(struct own_session *o);

/* The value of a variable in an environment block of the kernel: n bytes with a NUL after each
 * variable. NULL if it is not set. */
const char *ssh_env_variable(const char *environment, size_t n, const char *name);

#endif
