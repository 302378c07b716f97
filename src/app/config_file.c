#include "config.h"

#include "app/options.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include "export/file.h"
#include "platform/file_ops.h"
#include "util/buf.h"

#define FOLDER "pkttop"

/* Trust $HOME only if the user ID never changed. */
static const char *
config_file_home_dir(void)
{
	const char *named = getenv("HOME");
	const struct passwd *pw;

	if (getenv("SUDO_UID") == NULL && named != NULL && *named == '/' && getuid() == geteuid())
		return named;
	pw = getpwuid(geteuid());
	return pw != NULL && *pw->pw_dir == '/' ? pw->pw_dir : NULL;
}

bool
config_file_path(struct buf *path, const char *name)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *folder = config_file_home_dir();

	buf_clear(path);
	if (config != NULL && *config == '/')
		buf_addf(path, "%s/" FOLDER "/%s", config, name);
	else if (folder != NULL)
		buf_addf(path, "%s/.config/" FOLDER "/%s", folder, name);
	return path->len > 0 && !path->truncated;
}

static bool
config_file_set_error(struct buf *err, const char *path, const char *why)
{
	buf_setf(err, "%s: %s", path, why);
	return false;
}

/* Why a file is not trusted, or NULL. */
static const char *
config_file_why_untrusted(const struct stat *s)
{
	if (!S_ISREG(s->st_mode))
		return "not a regular file, ignored";
	if (s->st_uid != geteuid() && s->st_uid != 0)
		return "not owned by you, ignored";
	if ((s->st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return "writable by others, ignored; fix with: chmod go-w FILE";
	if (s->st_size > CONFIG_FILE_MAX)
		return "too long, ignored";
	return NULL;
}

static bool
config_file_read_text(int fd, struct buf *text)
{
	char bytes[4096];
	ssize_t n;

	while ((n = read(fd, bytes, sizeof(bytes))) > 0 && text->len <= CONFIG_FILE_MAX)
		buf_add(text, bytes, (size_t)n);
	return n >= 0;
}

bool
config_file_read(const char *path, struct buf *text, struct buf *err)
{
	int fd = file_ops_open_dir(path);
	const char *why = NULL;
	struct stat s;

	/* A directory that we may not enter holds no file of ours. */
	if (fd == -1 && (errno == ENOENT || errno == ENOTDIR || errno == EACCES))
		return errno != EACCES || access(path, F_OK) != 0 ||
		    config_file_set_error(err, path, strerror(EACCES));
	if (fd == -1)
		return config_file_set_error(err, path, strerror(errno));
	if (fstat(fd, &s) != 0 || (why = config_file_why_untrusted(&s)) == NULL) {
		if (!config_file_read_text(fd, text))
			why = strerror(errno);
		else if (strlen(text->s) != text->len)
			why = "not a text file, ignored";
	}
	close(fd);
	if (why == NULL)
		return true;
	buf_clear(text);
	return config_file_set_error(err, path, why);
}

/* The directory of the file. */
static void
config_file_dir(const char *path, char folder[PATH_MAX])
{
	strlcpy(folder, path, PATH_MAX);
	*strrchr(folder, '/') = '\0';
}

#define SUFFIX       "abcdefghijklmnopqrstuvwxyz234567"
#define SUFFIX_CHARS 6

/* "pkttoprc" becomes ".pkttoprc.k2xw5a". */
static void
config_file_temp_name(struct buf *b, const char *name)
{
	buf_addf(b, ".%s.", name);
	for (unsigned i = 0; i < SUFFIX_CHARS; i++)
		buf_addc(b, SUFFIX[arc4random_uniform(sizeof(SUFFIX) - 1)]);
}

/* Writes a new file and renames it over the old one. The rename is durable only after its
 * directory is synced, which some file systems do not support. */
static bool
config_file_replace(const struct safe_dir *f, const char *name, const char *text)
{
	char new_text[FILE_NAME_MAX];
	struct buf new;
	int fd, error;

	buf_init(&new, new_text, sizeof(new_text));
	config_file_temp_name(&new, name);
	fd = safe_dir_create(f, new.s);
	if (fd == -1)
		return false;
	error = fd_write_all(fd, text, strlen(text), NULL);
	if (error == 0 && fsync(fd) != 0)
		error = errno;
	if (close(fd) != 0 && error == 0)
		error = errno;
	if (error == 0 && safe_dir_replace(f, new.s, name)) {
		fsync(f->fd);
		return true;
	}
	if (error == 0)
		error = errno;
	safe_dir_unlink(f, new.s);
	errno = error;
	return false;
}

bool
config_file_write(const char *path, const char *text, struct buf *err)
{
	char real[PATH_MAX], folder[PATH_MAX], why_text[256];
	const char *target = realpath(path, real) != NULL ? real : path;
	const char *name = strrchr(target, '/') + 1;
	struct safe_dir f;
	struct buf why;
	bool ok;

	config_file_dir(target, folder);
	if (!file_ops_make_dir(folder) && errno != EEXIST)
		return config_file_set_error(err, path, strerror(errno));
	buf_init(&why, why_text, sizeof(why_text));
	if (!safe_dir_open(&f, folder, &why))
		return config_file_set_error(err, path, why.s);
	ok = config_file_replace(&f, name, text);
	safe_dir_close(&f);
	return ok || config_file_set_error(err, path, strerror(errno));
}

bool
config_file_is_first_run(const char *path)
{
	char folder[PATH_MAX];

	config_file_dir(path, folder);
	return file_ops_make_dir(folder);
}
