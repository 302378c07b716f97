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

struct cipher;

struct cipher *crypto_new(void);
void crypto_del(struct cipher *k);

#endif
