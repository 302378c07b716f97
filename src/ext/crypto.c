/* The only file that uses libcrypto. */
#include "config.h"

#include "ext/crypto.h"

#include <stddef.h>

#ifdef HAVE_LIBCRYPTO

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "dissect/cipher.h"
#include "util/alloc.h"

#define HASH_BLOCK 64 /* block size of SHA-256 */

struct crypto {
	struct cipher cipher;
	EVP_MD_CTX *hash;
	EVP_CIPHER_CTX *block, *gcm;
};

/* The hash of a key, padded and XORed with a mask, followed by a text. */
static bool
crypto_keyed_hash(EVP_MD_CTX *ctx, struct bytes key, uint8_t mask, struct bytes text, uint8_t *out)
{
	uint8_t pad[HASH_BLOCK];

	memset(pad, mask, sizeof(pad));
	for (size_t i = 0; i < key.n; i++)
		pad[i] ^= key.p[i];
	return EVP_DigestInit_ex(ctx, NULL, NULL) == 1 &&
	    EVP_DigestUpdate(ctx, pad, sizeof(pad)) == 1 &&
	    EVP_DigestUpdate(ctx, text.p, text.n) == 1 && EVP_DigestFinal_ex(ctx, out, NULL) == 1;
}

/* RFC 2104 */
static bool
crypto_hmac(void *arg, struct bytes key, struct bytes text, uint8_t *out)
{
	struct crypto *k = arg;
	uint8_t inner[CIPHER_HASH];

	return key.n <= HASH_BLOCK && crypto_keyed_hash(k->hash, key, 0x36, text, inner) &&
	    crypto_keyed_hash(k->hash, key, 0x5c, (struct bytes){ inner, sizeof(inner) }, out);
}

static bool
crypto_aes_block(void *arg, const uint8_t *key, const uint8_t *in, uint8_t *out)
{
	struct crypto *k = arg;
	int n;

	return EVP_EncryptInit_ex(k->block, NULL, NULL, key, NULL) == 1 &&
	    EVP_EncryptUpdate(k->block, out, &n, in, CIPHER_BLOCK) == 1;
}

static bool
crypto_gcm_open(void *arg, const uint8_t *key, const uint8_t *nonce, struct bytes head,
    struct bytes text, uint8_t *out)
{
	struct crypto *k = arg;
	uint8_t tag[CIPHER_TAG], none[CIPHER_BLOCK];
	int n;

	if (text.n < CIPHER_TAG || text.n > INT_MAX || head.n > INT_MAX)
		return false;
	text.n -= CIPHER_TAG;
	memcpy(tag, text.p + text.n, sizeof(tag));
	return EVP_DecryptInit_ex(k->gcm, NULL, NULL, key, nonce) == 1 &&
	    EVP_DecryptUpdate(k->gcm, NULL, &n, head.p, (int)head.n) == 1 &&
	    EVP_DecryptUpdate(k->gcm, out, &n, text.p, (int)text.n) == 1 &&
	    EVP_CIPHER_CTX_ctrl(k->gcm, EVP_CTRL_AEAD_SET_TAG, CIPHER_TAG, tag) == 1 &&
	    EVP_DecryptFinal_ex(k->gcm, none, &n) == 1;
}

static bool
crypto_init(struct crypto *k)
{
	return k->hash != NULL && k->block != NULL && k->gcm != NULL &&
	    EVP_DigestInit_ex(k->hash, EVP_sha256(), NULL) == 1 &&
	    EVP_EncryptInit_ex(k->block, EVP_aes_128_ecb(), NULL, NULL, NULL) == 1 &&
	    EVP_CIPHER_CTX_set_padding(k->block, 0) == 1 &&
	    EVP_DecryptInit_ex(k->gcm, EVP_aes_128_gcm(), NULL, NULL, NULL) == 1;
}

struct cipher *
crypto_new(void)
{
	struct crypto *k = xcalloc(1, sizeof(*k));

	/* Do not read the system's configuration file. */
	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
	k->cipher = (struct cipher){ .arg = k,
		.hmac_sha256 = crypto_hmac,
		.aes_block = crypto_aes_block,
		.gcm_decrypt = crypto_gcm_open };
	k->hash = EVP_MD_CTX_new();
	k->block = EVP_CIPHER_CTX_new();
	k->gcm = EVP_CIPHER_CTX_new();
	if (crypto_init(k))
		return &k->cipher;
	crypto_del(&k->cipher);
	return NULL;
}

void
crypto_del(struct cipher *cipher)
{
	struct crypto *k = cipher != NULL ? cipher->arg : NULL;

	if (k == NULL)
		return;
	EVP_MD_CTX_free(k->hash);
	EVP_CIPHER_CTX_free(k->block);
	EVP_CIPHER_CTX_free(k->gcm);
	free(k);
}

#else

struct cipher *
crypto_new(void)
{
	return NULL;
}

void
crypto_del(struct cipher *cipher)
{
	(void)cipher;
}

#endif
