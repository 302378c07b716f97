/* The only file that uses libmaxminddb. */
#include "config.h"

#include "ext/geoip.h"

#include <stddef.h>

#include "util/attr.h"

#ifdef HAVE_MAXMINDDB

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <maxminddb.h>

#include "util/alloc.h"

struct geoip {
	struct place_db db; /* first, see geoip_find() */
	MMDB_s file[GEOIP_FILES];
	char *path[GEOIP_FILES];
	unsigned n;
};

bool
geoip_is_available(void)
{
	return true;
}

/* The texts of a fact, in the order of preference: MaxMind's and DB-IP's paths, then IPinfo's. */
static const char *const country_paths[][4] = { { "country", "iso_code" },
	{ "registered_country", "iso_code" }, { "country_code" }, { "country" } };
static const char *const city_paths[][4] = { { "city", "names", "en" }, { "city" } };
static const char *const as_paths[][4] = { { "autonomous_system_organization" }, { "as_name" },
	{ "name" } };
static const char *const asn_paths[][4] = { { "autonomous_system_number" }, { "asn" } };

static bool
geoip_get(MMDB_entry_s *entry, const char *const *path, uint32_t type, MMDB_entry_data_s *data)
{
	return MMDB_aget_value(entry, data, path) == MMDB_SUCCESS && data->has_data &&
	    data->type == type;
}

/* The first text that the entry has, clean; texts that do not fit are skipped. */
static void
geoip_get_text(
    MMDB_entry_s *entry, const char *const (*paths)[4], unsigned n, char *out, size_t room)
{
	MMDB_entry_data_s data;
	struct buf b;

	if (*out != '\0')
		return;
	for (unsigned i = 0; i < n; i++) {
		if (!geoip_get(entry, paths[i], MMDB_DATA_TYPE_UTF8_STRING, &data))
			continue;
		if (data.data_size == 0 || data.data_size >= room)
			continue;
		buf_init(&b, out, room);
		text_clean(&b, data.utf8_string, data.data_size);
		return;
	}
}

/* "AS15169", as IPinfo has it. */
static uint32_t
geoip_parse_asn(const MMDB_entry_data_s *data)
{
	char text[16] = "";
	char *end;
	unsigned long n;

	if (data->data_size < 3 || data->data_size >= sizeof(text) ||
	    memcmp(data->utf8_string, "AS", 2) != 0)
		return 0;
	memcpy(text, data->utf8_string + 2, data->data_size - 2);
	n = strtoul(text, &end, 10);
	return *end == '\0' && n <= UINT32_MAX ? (uint32_t)n : 0;
}

static void
geoip_get_asn(MMDB_entry_s *entry, uint32_t *asn)
{
	MMDB_entry_data_s data;

	for (unsigned i = 0; *asn == 0 && i < NITEMS(asn_paths); i++) {
		if (geoip_get(entry, asn_paths[i], MMDB_DATA_TYPE_UINT32, &data))
			*asn = data.uint32;
		else if (geoip_get(entry, asn_paths[i], MMDB_DATA_TYPE_UTF8_STRING, &data))
			*asn = geoip_parse_asn(&data);
	}
}

static void
geoip_get_facts(MMDB_entry_s *entry, struct place *p)
{
	geoip_get_text(entry, country_paths, NITEMS(country_paths), p->country, sizeof(p->country));
	geoip_get_text(entry, city_paths, NITEMS(city_paths), p->city, sizeof(p->city));
	geoip_get_text(entry, as_paths, NITEMS(as_paths), p->as_name, sizeof(p->as_name));
	geoip_get_asn(entry, &p->asn);
}

static void
geoip_find(const struct place_db *db, uint8_t kind, const struct addr *a, struct place *p)
{
	const struct geoip *g = (const struct geoip *)db;
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	const struct sockaddr *sa =
	    kind == ADDR_IP4 ? (const struct sockaddr *)&in : (const struct sockaddr *)&in6;

	memcpy(&in.sin_addr, a->b, sizeof(in.sin_addr));
	memcpy(&in6.sin6_addr, a->b, sizeof(in6.sin6_addr));
	for (unsigned i = 0; i < g->n; i++) {
		MMDB_lookup_result_s found;
		int error;

		found = MMDB_lookup_sockaddr(&g->file[i], sa, &error);
		if (error == MMDB_SUCCESS && found.found_entry)
			geoip_get_facts(&found.entry, p);
	}
}

struct geoip *
geoip_new(void)
{
	struct geoip *g = xcalloc(1, sizeof(*g));

	g->db.find = geoip_find;
	return g;
}

void
geoip_del(struct geoip *g)
{
	if (g == NULL)
		return;
	for (unsigned i = 0; i < g->n; i++) {
		MMDB_close(&g->file[i]);
		free(g->path[i]);
	}
	free(g);
}

static const char *
geoip_error(int status)
{
	return status == MMDB_FILE_OPEN_ERROR ? strerror(errno) : MMDB_strerror(status);
}

bool
geoip_add(struct geoip *g, const char *path, struct buf *err)
{
	int status;

	if (g->n == GEOIP_FILES) {
		buf_setf(err, "%s: too many databases (maximum %d)", text_clean_copy(path).s,
		    GEOIP_FILES);
		return false;
	}
	status = MMDB_open(path, MMDB_MODE_MMAP, &g->file[g->n]);
	if (status != MMDB_SUCCESS) {
		buf_setf(err, "%s: cannot read the database: %s", text_clean_copy(path).s,
		    geoip_error(status));
		return false;
	}
	g->path[g->n++] = xstrdup(path);
	return true;
}

void
geoip_reopen(struct geoip *g)
{
	if (g == NULL)
		return;
	for (unsigned i = 0; i < g->n; i++) {
		MMDB_s fresh;

		if (MMDB_open(g->path[i], MMDB_MODE_MMAP, &fresh) != MMDB_SUCCESS)
			continue;
		MMDB_close(&g->file[i]);
		g->file[i] = fresh;
	}
}

const struct place_db *
geoip_places(const struct geoip *g)
{
	return g != NULL && g->n > 0 ? &g->db : NULL;
}

#else

bool
geoip_is_available(void)
{
	return false;
}

struct geoip *
geoip_new(void)
{
	return NULL;
}

void
geoip_del(struct geoip *g)
{
	(void)g;
}

bool
geoip_add(struct geoip *g, const char *path, struct buf *err)
{
	(void)g;
	(void)path;
	buf_setf(err, "built without libmaxminddb");
	return false;
}

void
geoip_reopen(struct geoip *g)
{
	(void)g;
}

const struct place_db *
geoip_places(const struct geoip *g)
{
	(void)g;
	return NULL;
}

#endif
