#include "config.h"

#include <glob.h>
#include <stdlib.h>

#include "app/options.h"
#include "app/run.h"
#include "core/ledger.h"
#include "util/die.h"

/* Where packages and their updaters put databases. */
static const char *const folders[PLACES_FOLDERS] = { "/usr/share/GeoIP", "/var/lib/GeoIP",
	"/usr/local/share/GeoIP", "/usr/local/var/GeoIP", "/opt/homebrew/var/GeoIP" };

void
places_name_files(const struct options *o, const char **file, unsigned *n)
{
	for (unsigned i = 0; i < o->n_geoip; i++)
		file[(*n)++] = o->geoip[i];
	for (unsigned i = 0; o->n_geoip == 0 && i < NITEMS(folders); i++)
		file[(*n)++] = folders[i];
}

/* Files in the usual places are used if they can be. */
static void
places_add_usual(struct geoip *g)
{
	char pattern[64], unsaid[256];
	struct buf err;

	buf_init(&err, unsaid, sizeof(unsaid));
	for (unsigned i = 0; i < NITEMS(folders); i++) {
		glob_t found = { .gl_pathc = 0 };

		snprintf(pattern, sizeof(pattern), "%s/*.mmdb", folders[i]);
		if (glob(pattern, 0, NULL, &found) == 0)
			for (size_t k = 0; k < found.gl_pathc && k < GEOIP_FILES; k++)
				geoip_add(g, found.gl_pathv[k], &err);
		globfree(&found);
	}
}

struct geoip *
places_open(const struct options *o, struct ledger *l)
{
	struct geoip *g = geoip_new();
	char text[512];
	struct buf err;

	if (g == NULL)
		return NULL;
	buf_init(&err, text, sizeof(text));
	for (unsigned i = 0; i < o->n_geoip; i++)
		if (!geoip_add(g, o->geoip[i], &err))
			die("--geoip: %s", err.s);
	if (o->n_geoip == 0)
		places_add_usual(g);
	l->places = geoip_places(g);
	return g;
}
