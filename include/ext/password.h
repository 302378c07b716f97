/*
 * Hashes of passwords, by crypt(3).
 */
#ifndef EXT_PASSWORD_H
#define EXT_PASSWORD_H

#include <stdbool.h>

#include "util/buf.h"

bool password_is_available(void);

/* True if hash is that of the password. It takes as long as the hash is meant to: milliseconds. */
bool password_matches(const char *password, const char *hash);

/* Appends a hash with a random salt (SHA-512). False if crypt(3) cannot make it. */
bool password_add_hash(struct buf *b, const char *password);

#endif
