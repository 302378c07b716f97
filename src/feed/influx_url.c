/* The URL of --influx, and the secret that belongs to it. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "feed/private.h"
#include "platform/file_ops.h"
#include "util/text.h"

#define SECRET_NAME "PKTTOP_INFLUX_TOKEN"
#define USE_SECRET  "other users can read it; use --influx-token-file or " SECRET_NAME

/* Copies n bytes. False if there is no room. */
static bool
influx_url_copy(char *to, size_t size, const char *from, size_t n)
{
	if (n >= size)
		return false;
	memcpy(to, from, n);
	to[n] = '\0';
	return true;
}

bool
influx_url_parameter(const struct influx_url *u, const char *name, char *value, size_t size)
{
	size_t length = strlen(name);

	for (const char *s = u->query; *s != '\0'; s += strcspn(s, "&"), s += *s == '&') {
		size_t n = strcspn(s, "&");

		if (n > length + 1 && strncmp(s, name, length) == 0 && s[length] == '=')
			return influx_url_copy(value, size, s + length + 1, n - length - 1);
	}
	return false;
}

/* "host:port", "[address]:port" or the host alone. */
static bool
influx_url_split_host(struct influx_url *u, const char *s, size_t n)
{
	const char *host = s;
	size_t length;

	u->bracket = *s == '[';
	host += u->bracket;
	length = strcspn(host, u->bracket ? "]" : ":/?");
	s = host + length + u->bracket;
	if (length == 0 || (size_t)(s - host) > n ||
	    !influx_url_copy(u->host, sizeof(u->host), host, length))
		return false;
	strlcpy(u->port, "8086", sizeof(u->port));
	if (*s != ':')
		return true;
	return influx_url_copy(u->port, sizeof(u->port), s + 1, strcspn(s + 1, "/?"));
}

static bool
influx_url_split(struct influx_url *u, const char *text)
{
	const char *s = text, *at;
	size_t n;

	u->tls = strncmp(s, "https://", 8) == 0;
	if (!u->tls && strncmp(s, "http://", 7) != 0)
		return false;
	s += u->tls ? 8 : 7;
	n = strcspn(s, "/?");
	at = memchr(s, '@', n);
	if (at != NULL) {
		if (!influx_url_copy(u->user, sizeof(u->user), s, (size_t)(at - s)))
			return false;
		n -= (size_t)(at + 1 - s);
		s = at + 1;
	}
	if (!influx_url_split_host(u, s, n))
		return false;
	s += n;
	n = strcspn(s, "?");
	while (n > 0 && s[n - 1] == '/')
		n--;
	if (!influx_url_copy(u->path, sizeof(u->path), s, n))
		return false;
	s += strcspn(s, "?");
	s += *s == '?';
	return influx_url_copy(u->query, sizeof(u->query), s, strlen(s));
}

/* The command line is visible to all. */
static bool
influx_url_has_no_secret(const struct influx_url *u, struct buf *err)
{
	static const char *const names[] = { "p", "token" };
	char value[256];

	if (strchr(u->user, ':') != NULL) {
		buf_setf(err, "a password in the URL: " USE_SECRET);
		return false;
	}
	for (unsigned i = 0; i < NITEMS(names); i++)
		if (influx_url_parameter(u, names[i], value, sizeof(value))) {
			buf_setf(err, "\"%s=\" in the URL: " USE_SECRET, names[i]);
			return false;
		}
	return true;
}

bool
influx_url_parse(struct influx_url *u, const char *text, struct buf *err)
{
	*u = (struct influx_url){ .tls = false };
	if (!text_is_clean(text) || strchr(text, ' ') != NULL || !influx_url_split(u, text)) {
		buf_setf(err,
		    "\"%s\": must be http://HOST:PORT/?db=NAME, or /?org=NAME&bucket=NAME", text);
		return false;
	}
	if (!influx_url_has_no_secret(u, err))
		return false;
	u->v2 = influx_url_parameter(u, "bucket", u->database, sizeof(u->database));
	if (u->v2 || influx_url_parameter(u, "db", u->database, sizeof(u->database)))
		return true;
	buf_setf(err,
	    "\"%s\": which database? add ?db=NAME, or for version 2 ?org=NAME&bucket=NAME", text);
	return false;
}

static bool
influx_secret_read_file(const char *path, char *secret, struct buf *err)
{
	int fd = file_ops_open(path);
	struct stat st = { .st_mode = 0 };
	ssize_t n;

	if (fd == -1 || fstat(fd, &st) == -1) {
		buf_setf(err, "--influx-token-file=%s: %s", path, file_ops_error(errno));
		return false;
	}
	n = fd_read(fd, secret, INFLUX_SECRET - 1);
	close(fd);
	secret[n > 0 ? n : 0] = '\0';
	secret[strcspn(secret, "\r\n")] = '\0';
	if ((st.st_mode & (S_IRWXG | S_IRWXO)) == 0)
		return true;
	buf_setf(err, "--influx-token-file=%s: other users can read it; fix with: chmod 600 %s",
	    path, path);
	return false;
}

bool
influx_secret_read(const char *path, char *secret, struct buf *err)
{
	const char *text = getenv(SECRET_NAME);

	*secret = '\0';
	if (path != NULL && !influx_secret_read_file(path, secret, err))
		return false;
	if (path == NULL && text != NULL)
		strlcpy(secret, text, INFLUX_SECRET);
	/* Child processes do not inherit it. */
	unsetenv(SECRET_NAME);
	if (text_is_clean(secret))
		return true;
	buf_setf(err, "--influx: the token has characters that cannot be sent");
	return false;
}
