#include "config.h"

#include "export/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/file_ops.h"
#include "util/text.h"

#define NS    UINT64_C(1000000000)
#define LOOK  NS /* between checks that the file still exists */
#define TRIES 100000

/* Truncates a partial record; a pipe keeps it. */
static int
rotating_file_append(struct rotating_file *o, const void *bytes, size_t n)
{
	size_t done;
	int error = fd_write_all(o->fd, bytes, n, &done);
	struct stat st;

	if (error == 0) {
		o->size += n;
		return 0;
	}
	if (done > 0 && !o->is_stdout && fstat(o->fd, &st) == 0 &&
	    ftruncate(o->fd, st.st_size - (off_t)done) == 0)
		return error;
	/* If truncation fails, the bytes stay, and count. */
	o->size += done;
	return error;
}

/* Another process has truncated the file after a copy, like logrotate(8): starts with the head
 * again. */
static int
rotating_file_note_truncated(struct rotating_file *o)
{
	struct stat st;

	if (o->is_stdout || fstat(o->fd, &st) == -1 || (uint64_t)st.st_size >= o->size)
		return 0;
	o->size = (uint64_t)st.st_size;
	return o->size == 0 ? rotating_file_append(o, o->head, o->head_size) : 0;
}

/* Syncs the file; EINVAL means that it is a pipe. Returns 0 or errno. */
static int
rotating_file_sync_close(int fd)
{
	int error = fsync(fd) == -1 && errno != EINVAL ? errno : 0;

	return close(fd) == -1 && error == 0 ? errno : error;
}

/* Appends the tail. Returns 0 or errno. */
static int
rotating_file_finish(const struct rotating_file *o, int fd)
{
	int error = fd_write_all(fd, o->tail, o->tail_size, NULL),
	    other = rotating_file_sync_close(fd);

	return error != 0 ? error : other;
}

static void
rotating_file_clear(struct rotating_file *o)
{
	if (o->fd != -1)
		close(o->fd);
	o->fd = -1;
}

/* Creates the file and writes its head, both or neither. Returns 0 or errno. */
static int
rotating_file_create(struct rotating_file *o, uint64_t monotonic)
{
	struct stat st;
	int error;

	o->fd = safe_dir_create(&o->safe_dir, o->name);
	if (o->fd == -1)
		return errno;
	o->size = 0;
	error = fstat(o->fd, &st) == -1 ? errno : rotating_file_append(o, o->head, o->head_size);
	if (error != 0) {
		rotating_file_clear(o);
		safe_dir_unlink(&o->safe_dir, o->name);
		return error;
	}
	o->dev = st.st_dev;
	o->ino = st.st_ino;
	o->opened_at = o->checked_at = monotonic;
	return 0;
}

static bool
rotating_file_open_stdout(struct rotating_file *o)
{
	size_t done;

	o->is_stdout = true;
	o->fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
	if (o->fd == -1)
		return false;
	errno = fd_write_all(o->fd, o->head, o->head_size, &done);
	return errno == 0 || errno == EPIPE;
}

static bool
rotating_file_set_error(struct buf *err, const char *path, const char *why)
{
	buf_clear(err);
	text_clean(err, path, strlen(path));
	buf_addf(err, ": %s", why);
	return false;
}

bool
rotating_file_open(struct rotating_file *o, const char *path, const struct file_rotation *r,
    const void *head, size_t head_size, uint64_t monotonic, struct buf *err)
{
	char text[256];
	struct buf why;
	int error;

	*o = (struct rotating_file){ .rotation = *r, .head = head, .head_size = head_size };
	o->safe_dir = SAFE_DIR_CLOSED;
	o->fd = -1;
	buf_init(&why, text, sizeof(text));
	if (strcmp(path, "-") == 0)
		return rotating_file_open_stdout(o) ||
		    rotating_file_set_error(err, "standard output", strerror(errno));
	if (strlcpy(o->path, path, sizeof(o->path)) >= sizeof(o->path))
		return rotating_file_set_error(err, path, strerror(ENAMETOOLONG));
	o->name = strrchr(o->path, '/') != NULL ? strrchr(o->path, '/') + 1 : o->path;
	if (*o->name == '\0')
		return rotating_file_set_error(err, path, "is a directory; name a file in it");
	if (o->name != o->path)
		strlcpy(o->dir, o->path, (size_t)(o->name - o->path) + 1);
	if (!safe_dir_open(&o->safe_dir, o->dir, &why))
		return rotating_file_set_error(err, path, why.s);
	error = rotating_file_create(o, monotonic);
	if (error == 0)
		return true;
	safe_dir_close(&o->safe_dir);
	return rotating_file_set_error(err, path,
	    error == EEXIST ? "already exists and is never overwritten; choose another name"
			    : file_ops_error(error));
}

