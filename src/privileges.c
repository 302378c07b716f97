/* What pkttop still needs of the power that it was started with, and what of the command line. */
#include "config.h"

#include "privileges.h"

#include <stdlib.h>
#include <string.h>

#include "export/folder.h"
#include "platform/file_helper.h"
#include "platform/privilege.h"
#include "rcfile.h"
#include "util/attr.h"
#include "util/buf.h"
#include "util/die.h"

#define FOLDERS 5 /* snapshots, three kinds of records, the settings */

struct named {
	const char **file; /* room for those of the options and two more */
	const char *folder[FOLDERS];
	char path[FOLDERS][OUTFILE_PATH]; /* what folder points to */
	char settings[RCFILE_PATH];
	unsigned n_files, n_folders;
};

static void
add_folder(struct named *n, const char *path)
{
	char *spelled = n->path[n->n_folders];

	folder_spell(spelled, sizeof(n->path[0]), path);
	n->folder[n->n_folders++] = spelled;
}

static void
add_folder_of(struct named *n, const char *file)
{
	const char *slash = strrchr(file, '/');
	char folder[OUTFILE_PATH] = "";

	if (slash != NULL && (size_t)(slash - file) + 2 <= sizeof(folder))
		strlcpy(folder, file, (size_t)(slash - file) + 2);
	add_folder(n, folder);
}

static void
add_settings(struct named *n)
{
	struct buf path;

	buf_init(&path, n->settings, sizeof(n->settings));
	if (!rcfile_path(&path))
		return;
	n->file[n->n_files++] = n->settings;
	add_folder_of(n, n->settings);
}

static void
collect(struct named *n, const struct opts *o)
{
	const char *const records[] = { o->packet_log, o->flow_log, o->write };

	n->file = xcalloc(o->n_files + 2, sizeof(*n->file));
	for (unsigned i = 0; i < o->n_files; i++)
		n->file[n->n_files++] = o->file[i];
	if (o->filter_file != NULL)
		n->file[n->n_files++] = o->filter_file;
	add_folder(n, o->snapshot_dir != NULL ? o->snapshot_dir : "");
	for (unsigned i = 0; i < NITEMS(records); i++)
		if (records[i] != NULL)
			add_folder_of(n, records[i]);
	if (!o->no_config)
		add_settings(n);
}

static void
start_helper(struct privileges *p, const struct opts *o)
{
	struct file_helper_config c = { .n_files = 0 };
	struct named *n;
	char text[512];
	struct buf err;

	if (!file_helper_needed(&p->id))
		return;
	n = xcalloc(1, sizeof(*n));
	collect(n, o);
	c.files = n->file;
	c.n_files = n->n_files;
	c.folders = n->folder;
	c.n_folders = n->n_folders;
	buf_init(&err, text, sizeof(text));
	p->helped = file_helper_start(&p->helper, &p->id, &c, &err);
	free(n->file);
	free(n);
	if (!p->helped)
		die("%s", err.s);
	file_ops_set_helper(file_helper_ask, p->helper.fd);
}

void
privileges_choose(struct privileges *p, const struct opts *o)
{
	char text[512];
	struct buf err;

	p->helped = false;
	buf_init(&err, text, sizeof(text));
	if (!identity_choose(&p->id, o->user, &err))
		die("%s", err.s);
	start_helper(p, o);
}

void
privileges_drop(const struct privileges *p, const struct opts *o, bool live)
{
	unsigned needs = 0;
	char text[512];
	struct buf err;

	if (live)
		needs |= PRIVILEGE_CAPTURE | (o->processes ? PRIVILEGE_PROCESSES : 0);
	buf_init(&err, text, sizeof(text));
	if (!privilege_drop(&p->id, needs, &err))
		die("%s", err.s);
}

void
privileges_end(struct privileges *p)
{
	if (!p->helped)
		return;
	file_ops_set_helper(NULL, -1);
	file_helper_stop(&p->helper);
}
