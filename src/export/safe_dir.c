#include "config.h"

#include "export/safe_dir.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

void
folder_spell(char *out, size_t size, const char *path)
{
	size_t n = strlcpy(out, *path != '\0' ? path : ".", size);

	for (n = n < size ? n : size - 1; n > 1 && out[n - 1] == '/'; n--)
		out[n - 1] = '\0';
}

/* Has it done to a name in the folder, which becomes to.  False with errno. */
static bool
act(const struct folder *f, enum file_op op, const char *name, const char *to,
    struct file_reply *reply)
{
	struct file_request r = { .op = (uint8_t)op };

	*reply = (struct file_reply){ .fd = -1 };
	folder_spell(r.path, sizeof(r.path), f->path);
	strlcpy(r.sub, f->sub, sizeof(r.sub));
	if (strlcpy(r.name, name, sizeof(r.name)) >= sizeof(r.name) ||
	    strlcpy(r.to, to, sizeof(r.to)) >= sizeof(r.to)) {
		errno = ENAMETOOLONG;
		return false;
	}
	return file_ops_do(f->fd, &r, reply);
}

/* Where anyone may rename anyone's files, no name that we make is safe. */
bool
folder_open(struct folder *f, const char *path, struct buf *why)
{
	struct file_reply reply;
	struct stat st;
	int error;

	*f = (struct folder){ .fd = -1, .path = path };
	if (!act(f, FILE_FOLDER, "", "", &reply) || fstat(reply.fd, &st) == -1) {
		buf_setf(why, "the folder cannot be opened: %s", file_ops_error(errno));
	} else if ((st.st_mode & S_IWOTH) && !(st.st_mode & S_ISVTX)) {
		errno = EPERM;
		buf_setf(why,
		    "everybody may write there, and it is not sticky: "
		    "choose another folder or run chmod o-w on it");
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
folder_close(struct folder *f)
{
	if (f->fd != -1)
		close(f->fd);
	f->fd = -1;
}

bool
folder_make(struct folder *f, const struct folder *in, const char *name)
{
	struct file_reply reply;
	bool ok = act(in, FILE_MKDIR, name, "", &reply);

	*f = (struct folder){ .fd = reply.fd, .path = in->path };
	strlcpy(f->sub, name, sizeof(f->sub));
	return ok;
}

int
folder_create(const struct folder *f, const char *name)
{
	struct file_reply reply;

	act(f, FILE_CREATE, name, "", &reply);
	return reply.fd;
}

bool
folder_rename(const struct folder *f, const char *from, const char *to)
{
	struct file_reply reply;

	return act(f, FILE_RENAME, from, to, &reply);
}

bool
folder_replace(const struct folder *f, const char *from, const char *to)
{
	struct file_reply reply;

	return act(f, FILE_REPLACE, from, to, &reply);
}

bool
folder_unlink(const struct folder *f, const char *name)
{
	struct file_reply reply;

	return act(f, FILE_UNLINK, name, "", &reply);
}

bool
folder_rmdir(const struct folder *f, const char *name)
{
	struct file_reply reply;

	return act(f, FILE_RMDIR, name, "", &reply);
}

bool
folder_stat(const struct folder *f, const char *name, uint64_t *dev, uint64_t *ino)
{
	struct file_reply reply;
	bool ok = act(f, FILE_STAT, name, "", &reply);

	*dev = reply.dev;
	*ino = reply.ino;
	return ok;
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
