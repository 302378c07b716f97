/*
 * Publishes a snapshot: complete, under an unused name, and not through names that other users
 * control.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "export/file.h"
#include "export/private.h"
#include "export/snapshot.h"
#include "util/buf.h"
#include "util/text.h"

#define HIDDEN       ".pkttop-"
#define HIDDEN_CHARS 12 /* 32^12 names */
#define FOLDER_NAME  48
#define TRIES        999

struct new_dir {
	struct safe_dir parent; /* the directory that will contain it */
	struct safe_dir made;   /* under its hidden name */
	char hidden[sizeof(HIDDEN) + HIDDEN_CHARS];
	char name[FOLDER_NAME];
};

static bool
snapshot_dir_set_error(struct buf *why, const char *what)
{
	buf_setf(why, "%s: %s", what, file_ops_error(errno));
	return false;
}

static void
snapshot_dir_name_hidden(struct new_dir *f)
{
	static const char letter[] = "abcdefghijklmnopqrstuvwxyz234567";
	size_t at = sizeof(HIDDEN) - 1;

	memcpy(f->hidden, HIDDEN, at);
	for (unsigned i = 0; i < HIDDEN_CHARS; i++)
		f->hidden[at++] = letter[arc4random_uniform(sizeof(letter) - 1)];
	f->hidden[at] = '\0';
}

static bool
snapshot_dir_make_hidden(struct new_dir *f, struct buf *why)
{
	snapshot_dir_name_hidden(f);
	if (safe_dir_make(&f->made, &f->parent, f->hidden))
		return true;
	f->hidden[0] = '\0'; /* so that nothing in it is touched */
	return snapshot_dir_set_error(why, "cannot create directory");
}

static bool
snapshot_dir_publish(struct new_dir *f, uint64_t now, struct buf *why)
{
	struct buf name;

	buf_init(&name, f->name, sizeof(f->name));
	for (int i = 1; i <= TRIES; i++) {
		buf_setf(&name, "pkttop-");
		if (!safe_dir_time_name(&name, now)) {
			buf_setf(why, "the time is out of range");
			return false;
		}
		if (i > 1)
			buf_addf(&name, "-%d", i);
		if (safe_dir_rename(&f->parent, f->hidden, f->name)) {
			f->hidden[0] = '\0';
			return true;
		}
		if (errno != EEXIST)
			break;
	}
	return snapshot_dir_set_error(why, "cannot rename directory");
}

/* EINVAL means that the file system cannot sync a directory. */
static bool
snapshot_dir_sync(int fd, struct buf *why)
{
	if (fsync(fd) == 0 || errno == EINVAL)
		return true;
	return snapshot_dir_set_error(why, "cannot sync directory");
}

static void
snapshot_dir_remove_hidden(struct new_dir *f)
{
	if (f->hidden[0] == '\0')
		return;
	for (unsigned i = 0; f->made.fd != -1 && i < n_snapshot_files; i++)
		safe_dir_unlink(&f->made, snapshot_file[i].name);
	safe_dir_rmdir(&f->parent, f->hidden);
}

static bool
snapshot_dir_write(
    struct new_dir *f, const struct ledger *l, const char *dir, uint64_t now, struct buf *why)
{
	return safe_dir_open(&f->parent, dir, why) && snapshot_dir_make_hidden(f, why) &&
	    snapshot_write_files(&f->made, l, why) && snapshot_dir_sync(f->made.fd, why) &&
	    snapshot_dir_publish(f, now, why) && snapshot_dir_sync(f->parent.fd, why);
}

static void
snapshot_dir_result_text(
    struct buf *said, bool ok, const struct new_dir *f, const char *dir, const char *why)
{
	buf_clear(said);
	buf_adds(said, ok ? "snapshot written to " : "no snapshot in ");
	text_clean(said, dir, strlen(dir));
	if (ok)
		buf_addf(said, "/%s", f->name);
	else
		buf_addf(said, ": %s", why);
}

bool
snapshot_write(const struct ledger *l, const char *dir, uint64_t now, struct buf *said)
{
	struct new_dir f = { .parent = SAFE_DIR_CLOSED, .made = SAFE_DIR_CLOSED };
	const char *where = dir != NULL && dir[0] != '\0' ? dir : ".";
	char reason[256];
	struct buf why;
	bool ok;

	buf_init(&why, reason, sizeof(reason));
	ok = snapshot_dir_write(&f, l, where, now, &why);
	if (!ok)
		snapshot_dir_remove_hidden(&f);
	safe_dir_close(&f.made);
	safe_dir_close(&f.parent);
	snapshot_dir_result_text(said, ok, &f, where, reason);
	return ok;
}
