/*
 * The ciphers that protect QUIC Initial packets, provided by a crypto library if there is one.  The
 * keys are derived from the packets themselves (RFC 9001, 5.2), so anybody can decrypt them.
 */
#ifndef DISSECT_CIPHER_H
#define DISSECT_CIPHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CIPHER_HASH  32
#define CIPHER_KEY   16
#define CIPHER_BLOCK 16
#define CIPHER_NONCE 12
#define CIPHER_TAG   16

struct bytes {
	const uint8_t *p;
	size_t n;
};

/* Each returns false if the library fails; out is then undefined. */
struct cipher {
	void *arg;
	/* HMAC-SHA-256; the key has CIPHER_HASH bytes at most. */
	bool (*hmac_sha256)(void *arg, struct bytes key, struct bytes text, uint8_t *out);
	/* AES-128 of one block. */
	bool (*aes_block)(void *arg, const uint8_t *key, const uint8_t *in, uint8_t *out);
	/* AES-128-GCM: decrypts text, which ends with the tag, into out.  Returns false if the tag
	 * does not match. */
	bool (*gcm_decrypt)(void *arg, const uint8_t *key, const uint8_t *nonce, struct bytes head,
	    struct bytes text, uint8_t *out);
};

#endif
