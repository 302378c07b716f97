#include "config.h"

#include "app/run.h"

#include <stdlib.h>
#include <string.h>

#include "export/file.h"
#include "util/alloc.h"
#include "util/attr.h"
#include "util/buf.h"

static void
named_files_add_dir(struct named_files *n, const char *path)
{
	char *spelled = n->path[n->n_dirs];

	safe_dir_spell(spelled, sizeof(n->path[0]), path);
	n->dir[n->n_dirs++] = spelled;
}

static void
named_files_add_dir_of(struct named_files *n, const char *file)
{
	const char *slash = strrchr(file, '/');
	char folder[ROTATING_FILE_PATH] = "";

	if (slash != NULL && (size_t)(slash - file) + 2 <= sizeof(folder))
		strlcpy(folder, file, (size_t)(slash - file) + 2);
	named_files_add_dir(n, folder);
}

/* A database that was replaced by renaming is another file: its directory may be read.  Only a
 * headless program opens databases again. */
static void
named_files_add_places(struct named_files *n, const struct options *o)
{
	places_name_files(o, n->file, &n->n_files);
	for (unsigned i = 0; o->headless && i < o->n_geoip; i++) {
		char *dir = n->places[i], *slash;

		strlcpy(dir, o->geoip[i], sizeof(n->places[i]));
		slash = strrchr(dir, '/');
		strlcpy(slash != NULL ? slash + 1 : dir, ".", 2);
		n->file[n->n_files++] = dir;
	}
}

static void
named_files_add_aliases(struct named_files *n)
{
	struct buf path;

	buf_init(&path, n->aliases, sizeof(n->aliases));
	if (config_file_path(&path, CONFIG_HOSTS))
		n->file[n->n_files++] = n->aliases;
	n->file[n->n_files++] = SYSTEM_HOSTS;
}

/* Settings are read, and with keys also saved. */
static void
named_files_add_settings(struct named_files *n, const struct options *o)
{
	struct buf path;

	buf_init(&path, n->settings, sizeof(n->settings));
	if (!config_file_path(&path, CONFIG_SETTINGS))
		return;
	n->file[n->n_files++] = n->settings;
	if (options_has_screen(o))
		named_files_add_dir_of(n, n->settings);
}

void
named_files_collect(struct named_files *n, const struct options *o)
{
	const char *const others[] = { o->filter_file, o->influx_token_file, o->auth_file,
		o->token_file, o->tls_cert, o->tls_key, o->file_streams };
	const char *const records[] = { o->packet_log, o->flow_log, o->write, o->event_log };

	*n = (struct named_files){ .n_files = 0 };
	n->file = xcalloc(o->n_files + NAMED_OTHERS, sizeof(*n->file));
	for (unsigned i = 0; i < o->n_files; i++)
		n->file[n->n_files++] = o->file[i];
	for (unsigned i = 0; i < NITEMS(others); i++)
		if (others[i] != NULL)
			n->file[n->n_files++] = others[i];
	/* It is read again, too. */
	if (o->spool != NULL) {
		named_files_add_dir(n, o->spool);
		n->file[n->n_files++] = n->dir[n->n_dirs - 1];
	}
	if (o->snapshot_dir != NULL || options_has_screen(o))
		named_files_add_dir(n, o->snapshot_dir != NULL ? o->snapshot_dir : "");
	for (unsigned i = 0; i < NITEMS(records); i++)
		if (records[i] != NULL)
			named_files_add_dir_of(n, records[i]);
	named_files_add_places(n, o);
	if (!o->no_config) {
		named_files_add_settings(n, o);
		named_files_add_aliases(n);
	}
	user_terminfo_find(&n->terminfo);
	for (unsigned i = 0; i < n->terminfo.n; i++)
		n->file[n->n_files++] = n->terminfo.path[i];
}

void
named_files_fini(struct named_files *n)
{
	free(n->file);
}
