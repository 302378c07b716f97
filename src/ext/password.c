/* The only file that uses crypt(3). */
#include "config.h"

#include "ext/crypto.h"

#ifdef HAVE_CRYPT

#ifdef HAVE_CRYPT_H
#include <crypt.h>
#endif
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool
password_is_available(void)
{
	return true;
}

/* The time does not depend on how many characters are equal. */
bool
password_matches(const char *password, const char *hash)
{
	const char *made = crypt(password, hash);
	unsigned differs = 0;

	if (made == NULL || strlen(made) != strlen(hash) || *made == '*')
		return false;
	for (size_t i = 0; hash[i] != '\0'; i++)
		differs |= (unsigned char)(made[i] ^ hash[i]);
	return differs == 0;
}

bool
password_add_hash(struct buf *b, const char *password)
{
	static const char letters[] =
	    "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	char setting[3 + 16 + 2] = "$6$";
	const char *hash;

	for (unsigned i = 3; i < 3 + 16; i++)
		setting[i] = letters[arc4random_uniform(64)];
	strlcat(setting, "$", sizeof(setting));
	hash = crypt(password, setting);
	if (hash == NULL || strncmp(hash, "$6$", 3) != 0)
		return false;
	buf_adds(b, hash);
	return true;
}

#else

bool
password_is_available(void)
{
	return false;
}

bool
password_matches(const char *password, const char *hash)
{
	(void)password;
	(void)hash;
	return false;
}

bool
password_add_hash(struct buf *b, const char *password)
{
	(void)b;
	(void)password;
	return false;
}

#endif
