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

/*
 * A file that was replaced by renaming is another file, and a symbolic link may have another target
 * now: the directory may be read.
 */
static void
named_files_add_replaced(struct named_files *n, const char *file)
{
	char *dir = n->replaced[n->n_replaced++], *slash;
	char *resolved = realpath(file, NULL);

	strlcpy(dir, resolved != NULL ? resolved : file, sizeof(n->replaced[0]) - 1);
	free(resolved);
	slash = strrchr(dir, '/');
	strlcpy(slash != NULL ? slash + 1 : dir, ".", 2);
	n->file[n->n_files++] = dir;
}

/* Only a headless program opens files again. */
static void
named_files_add_reopened(struct named_files *n, const struct options *o)
{
	const char *const secrets[] = { o->auth_file, o->token_file, o->tls_cert, o->tls_key };

	for (unsigned i = 0; i < o->n_geoip; i++)
		named_files_add_replaced(n, o->geoip[i]);
	for (unsigned i = 0; i < NITEMS(secrets); i++)
		if (secrets[i] != NULL)
			named_files_add_replaced(n, secrets[i]);
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
	const char *const others[] = { o->filter_file, o->influx_token_file, o->influx_ca,
		o->auth_file, o->token_file, o->tls_cert, o->tls_key, o->file_streams };
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
	places_name_files(o, n->file, &n->n_files);
	if (o->headless)
		named_files_add_reopened(n, o);
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
