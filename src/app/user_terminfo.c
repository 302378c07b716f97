#include "config.h"

#include "app/run.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "platform/file_ops.h"
#include "util/buf.h"

#define ENTRY_MAX 32768 /* bytes of a description: term(5) */

/* Directories are named by the first letter, or by its number if file systems ignore case. */
static void
user_terminfo_add_path(
    struct user_terminfo *t, const char *folder, const char *below, const char *term)
{
	for (unsigned i = 0; i < 2; i++) {
		struct buf b;

		buf_init(&b, t->path[t->n], sizeof(t->path[0]));
		if (i == 0)
			buf_addf(&b, "%s%s/%c/%s", folder, below, term[0], term);
		else
			buf_addf(&b, "%s%s/%02x/%s", folder, below, (unsigned char)term[0], term);
		t->n += !b.truncated;
	}
}

void
user_terminfo_find(struct user_terminfo *t)
{
	const char *term = getenv("TERM"), *folder = getenv("TERMINFO"), *home = getenv("HOME");

	t->n = 0;
	if (term == NULL || *term == '\0' || strchr(term, '/') != NULL)
		return;
	if (folder != NULL && *folder == '/')
		user_terminfo_add_path(t, folder, "", term);
	if (home != NULL && *home == '/')
		user_terminfo_add_path(t, home, "/.terminfo", term);
}

static void
user_terminfo_set_env(const uint8_t *entry, size_t n)
{
	struct buf b;

	buf_new(&b);
	buf_adds(&b, "hex:");
	for (size_t i = 0; i < n; i++)
		buf_addf(&b, "%02X", entry[i]);
	setenv("TERMINFO", b.s, 1);
	buf_del(&b);
}

void
user_terminfo_import(const struct user_terminfo *t)
{
	static uint8_t entry[ENTRY_MAX];

	for (unsigned i = 0; i < t->n; i++) {
		int fd = file_ops_open_dir(t->path[i]);
		ssize_t n;

		if (fd == -1)
			continue;
		n = read(fd, entry, sizeof(entry));
		close(fd);
		if (n > 0)
			user_terminfo_set_env(entry, (size_t)n);
		return;
	}
}
