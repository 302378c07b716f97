/*
 * Decryption of QUIC's Initial packets with libcrypto.
 *
 *	const struct cipher *k = crypto_new();	NULL: built without it, or it failed
 *	crypto_del(k);
 *
 * Everything is allocated at the start: later calls do not allocate.
 */
#ifndef EXT_CRYPTO_H
#define EXT_CRYPTO_H

#include <stdbool.h>

#include "util/buf.h"

struct cipher;

struct cipher *crypto_new(void);
void crypto_del(struct cipher *k);

/* Hashes of passwords, by crypt(3). */

bool password_is_available(void);

/* True if hash is that of the password. It takes as long as the hash is meant to: milliseconds. */
bool password_matches(const char *password, const char *hash);

/* Appends a hash with a random salt (SHA-512). False if crypt(3) cannot make it. */
bool password_add_hash(struct buf *b, const char *password);

#endif
