#include "config.h"

#include "export/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "util/text.h"

/* Where anyone may rename anyone's files, no name that we make is safe. */
int
folder_open(const char *dir, struct buf *why)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat st;

	if (fd == -1 || fstat(fd, &st) == -1) {
		buf_setf(why, "the folder cannot be opened: %s", folder_error(errno));
	} else if ((st.st_mode & S_IWOTH) && !(st.st_mode & S_ISVTX)) {
		errno = EPERM;
		buf_setf(why,
		    "everybody may write there, and it is not sticky: "
		    "choose another folder or run chmod o-w on it");
	} else {
		return fd;
	}
	if (fd != -1) {
		int error = errno;

		close(fd);
		errno = error;
	}
	return -1;
}

int
folder_create(int dirfd, const char *name)
{
	/* To the end, also after logrotate(8) has copied and cut it: else there would be a hole. */
	const int flags = O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;

	return openat(dirfd, name, flags, 0600);
}

bool
folder_rename(int dirfd, const char *from, const char *to)
{
	struct stat st;

#ifdef RENAME_NOREPLACE
	if (renameat2(dirfd, from, dirfd, to, RENAME_NOREPLACE) == 0)
		return true;
	if (errno != EINVAL && errno != ENOSYS)
		return false;
#endif
	/* Between this look and the renaming a name could be taken; a folder would then still
	 * take the place of nothing but an empty one. */
	if (fstatat(dirfd, to, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		errno = EEXIST;
		return false;
	}
	if (errno != ENOENT)
		return false;
	if (renameat(dirfd, from, dirfd, to) == 0)
		return true;
	if (errno == ENOTEMPTY || errno == ENOTDIR)
		errno = EEXIST;
	return false;
}

bool
folder_stamp(struct buf *b, uint64_t now)
{
	time_t seconds = (time_t)(now / UINT64_C(1000000000));
	char text[32];
	struct tm tm;

	if (localtime_r(&seconds, &tm) == NULL ||
	    strftime(text, sizeof(text), "%Y%m%d-%H%M%S", &tm) == 0)
		return false;
	buf_adds(b, text);
	return true;
}

const char *
folder_error(int error)
{
	static char text[160];
	const struct passwd *pw;
	struct buf b;

	if (error != EACCES && error != EPERM)
		return strerror(error);
	pw = getpwuid(geteuid());
	buf_init(&b, text, sizeof(text));
	buf_addf(&b, "%s for user ", strerror(error));
	if (pw != NULL)
		text_clean(&b, pw->pw_name, strlen(pw->pw_name));
	else
		buf_addu(&b, geteuid());
	return text;
}
