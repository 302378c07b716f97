/*
 * Databases of places in the MaxMind format: GeoLite2, GeoIP2, DB-IP, IPinfo and others.
 *
 *	struct geoip *g = geoip_new();
 *	geoip_add(g, path, &err);		for each file; false: see err
 *	ledger->places = geoip_places(g);
 *	geoip_del(g);
 *
 * Files are mapped, not read: replace one by rename(2), never in place. Texts of a file are
 * untrusted, and cleaned.
 */
#ifndef EXT_GEOIP_H
#define EXT_GEOIP_H

#include <stdbool.h>

#include "core/place.h"
#include "util/buf.h"

#define GEOIP_FILES 8 /* at most */

struct geoip;

bool geoip_is_available(void);

/* NULL if it is not available. */
struct geoip *geoip_new(void);
void geoip_del(struct geoip *g);

/* Opens a file; of several files that know a fact, the first one counts. False with one sentence
 * in err. */
bool geoip_add(struct geoip *g, const char *path, struct buf *err);

/* Opens all files again, by name. A file that cannot be opened now keeps its old content.  g may be
 * NULL. */
void geoip_reopen(struct geoip *g);

/* Valid as long as g; NULL if no file is open. */
const struct place_db *geoip_places(const struct geoip *g);

#endif
