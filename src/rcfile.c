#include "config.h"

#include "rcfile.h"

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

#include "util/buf.h"

#define NAME "pkttop/pkttoprc"

/* HOME is that of whom we have become only if we have been that one all the time. */
static const char *
home(void)
{
	const char *named = getenv("HOME");
	const struct passwd *pw;

	if (getenv("SUDO_UID") == NULL && named != NULL && *named == '/' && getuid() == geteuid())
		return named;
	pw = getpwuid(geteuid());
	return pw != NULL && *pw->pw_dir == '/' ? pw->pw_dir : NULL;
}

bool
rcfile_path(struct buf *path)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *folder = home();

	buf_clear(path);
	if (config != NULL && *config == '/')
		buf_addf(path, "%s/" NAME, config);
	else if (folder != NULL)
		buf_addf(path, "%s/.config/" NAME, folder);
	return path->len > 0 && !path->cut;
}

static bool
fail(struct buf *err, const char *path, const char *why)
{
	buf_setf(err, "%s: %s", path, why);
	return false;
}

/* What speaks against a file, or NULL. */
static const char *
objection(const struct stat *s)
{
	if (!S_ISREG(s->st_mode))
		return "no regular file: left aside";
	if (s->st_uid != geteuid() && s->st_uid != 0)
		return "it belongs to somebody else: left aside";
	if ((s->st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return "others may write to it: left aside; chmod go-w makes it good";
	if (s->st_size > RCFILE_MOST)
		return "it is too long: left aside";
	return NULL;
}

static bool
read_all(int fd, struct buf *text)
{
	char bytes[4096];
	ssize_t n;

	while ((n = read(fd, bytes, sizeof(bytes))) > 0 && text->len <= RCFILE_MOST)
		buf_add(text, bytes, (size_t)n);
	return n >= 0;
}

bool
rcfile_read(const char *path, struct buf *text, struct buf *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	const char *why = NULL;
	struct stat s;

	/* Below a folder that we may not enter there is nothing of ours. */
	if (fd == -1 && (errno == ENOENT || errno == ENOTDIR || errno == EACCES))
		return errno != EACCES || access(path, F_OK) != 0 ||
		    fail(err, path, strerror(EACCES));
	if (fd == -1)
		return fail(err, path, strerror(errno));
	if (fstat(fd, &s) != 0 || (why = objection(&s)) == NULL) {
		if (!read_all(fd, text))
			why = strerror(errno);
		else if (strlen(text->s) != text->len)
			why = "no text: left aside";
	}
	close(fd);
	if (why == NULL)
		return true;
	buf_clear(text);
	return fail(err, path, why);
}

/* Makes the folders above the file. */
static bool
make_folders(const char *path)
{
	char folder[RCFILE_PATH];

	for (const char *end = path + 1; (end = strchr(end, '/')) != NULL; end++) {
		snprintf(folder, sizeof(folder), "%.*s", (int)(end - path), path);
		if (mkdir(folder, 0700) != 0 && errno != EEXIST && access(folder, F_OK) != 0)
			return false;
	}
	return true;
}

static bool
write_all(int fd, const char *text)
{
	size_t done = 0, n = strlen(text);

	while (done < n) {
		ssize_t more = write(fd, text + done, n - done);

		if (more < 0 && errno != EINTR)
			return false;
		if (more > 0)
			done += (size_t)more;
	}
	return fsync(fd) == 0;
}

/* The name itself is on the disk only with its folder; where that cannot be had, so be it. */
static void
sync_folder(const char *path)
{
	char folder[RCFILE_PATH];
	int fd;

	snprintf(folder, sizeof(folder), "%.*s", (int)(strrchr(path, '/') - path), path);
	fd = open(folder, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
	if (fd == -1)
		return;
	fsync(fd);
	close(fd);
}

/* Writes a new file, whose name ends in six X yet, and puts it in the place of the target. */
static bool
replace(const char *target, char *new, const char *text)
{
	int fd = mkstemp(new), error; /* mode 0600, O_EXCL */
	bool ok;

	if (fd == -1)
		return false;
	ok = write_all(fd, text);
	error = errno;
	if (close(fd) != 0 && ok) {
		ok = false;
		error = errno;
	}
	if (ok && rename(new, target) == 0)
		return true;
	if (ok)
		error = errno;
	unlink(new);
	errno = error;
	return false;
}

bool
rcfile_write(const char *path, const char *text, struct buf *err)
{
	char name[RCFILE_PATH + 8], real[PATH_MAX];
	const char *target = realpath(path, real) != NULL ? real : path;
	struct buf new;

	buf_init(&new, name, sizeof(name));
	buf_addf(&new, "%s.XXXXXX", target);
	if (new.cut)
		return fail(err, path, strerror(ENAMETOOLONG));
	if (!make_folders(target) || !replace(target, name, text))
		return fail(err, path, strerror(errno));
	sync_folder(target);
	return true;
}

bool
rcfile_first_time(const char *path)
{
	char folder[RCFILE_PATH];

	snprintf(folder, sizeof(folder), "%.*s", (int)(strrchr(path, '/') - path), path);
	return access(folder, F_OK) != 0 && errno == ENOENT && make_folders(path);
}
