#include "config.h"

#include "export/rotating_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "export/safe_dir.h"
#include "platform/fd.h"
#include "util/text.h"

#define NS    UINT64_C(1000000000)
#define LOOK  NS /* between two looks at whether the file is still there */
#define TRIES 100000

/* What was written of a record that does not fit is taken away; a pipe keeps it. */
static int
append(struct outfile *o, const void *bytes, size_t n)
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
	/* What cannot be cut off stays, and counts. */
	o->size += done;
	return error;
}

/* Somebody else has cut the file off, as logrotate(8) does behind a copy: it begins anew. */
static int
heed_cut(struct outfile *o)
{
	struct stat st;

	if (o->is_stdout || fstat(o->fd, &st) == -1 || (uint64_t)st.st_size >= o->size)
		return 0;
	o->size = (uint64_t)st.st_size;
	return o->size == 0 ? append(o, o->head, o->head_size) : 0;
}

/* To the disk first.  A pipe cannot be synced, and says so by EINVAL.  0 or errno. */
static int
sync_and_close(int fd)
{
	int error = fsync(fd) == -1 && errno != EINVAL ? errno : 0;

	return close(fd) == -1 && error == 0 ? errno : error;
}

/* With its tail.  0 or errno. */
static int
end_file(const struct outfile *o, int fd)
{
	int error = fd_write_all(fd, o->tail, o->tail_size, NULL), other = sync_and_close(fd);

	return error != 0 ? error : other;
}

static void
forget(struct outfile *o)
{
	if (o->fd != -1)
		close(o->fd);
	o->fd = -1;
}

/* Makes the file and writes its head, both or neither.  0 or errno. */
static int
begin(struct outfile *o, uint64_t monotonic)
{
	struct stat st;
	int error;

	o->fd = folder_create(&o->folder, o->name);
	if (o->fd == -1)
		return errno;
	o->size = 0;
	error = fstat(o->fd, &st) == -1 ? errno : append(o, o->head, o->head_size);
	if (error != 0) {
		forget(o);
		folder_unlink(&o->folder, o->name);
		return error;
	}
	o->dev = st.st_dev;
	o->ino = st.st_ino;
	o->opened_at = o->looked_at = monotonic;
	return 0;
}

static bool
open_stdout(struct outfile *o)
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
fail(struct buf *err, const char *path, const char *why)
{
	buf_clear(err);
	text_clean(err, path, strlen(path));
	buf_addf(err, ": %s", why);
	return false;
}

bool
outfile_open(struct outfile *o, const char *path, const struct outfile_rotation *r,
    const void *head, size_t head_size, uint64_t monotonic, struct buf *err)
{
	char text[256];
	struct buf why;
	int error;

	*o = (struct outfile){ .rotation = *r, .head = head, .head_size = head_size };
	o->folder = FOLDER_CLOSED;
	o->fd = -1;
	buf_init(&why, text, sizeof(text));
	if (strcmp(path, "-") == 0)
		return open_stdout(o) || fail(err, "standard output", strerror(errno));
	if (strlcpy(o->path, path, sizeof(o->path)) >= sizeof(o->path))
		return fail(err, path, strerror(ENAMETOOLONG));
	o->name = strrchr(o->path, '/') != NULL ? strrchr(o->path, '/') + 1 : o->path;
	if (*o->name == '\0')
		return fail(err, path, "a folder; name a file in it");
	if (o->name != o->path)
		strlcpy(o->dir, o->path, (size_t)(o->name - o->path) + 1);
	if (!folder_open(&o->folder, o->dir, &why))
		return fail(err, path, why.s);
	error = begin(o, monotonic);
	if (error == 0)
		return true;
	folder_close(&o->folder);
	return fail(err, path,
	    error == EEXIST ? "it is there already, and nothing is overwritten; take another name"
			    : file_ops_error(error));
}

/* "log.csv" and 3 make "log-3.csv".  False where that is too long. */
static bool
numbered(const struct outfile *o, unsigned number, char *name, size_t size)
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

