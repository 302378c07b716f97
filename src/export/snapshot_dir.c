/*
 * How a snapshot comes into the world: whole, under a name of its own, and
 * through nothing that somebody else may have put there.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "export/private.h"
#include "export/safe_dir.h"
#include "export/snapshot.h"
#include "util/buf.h"
#include "util/text.h"

#define HIDDEN       ".pkttop-"
#define HIDDEN_CHARS 12 /* 32^12: nobody fills them all */
#define FOLDER_NAME  48
#define TRIES        999

struct new_folder {
	struct folder parent; /* the folder below which it comes */
	struct folder made;   /* under its hidden name */
	char hidden[sizeof(HIDDEN) + HIDDEN_CHARS];
	char name[FOLDER_NAME];
};

static bool
fail(struct buf *why, const char *what)
{
	buf_setf(why, "%s: %s", what, file_ops_error(errno));
	return false;
}

static void
name_hidden(struct new_folder *f)
{
	static const char letter[] = "abcdefghijklmnopqrstuvwxyz234567";
	size_t at = sizeof(HIDDEN) - 1;

	memcpy(f->hidden, HIDDEN, at);
	for (unsigned i = 0; i < HIDDEN_CHARS; i++)
		f->hidden[at++] = letter[arc4random_uniform(sizeof(letter) - 1)];
	f->hidden[at] = '\0';
}

static bool
make_hidden(struct new_folder *f, struct buf *why)
{
	name_hidden(f);
	if (folder_make(&f->made, &f->parent, f->hidden))
		return true;
	f->hidden[0] = '\0'; /* so that nothing in it is touched */
	return fail(why, "a folder cannot be made there");
}

static bool
publish(struct new_folder *f, uint64_t now, struct buf *why)
{
	struct buf name;

	buf_init(&name, f->name, sizeof(f->name));
	for (int i = 1; i <= TRIES; i++) {
		buf_setf(&name, "pkttop-");
		if (!folder_stamp(&name, now)) {
			buf_setf(why, "the time is beyond the calendar");
			return false;
		}
		if (i > 1)
			buf_addf(&name, "-%d", i);
		if (folder_rename(&f->parent, f->hidden, f->name)) {
			f->hidden[0] = '\0';
			return true;
		}
		if (errno != EEXIST)
			break;
	}
	return fail(why, "it cannot be given its name");
}

/* Some file systems cannot sync a folder, and say so by EINVAL: then there is nothing to wait for.
 */
static bool
sync_folder(int fd, struct buf *why)
{
	if (fsync(fd) == 0 || errno == EINVAL)
		return true;
	return fail(why, "it cannot be brought to the disk");
}

static void
remove_hidden(struct new_folder *f)
{
	if (f->hidden[0] == '\0')
		return;
	for (unsigned i = 0; f->made.fd != -1 && i < n_snapshot_files; i++)
		folder_unlink(&f->made, snapshot_file[i].name);
	folder_rmdir(&f->parent, f->hidden);
}

static bool
write_folder(
    struct new_folder *f, const struct ledger *l, const char *dir, uint64_t now, struct buf *why)
{
	return folder_open(&f->parent, dir, why) && make_hidden(f, why) &&
	    snapshot_files(&f->made, l, why) && sync_folder(f->made.fd, why) &&
	    publish(f, now, why) && sync_folder(f->parent.fd, why);
}

static void
say(struct buf *said, bool ok, const struct new_folder *f, const char *dir, const char *why)
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
	struct new_folder f = { .parent = FOLDER_CLOSED, .made = FOLDER_CLOSED };
	const char *where = dir != NULL && dir[0] != '\0' ? dir : ".";
	char reason[256];
	struct buf why;
	bool ok;

	buf_init(&why, reason, sizeof(reason));
	ok = write_folder(&f, l, where, now, &why);
	if (!ok)
		remove_hidden(&f);
	folder_close(&f.made);
	folder_close(&f.parent);
	say(said, ok, &f, where, reason);
	return ok;
}
