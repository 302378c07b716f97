/* Names with hashes of their passwords, and tokens. */
#include "config.h"

#include <sys/stat.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "platform/child.h"
#include "platform/file_ops.h"
#include "serve/private.h"

#define SECRETS_MAX (256 * 1024) /* bytes of a file */

bool
secrets_read_file(struct buf *b, const char *path, bool private, struct buf *err)
{
	mode_t forbidden = private ? S_IRWXG | S_IRWXO : S_IWGRP | S_IWOTH;
	int fd = file_ops_open(path);
	char bytes[4096];
	struct stat st;
	ssize_t n = 0;

	if (fd == -1 || fstat(fd, &st) == -1) {
		buf_setf(err, "%s: %s", path, file_ops_error(errno));
	} else if ((st.st_mode & forbidden) != 0) {
		buf_setf(err, "%s: others may %s it; fix with: chmod %s %s", path,
		    private ? "read" : "change", private ? "600" : "go-w", path);
	} else {
		while (b->len <= SECRETS_MAX && (n = fd_read(fd, bytes, sizeof(bytes))) > 0)
			buf_add(b, bytes, (size_t)n);
		if (n != 0)
			buf_setf(err, "%s: %s", path, n < 0 ? strerror(errno) : "too long");
	}
	explicit_bzero(bytes, sizeof(bytes));
	if (fd != -1)
		close(fd);
	return err->len == 0;
}

/* The next line that is not empty and no comment; NULL: there are no more. */
static const char *
secrets_next_line(const char **text, size_t *n)
{
	while (**text != '\0') {
		const char *line = *text;

		*n = strcspn(line, "\r\n");
		*text = line + *n + strspn(line + *n, "\r\n");
		if (*n > 0 && *line != '#')
			return line;
	}
	return NULL;
}

/* crypt(3) knows what begins with $, but not Apache's own MD5. */
static bool
secrets_check_hashes(const char *path, const char *text, struct buf *err)
{
	const char *line;
	size_t n;

	while ((line = secrets_next_line(&text, &n)) != NULL) {
		const char *colon = memchr(line, ':', n);

		if (colon != NULL && colon[1] == '$' && strncmp(colon, ":$apr1$", 7) != 0)
			continue;
		buf_setf(err,
		    "%s: a line is not NAME:HASH; make one with pkttop --hash-password=NAME, "
		    "or htpasswd -B",
		    path);
		return false;
	}
	return true;
}

static void
secrets_take(struct buf *place, struct buf *fresh)
{
	struct buf old = *place;

	*place = *fresh;
	*fresh = old;
}

bool
secrets_read(struct access *a, const struct options *o, struct buf *err)
{
	struct buf passwords, tokens;
	bool ok = true;

	buf_new(&passwords);
	buf_new(&tokens);
	if (o->auth_file != NULL)
		ok = secrets_read_file(&passwords, o->auth_file, false, err) &&
		    secrets_check_hashes(o->auth_file, passwords.s, err);
	if (ok && o->token_file != NULL)
		ok = secrets_read_file(&tokens, o->token_file, true, err);
	if (ok) {
		secrets_take(&a->passwords, &passwords);
		secrets_take(&a->tokens, &tokens);
		a->n_known = 0;
	}
	buf_del(&passwords);
	buf_del(&tokens);
	return ok;
}

/* The time does not depend on how many bytes are equal. */
static bool
secrets_are_equal(const char *x, size_t nx, const char *y, size_t ny)
{
	size_t differs = nx ^ ny;

	for (size_t i = 0; i < ny; i++)
		differs |= (size_t)(unsigned char)(x[i < nx ? i : 0] ^ y[i]);
	return differs == 0;
}

bool
secrets_have_token(const struct access *a, const char *token)
{
	const char *text = a->tokens.s, *line;
	bool found = false;
	size_t n;

	while ((line = secrets_next_line(&text, &n)) != NULL)
		found |= secrets_are_equal(line, n, token, strlen(token));
	return found;
}

const char *
secrets_find_hash(const struct access *a, const char *name, size_t *n)
{
	const char *text = a->passwords.s, *line;
	size_t length = strlen(name);

	while ((line = secrets_next_line(&text, n)) != NULL) {
		if (*n <= length || line[length] != ':' || memcmp(line, name, length) != 0)
			continue;
		*n -= length + 1;
		return line + length + 1;
	}
	return NULL;
}

bool
secrets_decode_basic(const char *text, char *out, size_t size)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint32_t bits = 0;
	unsigned n_bits = 0;
	size_t n = 0;

	for (; *text != '\0' && *text != '='; text++) {
		const char *digit = strchr(digits, *text);

		if (digit == NULL || n + 1 >= size)
			return false;
		bits = bits << 6 | (uint32_t)(digit - digits);
		n_bits += 6;
		if (n_bits < 8)
			continue;
		n_bits -= 8;
		out[n++] = (char)(bits >> n_bits & 0xff);
	}
	out[n] = '\0';
	return strlen(out) == n && strchr(out, ':') != NULL;
}