/* Gives the file a name with the next number that is free. */
static bool
rename_numbered(struct outfile *o)
{
	char name[OUTFILE_PATH];
	bool done;

	for (unsigned i = 0; i < TRIES; i++) {
		if (!numbered(o, o->number + 1, name, sizeof(name))) {
			errno = ENAMETOOLONG;
			return false;
		}
		done = folder_rename(&o->folder, o->name, name);
		if (!done && errno != EEXIST)
			return false;
		o->number++;
		if (done)
			return true;
	}
	return false;
}

/* Of the files made here the one that is no longer to be kept goes. */
static void
keep_newest(struct outfile *o)
{
	unsigned keep = o->rotation.keep;
	unsigned *place;
	char name[OUTFILE_PATH];

	if (keep == 0)
		return;
	place = &o->made[o->n_made % keep];
	if (o->n_made >= keep && numbered(o, *place, name, sizeof(name)))
		folder_unlink(&o->folder, name);
	*place = o->number;
	o->n_made++;
}

/* A file that cannot be renamed is written on: better too long than lost.  0, or errno of what
 * became of the old one. */
static int
rotate(struct outfile *o, uint64_t monotonic)
{
	int old = o->fd;
	uint64_t size = o->size;

	o->stuck = rename_numbered(o) ? 0 : errno;
	o->rotate_at = monotonic + OUTFILE_RETRY;
	if (o->stuck != 0)
		return 0;
	keep_newest(o);
	o->stuck = begin(o, monotonic);
	if (o->stuck == 0) {
		o->rotate_at = 0;
		return end_file(o, old);
	}
	o->fd = old;
	o->size = size;
	return 0;
}

static bool
is_due(const struct outfile *o, size_t n, uint64_t monotonic)
{
	const struct outfile_rotation *r = &o->rotation;

	if (o->is_stdout || o->fd == -1 || o->size <= o->head_size || monotonic < o->rotate_at)
		return false;
	return (r->bytes > 0 && o->size + n + o->tail_size > r->bytes) ||
	    (r->ns > 0 && monotonic - o->opened_at >= r->ns);
}

/* Its folder may have been made anew as well. */
static int
begin_again(struct outfile *o, uint64_t monotonic)
{
	char text[256];
	struct folder again;
	struct buf why;

	buf_init(&why, text, sizeof(text));
	if (!folder_open(&again, o->dir, &why))
		return errno != 0 ? errno : EPERM;
	folder_close(&o->folder);
	o->folder = again;
	return begin(o, monotonic);
}

int
outfile_write(struct outfile *o, const void *bytes, size_t n, uint64_t monotonic)
{
	int error;

	if (is_due(o, n, monotonic) && (error = rotate(o, monotonic)) != 0)
		return error;
	error = o->fd == -1 ? begin_again(o, monotonic) : heed_cut(o);
	return error != 0 ? error : append(o, bytes, n);
}

int
outfile_tend(struct outfile *o, uint64_t monotonic)
{
	return is_due(o, 0, monotonic) ? rotate(o, monotonic) : 0;
}

bool
outfile_is_lost(struct outfile *o, uint64_t monotonic)
{
	struct stat ours;
	uint64_t dev, ino;
	bool lost;

	if (o->is_stdout || o->fd == -1 || monotonic - o->looked_at < LOOK)
		return false;
	o->looked_at = monotonic;
	if (folder_stat(&o->folder, o->name, &dev, &ino) && dev == o->dev && ino == o->ino)
		return false;
	lost = fstat(o->fd, &ours) == -1 || ours.st_nlink == 0;
	forget(o);
	return lost;
}

void
outfile_abandon(struct outfile *o)
{
	forget(o);
	folder_close(&o->folder);
}

int
outfile_close(struct outfile *o)
{
	int error = o->fd != -1 ? end_file(o, o->fd) : 0;

	folder_close(&o->folder);
	o->fd = -1;
	return error;
}
