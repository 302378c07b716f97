#include "config.h"

#include "export/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

void
safe_dir_spell(char *out, size_t size, const char *path)
{
	size_t n = strlcpy(out, *path != '\0' ? path : ".", size);

	for (n = n < size ? n : size - 1; n > 1 && out[n - 1] == '/'; n--)
		out[n - 1] = '\0';
}

/* Runs an operation on a name in the directory; to: the new name. False with errno. */
static bool
safe_dir_file_op(const struct safe_dir *f, enum file_op op, const char *name, const char *to,
    struct file_reply *reply)
{
	struct file_request r = { .op = (uint8_t)op };

	*reply = (struct file_reply){ .fd = -1 };
	safe_dir_spell(r.path, sizeof(r.path), f->path);
	strlcpy(r.sub, f->subdir, sizeof(r.sub));
	if (strlcpy(r.name, name, sizeof(r.name)) >= sizeof(r.name) ||
	    strlcpy(r.to, to, sizeof(r.to)) >= sizeof(r.to)) {
		errno = ENAMETOOLONG;
		return false;
	}
	return file_ops_do(f->fd, &r, reply);
}

/* If any user may rename any file, names in the directory are not safe. */
bool
safe_dir_open(struct safe_dir *f, const char *path, struct buf *why)
{
	struct file_reply reply;
	struct stat st;
	int error;

	*f = (struct safe_dir){ .fd = -1, .path = path };
	if (!safe_dir_file_op(f, FILE_FOLDER, "", "", &reply) || fstat(reply.fd, &st) == -1) {
		buf_setf(why, "cannot open directory: %s", file_ops_error(errno));
	} else if ((st.st_mode & S_IWOTH) && !(st.st_mode & S_ISVTX)) {
		errno = EPERM;
		buf_setf(why,
		    "directory is writable by everyone and not sticky; choose another one or run "
		    "chmod o-w on it");
	} else {
		f->fd = reply.fd;
		return true;
	}
	error = errno;
	if (reply.fd != -1)
		close(reply.fd);
	errno = error;
	return false;
}

void
safe_dir_close(struct safe_dir *f)
{
	if (f->fd != -1)
		close(f->fd);
	f->fd = -1;
}

bool
safe_dir_make(struct safe_dir *f, const struct safe_dir *in, const char *name)
{
	struct file_reply reply;
	bool ok = safe_dir_file_op(in, FILE_MKDIR, name, "", &reply);

	*f = (struct safe_dir){ .fd = reply.fd, .path = in->path };
	strlcpy(f->subdir, name, sizeof(f->subdir));
	return ok;
}

int
safe_dir_create(const struct safe_dir *f, const char *name)
{
	struct file_reply reply;

	safe_dir_file_op(f, FILE_CREATE, name, "", &reply);
	return reply.fd;
}

/* Without the helper, names are relative to the directory itself. */
int
safe_dir_read(const struct safe_dir *f, const char *snapshot, const char *name)
{
	struct safe_dir in = { .fd = openat(f->fd, snapshot,
				   O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
		.path = f->path };
	struct file_reply reply;

	strlcpy(in.subdir, snapshot, sizeof(in.subdir));
	safe_dir_file_op(&in, FILE_READ, name, "", &reply);
	safe_dir_close(&in);
	return reply.fd;
}

bool
safe_dir_rename(const struct safe_dir *f, const char *from, const char *to)
{
	struct file_reply reply;

	return safe_dir_file_op(f, FILE_RENAME, from, to, &reply);
}

bool
safe_dir_replace(const struct safe_dir *f, const char *from, const char *to)
{
	struct file_reply reply;

	return safe_dir_file_op(f, FILE_REPLACE, from, to, &reply);
}

bool
safe_dir_unlink(const struct safe_dir *f, const char *name)
{
	struct file_reply reply;

	return safe_dir_file_op(f, FILE_UNLINK, name, "", &reply);
}

bool
safe_dir_rmdir(const struct safe_dir *f, const char *name)
{
	struct file_reply reply;

	return safe_dir_file_op(f, FILE_RMDIR, name, "", &reply);
}

bool
safe_dir_stat(const struct safe_dir *f, const char *name, uint64_t *dev, uint64_t *ino)
{
	struct file_reply reply;
	bool ok = safe_dir_file_op(f, FILE_STAT, name, "", &reply);

	*dev = reply.dev;
	*ino = reply.ino;
	return ok;
}

bool
safe_dir_time_name(struct buf *b, uint64_t now)
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