/* "log.csv" and 3 make "log-3.csv". False if that is too long. */
static bool
rotating_file_numbered_name(const struct rotating_file *o, unsigned number, char *name, size_t size)
{
	const char *dot = strrchr(o->name, '.');
	struct buf b;

	if (dot == NULL || dot == o->name)
		dot = o->name + strlen(o->name);
	buf_init(&b, name, size);
	buf_add(&b, o->name, (size_t)(dot - o->name));
	buf_addf(&b, "-%u%s", number, dot);
	return !b.truncated;
}

/* Renames the file to the next free number. */
static bool
rotating_file_rename_numbered(struct rotating_file *o)
{
	char name[ROTATING_FILE_PATH];
	bool done;

	for (unsigned i = 0; i < TRIES; i++) {
		if (!rotating_file_numbered_name(o, o->number + 1, name, sizeof(name))) {
			errno = ENAMETOOLONG;
			return false;
		}
		done = safe_dir_rename(&o->safe_dir, o->name, name);
		if (!done && errno != EEXIST)
			return false;
		o->number++;
		if (done)
			return true;
	}
	return false;
}

/* Removes the oldest file of this run beyond the number to keep. */
static void
rotating_file_keep_newest(struct rotating_file *o)
{
	unsigned keep = o->rotation.keep;
	unsigned *place;
	char name[ROTATING_FILE_PATH];

	if (keep == 0)
		return;
	place = &o->made[o->n_made % keep];
	if (o->n_made >= keep && rotating_file_numbered_name(o, *place, name, sizeof(name)))
		safe_dir_unlink(&o->safe_dir, name);
	*place = o->number;
	o->n_made++;
}

/* A file that cannot be renamed continues to grow: better too large than lost. Returns 0, or
 * errno for the old file. */
static int
rotating_file_rotate(struct rotating_file *o, uint64_t monotonic)
{
	int old = o->fd;
	uint64_t size = o->size;

	o->rotate_error = rotating_file_rename_numbered(o) ? 0 : errno;
	o->rotate_at = monotonic + ROTATING_FILE_RETRY;
	if (o->rotate_error != 0)
		return 0;
	rotating_file_keep_newest(o);
	o->rotate_error = rotating_file_create(o, monotonic);
	if (o->rotate_error == 0) {
		o->rotate_at = 0;
		return rotating_file_finish(o, old);
	}
	o->fd = old;
	o->size = size;
	return 0;
}

static bool
rotating_file_is_due(const struct rotating_file *o, size_t n, uint64_t monotonic)
{
	const struct file_rotation *r = &o->rotation;

	if (o->is_stdout || o->fd == -1 || o->size <= o->head_size || monotonic < o->rotate_at)
		return false;
	return (r->bytes > 0 && o->size + n + o->tail_size > r->bytes) ||
	    (r->ns > 0 && monotonic - o->opened_at >= r->ns);
}

/* Opens the directory again, which may have been re-created too. */
static int
rotating_file_recreate(struct rotating_file *o, uint64_t monotonic)
{
	char text[256];
	struct safe_dir again;
	struct buf why;

	buf_init(&why, text, sizeof(text));
	if (!safe_dir_open(&again, o->dir, &why))
		return errno != 0 ? errno : EPERM;
	safe_dir_close(&o->safe_dir);
	o->safe_dir = again;
	return rotating_file_create(o, monotonic);
}

int
rotating_file_write(struct rotating_file *o, const void *bytes, size_t n, uint64_t monotonic)
{
	int error;

	if (rotating_file_is_due(o, n, monotonic) &&
	    (error = rotating_file_rotate(o, monotonic)) != 0)
		return error;
	error =
	    o->fd == -1 ? rotating_file_recreate(o, monotonic) : rotating_file_note_truncated(o);
	return error != 0 ? error : rotating_file_append(o, bytes, n);
}

int
rotating_file_poll(struct rotating_file *o, uint64_t monotonic)
{
	return rotating_file_is_due(o, 0, monotonic) ? rotating_file_rotate(o, monotonic) : 0;
}

bool
rotating_file_is_gone(struct rotating_file *o, uint64_t monotonic)
{
	struct stat ours;
	uint64_t dev, ino;
	bool lost;

	if (o->is_stdout || o->fd == -1 || monotonic - o->checked_at < LOOK)
		return false;
	o->checked_at = monotonic;
	if (safe_dir_stat(&o->safe_dir, o->name, &dev, &ino) && dev == o->dev && ino == o->ino)
		return false;
	lost = fstat(o->fd, &ours) == -1 || ours.st_nlink == 0;
	rotating_file_clear(o);
	return lost;
}

void
rotating_file_abandon(struct rotating_file *o)
{
	rotating_file_clear(o);
	safe_dir_close(&o->safe_dir);
}

int
rotating_file_close(struct rotating_file *o)
{
	int error = o->fd != -1 ? rotating_file_finish(o, o->fd) : 0;

	safe_dir_close(&o->safe_dir);
	o->fd = -1;
	return error;
}
