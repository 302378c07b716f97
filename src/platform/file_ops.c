#include "config.h"

#include "platform/file_ops.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/attr.h"
#include "util/buf.h"
#include "util/text.h"

static struct {
	file_ask_fn *ask;
	int fd;
} helper = { .fd = -1 };

void
file_ops_set_helper(file_ask_fn *ask, int fd)
{
	helper.ask = ask;
	helper.fd = fd;
}

int
file_ops_helper(void)
{
	return helper.fd;
}

#define FILE_FLAGS   (O_RDONLY | O_CLOEXEC | O_NOCTTY)
#define FOLDER_FLAGS (O_RDONLY | O_DIRECTORY | O_CLOEXEC)

static int
file_ops_open_file(int dirfd ATTR_UNUSED, const struct file_request *r)
{
	return open(r->path, FILE_FLAGS);
}

static int
file_ops_open_dir_fd(int dirfd ATTR_UNUSED, const struct file_request *r)
{
	return open(r->path, FILE_FLAGS | O_NONBLOCK);
}

static int
file_ops_open_write_dir(int dirfd ATTR_UNUSED, const struct file_request *r)
{
	return open(r->path, FOLDER_FLAGS);
}

/* Parent directories may exist without being readable. */
static int
file_ops_make_parents(int dirfd ATTR_UNUSED, const struct file_request *r)
{
	char folder[FILE_PATH_MAX];

	for (const char *end = r->path; (end = strchr(end + 1, '/')) != NULL;) {
		strlcpy(folder, r->path, (size_t)(end - r->path) + 1);
		if (mkdir(folder, 0700) == -1 && errno != EEXIST && access(folder, F_OK) == -1)
			return -1;
	}
	return mkdir(r->path, 0700);
}

static int
file_ops_create(int dirfd, const struct file_request *r)
{
	/* Append, so that logrotate(8) can copy and truncate without leaving a hole. */
	const int flags = O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;

	return openat(dirfd, r->name, flags, 0600);
}

/* A FIFO would wait for its writer. */
static int
file_ops_read_file(int dirfd, const struct file_request *r)
{
	return openat(dirfd, r->name, FILE_FLAGS | O_NOFOLLOW | O_NONBLOCK);
}

/* Another user with write access to the directory might have replaced the new one. */
static int
file_ops_make_new_dir(int dirfd, const struct file_request *r)
{
	struct stat st;
	int fd;

	if (mkdirat(dirfd, r->name, 0700) == -1)
		return -1;
	fd = openat(dirfd, r->name, FOLDER_FLAGS | O_NOFOLLOW);
	if (fd != -1 && (fstat(fd, &st) == -1 || st.st_uid != geteuid())) {
		close(fd);
		errno = EPERM;
		return -1;
	}
	return fd;
}

static int
file_ops_rename_file(int dirfd, const struct file_request *r)
{
	struct stat st;

#ifdef RENAME_NOREPLACE
	if (renameat2(dirfd, r->name, dirfd, r->to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
#endif
	/* The name could be created between this check and the rename; a directory would still
	 * replace only an empty one. */
	if (fstatat(dirfd, r->to, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		errno = EEXIST;
		return -1;
	}
	if (errno != ENOENT)
		return -1;
	if (renameat(dirfd, r->name, dirfd, r->to) == 0)
		return 0;
	if (errno == ENOTEMPTY || errno == ENOTDIR)
		errno = EEXIST;
	return -1;
}

static int
file_ops_replace_file(int dirfd, const struct file_request *r)
{
	return renameat(dirfd, r->name, dirfd, r->to);
}

static int
file_ops_unlink_file(int dirfd, const struct file_request *r)
{
	return unlinkat(dirfd, r->name, 0);
}

static int
file_ops_remove_dir(int dirfd, const struct file_request *r)
{
	return unlinkat(dirfd, r->name, AT_REMOVEDIR);
}

/* Returns a descriptor or -1 if `opens`, else 0 or -1. */
static const struct {
	int (*act)(int dirfd, const struct file_request *r);
	bool opens;
} operations[FILE_OPS] = {
	[FILE_OPEN] = { file_ops_open_file, true },
	[FILE_LOOK] = { file_ops_open_dir_fd, true },
	[FILE_FOLDER] = { file_ops_open_write_dir, true },
	[FILE_MAKE] = { file_ops_make_parents, false },
	[FILE_CREATE] = { file_ops_create, true },
	[FILE_MKDIR] = { file_ops_make_new_dir, true },
	[FILE_READ] = { file_ops_read_file, true },
	[FILE_RENAME] = { file_ops_rename_file, false },
	[FILE_REPLACE] = { file_ops_replace_file, false },
	[FILE_UNLINK] = { file_ops_unlink_file, false },
	[FILE_RMDIR] = { file_ops_remove_dir, false },
};

static void
file_ops_stat(int dirfd, const struct file_request *r, struct file_reply *reply)
{
	struct stat st;

	if (fstatat(dirfd, r->name, &st, 0) == -1) {
		reply->error = errno;
		return;
	}
	reply->dev = st.st_dev;
	reply->ino = st.st_ino;
}

void
file_ops_perform(int dirfd, const struct file_request *r, struct file_reply *reply)
{
	int result;

	assert(r->op < FILE_OPS);
	*reply = (struct file_reply){ .fd = -1 };
	if (r->op == FILE_STAT) {
		file_ops_stat(dirfd, r, reply);
		return;
	}
	result = operations[r->op].act(dirfd, r);
	if (result == -1)
		reply->error = errno;
	else if (operations[r->op].opens)
		reply->fd = result;
}

bool
file_ops_do(int dirfd, const struct file_request *r, struct file_reply *reply)
{
	/* If the helper refuses, this process tries with its own rights. */
	if (helper.ask != NULL)
		helper.ask(helper.fd, r, reply);
	if (helper.ask == NULL || reply->error == EPERM)
		file_ops_perform(dirfd, r, reply);
	errno = reply->error;
	return reply->error == 0;
}

static struct file_reply
file_ops_do_path(const char *path, enum file_op op)
{
	struct file_request r = { .op = (uint8_t)op };
	struct file_reply reply = { .error = ENAMETOOLONG, .fd = -1 };

	if (strlcpy(r.path, path, sizeof(r.path)) < sizeof(r.path))
		file_ops_do(-1, &r, &reply);
	errno = reply.error;
	return reply;
}

int
file_ops_open(const char *path)
{
	return file_ops_do_path(path, FILE_OPEN).fd;
}

int
file_ops_open_dir(const char *path)
{
	return file_ops_do_path(path, FILE_LOOK).fd;
}

/* Without the helper, the name is relative to the directory itself. */
int
file_ops_open_in(const char *folder, const char *name)
{
	struct file_request r = { .op = FILE_READ };
	struct file_reply reply = { .fd = -1 };
	int dirfd = file_ops_do_path(folder, FILE_FOLDER).fd;

	if (dirfd == -1)
		return -1;
	strlcpy(r.path, folder, sizeof(r.path));
	if (strlcpy(r.name, name, sizeof(r.name)) >= sizeof(r.name))
		reply.error = ENAMETOOLONG;
	else
		file_ops_do(dirfd, &r, &reply);
	close(dirfd);
	errno = reply.error;
	return reply.fd;
}

bool
file_ops_make_dir(const char *folder)
{
	return file_ops_do_path(folder, FILE_MAKE).error == 0;
}

const char *
file_ops_error(int error)
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
