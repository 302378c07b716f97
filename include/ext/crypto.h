/*
 * libcrypto, for what QUIC hides its first packets with.
 *
 *	const struct cipher *k = crypto_new();	NULL: built without it, or it fails
 *	crypto_del(k);
 *
 * All that it needs is made at the start: no call allocates afterwards.
 */
#ifndef EXT_CRYPTO_H
#define EXT_CRYPTO_H

struct cipher;

struct cipher *crypto_new(void);
void crypto_del(struct cipher *k);

#endif
