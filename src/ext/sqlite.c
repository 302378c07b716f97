/* The only file that uses libsqlite3. */
#include "config.h"

#include "ext/sqlite.h"

#include <stddef.h>

#ifdef HAVE_SQLITE

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/alloc.h"
#include "util/attr.h"

#define APPLICATION_ID 0x706b7474 /* "pktt" */
#define VERSION        1          /* of the schema */
#define PAGE           4096
#define WAL_PAGES      1000                /* after which the log is written back */
#define WAL_BYTES      (UINT64_C(8) << 20) /* that it takes, at most */
#define BUSY_MS        2000
#define DELETE_PART    50 /* the fraction of the time that is deleted at once */

/* Moments older than the first are merged to lengths of the second, s. */
static const struct record_level {
	uint64_t age, seconds;
} levels[] = { { 3600, 10 }, { 86400, 60 }, { UINT64_C(30) * 86400, 3600 } };

#define MERGES 8 /* at most per level and moment */

struct record_statements { /* of a table */
	sqlite3_stmt *insert, *merge, *merged, *expire;
};

struct record_db {
	sqlite3 *db;
	int lock; /* -1: only reading */
	struct record_limits limits;
	struct record_statements of[RECORD_TABLES];
	struct record_statements picture;
	sqlite3_stmt *oldest; /* moment shorter than ?2 from ?1 on */
	uint64_t merged[NITEMS(levels)];
	uint64_t newest; /* the end of the newest moment */
};

bool
record_db_is_available(void)
{
	return true;
}

static void
record_db_error(const struct record_db *db, const char *path, struct buf *err)
{
	buf_setf(err, "%s: %s", path, sqlite3_errmsg(db->db));
}

static bool
record_db_run(struct record_db *db, const char *sql)
{
	return sqlite3_exec(db->db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

/* The first number of a query; false if there is none. */
static bool
record_db_number(struct record_db *db, const char *sql, uint64_t *n)
{
	sqlite3_stmt *s = NULL;
	bool ok = sqlite3_prepare_v2(db->db, sql, -1, &s, NULL) == SQLITE_OK &&
	    sqlite3_step(s) == SQLITE_ROW && sqlite3_column_type(s, 0) == SQLITE_INTEGER;

	if (ok)
		*n = (uint64_t)sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	return ok;
}

/* Appends the names, each with what stands around it; %s is the name, twice. */
static void
record_db_add_names(struct buf *b, const char *const *name, unsigned n, const char *format)
{
	for (unsigned i = 0; i < n; i++) {
		const char *rest = format, *mark;

		while ((mark = strchr(rest, '@')) != NULL) {
			buf_add(b, rest, (size_t)(mark - rest));
			buf_adds(b, name[i]);
			rest = mark + 1;
		}
		buf_adds(b, rest);
	}
}

static void
record_db_add_table(struct buf *b, const struct record_table *t)
{
	buf_addf(b, "CREATE TABLE IF NOT EXISTS %s(time INTEGER NOT NULL, seconds INTEGER NOT NULL",
	    t->name);
	record_db_add_names(b, t->key, record_table_keys(t), ", @ NOT NULL");
	record_db_add_names(b, t->fact, record_table_facts(t), ", @");
	record_db_add_names(b, t->counter, record_table_counters(t), ", @ INTEGER NOT NULL");
	buf_adds(b, ", PRIMARY KEY(time, seconds");
	record_db_add_names(b, t->key, record_table_keys(t), ", @");
	buf_adds(b, ")) WITHOUT ROWID;\n");
}

/* The last part of an INSERT: adds to the row that is there. */
static void
record_db_add_upsert(struct buf *b, const struct record_table *t)
{
	buf_adds(b, " ON CONFLICT DO UPDATE SET seconds = seconds");
	record_db_add_names(b, t->fact, record_table_facts(t), ", @ = coalesce(excluded.@, @)");
	record_db_add_names(b, t->counter, record_table_counters(t), ", @ = @ + excluded.@");
}

static void
record_db_insert_sql(struct buf *b, const struct record_table *t)
{
	buf_addf(b, "INSERT INTO %s VALUES(?1, ?2", t->name);
	for (unsigned i = 0; i < record_table_values(t); i++)
		buf_addf(b, ", ?%u", i + 3);
	buf_adds(b, ")");
	record_db_add_upsert(b, t);
}

#define SHORTER "time >= ?1 AND time < ?1 + ?2 AND seconds < ?2"

/* One row of those shorter than ?2 that begin in ?2 seconds from ?1 on. */
static void
record_db_merge_sql(struct buf *b, const struct record_table *t)
{
	buf_addf(b, "INSERT INTO %s SELECT ?1, ?2", t->name);
	record_db_add_names(b, t->key, record_table_keys(t), ", @");
	record_db_add_names(b, t->fact, record_table_facts(t), ", max(@)");
	record_db_add_names(b, t->counter, record_table_counters(t), ", sum(@)");
	buf_addf(b, " FROM %s WHERE " SHORTER " GROUP BY ?1", t->name);
	record_db_add_names(b, t->key, record_table_keys(t), ", @");
	record_db_add_upsert(b, t);
}

static void
record_db_sum_sql(struct buf *b, const struct record_table *t)
{
	buf_adds(b, "SELECT NULL");
	record_db_add_names(b, t->key, record_table_keys(t), ", @");
	record_db_add_names(b, t->fact, record_table_facts(t), ", max(@)");
	record_db_add_names(b, t->counter, record_table_counters(t), ", sum(@)");
	buf_adds(b, ", 0");
	for (unsigned i = 1; i < record_table_counters(t); i += 2)
		buf_addf(b, " + sum(%s)", t->counter[i]);
	buf_addf(b, " AS total FROM %s WHERE time >= ?1 AND time < ?2 GROUP BY NULL", t->name);
	record_db_add_names(b, t->key, record_table_keys(t), ", @");
	buf_adds(b, " ORDER BY total DESC");
	record_db_add_names(b, t->key, record_table_keys(t), ", @");
}

static sqlite3_stmt *
record_db_prepare(struct record_db *db, const struct buf *sql)
{
	sqlite3_stmt *s = NULL;

	(void)sqlite3_prepare_v3(db->db, sql->s, -1, SQLITE_PREPARE_PERSISTENT, &s, NULL);
	return s;
}

static bool
record_db_prepare_table(struct record_db *db, unsigned id, struct buf *sql)
{
	const struct record_table *t = &record_table[id];
	struct record_statements *s = &db->of[id];

	buf_clear(sql);
	record_db_insert_sql(sql, t);
	s->insert = record_db_prepare(db, sql);
	buf_clear(sql);
	record_db_merge_sql(sql, t);
	s->merge = record_db_prepare(db, sql);
	buf_setf(sql, "DELETE FROM %s WHERE " SHORTER, t->name);
	s->merged = record_db_prepare(db, sql);
	buf_setf(sql, "DELETE FROM %s WHERE time < ?1", t->name);
	s->expire = record_db_prepare(db, sql);
	return s->insert != NULL && s->merge != NULL && s->merged != NULL && s->expire != NULL;
}

#define NS "1000000000"

/* Of those in ?2 seconds from ?1 on, the first picture stays. */
static bool
record_db_prepare_pictures(struct record_db *db, struct buf *sql)
{
	struct record_statements *s = &db->picture;

	buf_setf(sql, "INSERT OR REPLACE INTO picture VALUES(?1, ?2, ?3)");
	s->insert = record_db_prepare(db, sql);
	buf_setf(sql,
	    "DELETE FROM picture WHERE at >= ?1 * " NS " AND at < (?1 + ?2) * " NS
	    " AND at > (SELECT min(at) FROM picture WHERE at >= ?1 * " NS ")");
	s->merge = record_db_prepare(db, sql);
	buf_setf(sql, "DELETE FROM picture WHERE at < ?1 * " NS);
	s->expire = record_db_prepare(db, sql);
	return s->insert != NULL && s->merge != NULL && s->expire != NULL;
}

/* Views for people: readable times, and sums of each host. */
static const char view_sql[] =
    "CREATE VIEW IF NOT EXISTS seconds AS SELECT datetime(time, 'unixepoch') AS utc, seconds,"
    " bytes * 8 / seconds AS bps, packets / seconds AS pps, bytes_in * 8 / seconds AS bps_in,"
    " bytes_out * 8 / seconds AS bps_out, dropped FROM traffic;\n"
    "CREATE VIEW IF NOT EXISTS talkers AS SELECT address, max(name) AS name,"
    " sum(bytes_out) AS bytes_out, sum(bytes_in) AS bytes_in,"
    " sum(bytes_out + bytes_in) AS bytes, datetime(min(time), 'unixepoch') AS first,"
    " datetime(max(time + seconds), 'unixepoch') AS last FROM host GROUP BY address"
    " ORDER BY bytes DESC;\n"
    "CREATE VIEW IF NOT EXISTS events AS SELECT datetime(start / 1000000000, 'unixepoch') AS utc,"
    " rule, severity, attacker, victim, text FROM event e WHERE time = (SELECT max(time) FROM event"
    " WHERE start = e.start AND number = e.number) ORDER BY start;\n"
    "CREATE VIEW IF NOT EXISTS services AS SELECT protocol, port, max(service) AS service,"
    " sum(packets) AS packets, sum(bytes) AS bytes FROM port GROUP BY protocol, port"
    " ORDER BY bytes DESC;\n";

static bool
record_db_make_schema(struct record_db *db, struct buf *sql)
{
	buf_setf(sql, "BEGIN;\nPRAGMA application_id = %d;\nPRAGMA user_version = %d;\n",
	    APPLICATION_ID, VERSION);
	for (unsigned i = 0; i < RECORD_TABLES; i++)
		record_db_add_table(sql, &record_table[i]);
	buf_adds(sql,
	    "CREATE TABLE IF NOT EXISTS picture(at INTEGER PRIMARY KEY,"
	    " format INTEGER NOT NULL, picture BLOB NOT NULL);\n");
	buf_adds(sql, view_sql);
	buf_adds(sql, "COMMIT");
	return record_db_run(db, sql->s);
}

/* A view instead of a table could compute for ever. */
static bool
record_db_has_tables(struct record_db *db)
{
	uint64_t found = 0;
	struct buf sql;

	buf_new(&sql);
	buf_adds(&sql, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN (''");
	for (unsigned i = 0; i < RECORD_TABLES; i++)
		buf_addf(&sql, ", '%s'", record_table[i].name);
	buf_adds(&sql, ")");
	(void)record_db_number(db, sql.s, &found);
	buf_del(&sql);
	return found == RECORD_TABLES;
}

/* False with one sentence in err if it is the database of another program or version. */
static bool
record_db_is_ours(struct record_db *db, const char *path, struct buf *err)
{
	uint64_t id = 0, version = 0;

	if (!record_db_number(db, "PRAGMA application_id", &id) ||
	    !record_db_number(db, "PRAGMA user_version", &version)) {
		record_db_error(db, path, err);
		return false;
	}
	if (id == APPLICATION_ID && version == VERSION && record_db_has_tables(db))
		return true;
	if (id == APPLICATION_ID && version != VERSION)
		buf_setf(err, "%s: this recording is of another version of pkttop", path);
	else
		buf_setf(err, "%s: an SQLite database, but not a recording of pkttop", path);
	return false;
}

/* Settings that keep a foreign schema from doing anything. */
static bool
record_db_defend(struct record_db *db)
{
	sqlite3_busy_timeout(db->db, BUSY_MS);
	return sqlite3_db_config(db->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) == SQLITE_OK &&
	    sqlite3_db_config(db->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL) == SQLITE_OK &&
	    sqlite3_db_config(db->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL) == SQLITE_OK;
}

static struct record_db *
record_db_fail(struct record_db *db, const char *path, struct buf *err)
{
	if (err->len == 0)
		record_db_error(db, path, err);
	record_db_close(db);
	return NULL;
}

/* Locks the file, which is made if it is not there.  It must be the user's own. */
static bool
record_db_lock(struct record_db *db, const char *path, struct buf *err)
{
	struct stat st;

	db->lock = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (db->lock == -1 || fstat(db->lock, &st) == -1)
		buf_setf(err, "%s: %s", path, strerror(errno));
	else if (!S_ISREG(st.st_mode) || st.st_uid != geteuid())
		buf_setf(err, "%s: not a file of your own", path);
	else if (flock(db->lock, LOCK_EX | LOCK_NB) == -1)
		buf_setf(err, "%s: another pkttop records into it", path);
	return err->len == 0;
}

/* The size of the file is bounded by its pages; what the log needs is not theirs. */
static bool
record_db_configure(struct record_db *db, struct buf *sql)
{
	buf_setf(sql,
	    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
	    "PRAGMA wal_autocheckpoint = %d; PRAGMA journal_size_limit = %d;"
	    "PRAGMA max_page_count = %llu; PRAGMA temp_store = MEMORY",
	    WAL_PAGES, WAL_PAGES * PAGE,
	    (unsigned long long)((db->limits.bytes - WAL_BYTES) / PAGE));
	return record_db_run(db, sql->s);
}

static bool
record_db_set_up(struct record_db *db, const char *path, struct buf *sql, struct buf *err)
{
	uint64_t tables = 0;

	if (!record_db_number(db, "SELECT count(*) FROM sqlite_schema", &tables) ||
	    (tables > 0 && !record_db_is_ours(db, path, err)) || !record_db_configure(db, sql) ||
	    !record_db_make_schema(db, sql))
		return false;
	for (unsigned i = 0; i < RECORD_TABLES; i++)
		if (!record_db_prepare_table(db, i, sql))
			return false;
	buf_setf(sql, "SELECT min(time) FROM traffic WHERE time >= ?1 AND seconds < ?2");
	db->oldest = record_db_prepare(db, sql);
	return db->oldest != NULL && record_db_prepare_pictures(db, sql);
}

struct record_db *
record_db_create(const char *path, const struct record_limits *limits, struct buf *err)
{
	struct record_db *db = xcalloc(1, sizeof(*db));
	struct buf sql;
	bool ok;

	db->lock = -1;
	db->limits = *limits;
	buf_clear(err);
	if (!record_db_lock(db, path, err) ||
	    sqlite3_open_v2(path, &db->db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
		return record_db_fail(db, path, err);
	buf_new(&sql);
	ok = record_db_defend(db) && record_db_set_up(db, path, &sql, err);
	buf_del(&sql);
	return ok ? db : record_db_fail(db, path, err);
}

/* Without its log, the file of a writer that has ended well is complete: then it can be read
 * where no file may be made. */
static bool
record_db_open_file(struct record_db *db, const char *path)
{
	char *escaped, *uri;
	bool ok;

	if (sqlite3_open_v2(path, &db->db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
	    record_db_defend(db) && record_db_run(db, "SELECT count(*) FROM sqlite_schema"))
		return true;
	escaped = sqlite3_mprintf("%s-wal", path);
	if (sqlite3_extended_errcode(db->db) == SQLITE_NOTADB || access(escaped, F_OK) == 0) {
		sqlite3_free(escaped);
		return false;
	}
	sqlite3_free(escaped);
	sqlite3_close(db->db);
	uri = sqlite3_mprintf("file:%s?immutable=1", path);
	ok = strpbrk(path, "%?#") == NULL &&
	    sqlite3_open_v2(uri, &db->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL) ==
		SQLITE_OK &&
	    record_db_defend(db);
	sqlite3_free(uri);
	return ok;
}

struct record_db *
record_db_open(const char *path, struct buf *err)
{
	struct record_db *db = xcalloc(1, sizeof(*db));

	db->lock = -1;
	buf_clear(err);
	if (!record_db_open_file(db, path) || !record_db_is_ours(db, path, err))
		return record_db_fail(db, path, err);
	return db;
}

static void
record_db_finalize(struct record_statements *s)
{
	sqlite3_finalize(s->insert);
	sqlite3_finalize(s->merge);
	sqlite3_finalize(s->merged);
	sqlite3_finalize(s->expire);
}

void
record_db_close(struct record_db *db)
{
	if (db == NULL)
		return;
	for (unsigned i = 0; i < RECORD_TABLES; i++)
		record_db_finalize(&db->of[i]);
	record_db_finalize(&db->picture);
	sqlite3_finalize(db->oldest);
	sqlite3_close(db->db);
	if (db->lock != -1)
		close(db->lock);
	free(db);
}

static bool
record_db_step(sqlite3_stmt *s)
{
	bool ok = sqlite3_step(s) == SQLITE_DONE;

	sqlite3_reset(s);
	return ok;
}

/* Runs a statement about the time from `at` on, and that length. */
static bool
record_db_step_at(sqlite3_stmt *s, uint64_t at, uint64_t seconds)
{
	sqlite3_bind_int64(s, 1, (sqlite3_int64)at);
	if (sqlite3_bind_parameter_count(s) > 1)
		sqlite3_bind_int64(s, 2, (sqlite3_int64)seconds);
	return record_db_step(s);
}

static bool
record_db_insert_picture(struct record_db *db, const struct record_value *value)
{
	sqlite3_stmt *s = db->picture.insert;

	sqlite3_bind_int64(s, 1, (sqlite3_int64)value[0].n);
	sqlite3_bind_int64(s, 2, (sqlite3_int64)value[1].n);
	sqlite3_bind_blob(s, 3, value[2].text, (int)value[2].n, SQLITE_STATIC);
	return record_db_step(s);
}

static bool
record_db_insert_row(struct record_db *db, const struct record_reader *r)
{
	sqlite3_stmt *s = db->of[r->table].insert;
	unsigned n = record_table_values(&record_table[r->table]);

	sqlite3_bind_int64(s, 1, (sqlite3_int64)r->time);
	sqlite3_bind_int64(s, 2, (sqlite3_int64)r->seconds);
	for (unsigned i = 0; i < n; i++) {
		const struct record_value *v = &r->value[i];

		if (v->text == NULL)
			sqlite3_bind_int64(s, (int)i + 3, (sqlite3_int64)v->n);
		else
			sqlite3_bind_text(s, (int)i + 3, v->text, (int)v->n, SQLITE_STATIC);
	}
	return record_db_step(s);
}

static bool
record_db_insert(struct record_db *db, const struct record_reader *r)
{
	if (r->table == RECORD_PICTURE)
		return record_db_insert_picture(db, r->value);
	return record_db_insert_row(db, r);
}

/* The first moment from `at` on that is shorter. */
static bool
record_db_find_shorter(struct record_db *db, uint64_t at, uint64_t seconds, uint64_t *found)
{
	bool any;

	sqlite3_bind_int64(db->oldest, 1, (sqlite3_int64)at);
	sqlite3_bind_int64(db->oldest, 2, (sqlite3_int64)seconds);
	any = sqlite3_step(db->oldest) == SQLITE_ROW &&
	    sqlite3_column_type(db->oldest, 0) == SQLITE_INTEGER;
	if (any)
		*found = (uint64_t)sqlite3_column_int64(db->oldest, 0);
	sqlite3_reset(db->oldest);
	return any;
}

static bool
record_db_merge(struct record_db *db, uint64_t at, uint64_t seconds)
{
	bool ok = record_db_step_at(db->picture.merge, at, seconds);

	for (unsigned i = 0; i < RECORD_TABLES && ok; i++)
		ok = record_db_step_at(db->of[i].merge, at, seconds) &&
		    record_db_step_at(db->of[i].merged, at, seconds);
	return ok;
}

static bool
record_db_merge_level(struct record_db *db, unsigned level)
{
	const struct record_level *l = &levels[level];

	for (unsigned i = 0; i < MERGES; i++) {
		uint64_t at;

		if (db->newest < db->merged[level] + l->age + l->seconds)
			return true;
		if (!record_db_find_shorter(db, db->merged[level], l->seconds, &at))
			return true;
		at -= at % l->seconds;
		if (db->newest < at + l->age + l->seconds)
			return true;
		if (!record_db_merge(db, at, l->seconds))
			return false;
		db->merged[level] = at + l->seconds;
	}
	return true;
}

static bool
record_db_expire(struct record_db *db, uint64_t before)
{
	bool ok = record_db_step_at(db->picture.expire, before, 0);

	for (unsigned i = 0; i < RECORD_TABLES && ok; i++)
		ok = record_db_step_at(db->of[i].expire, before, 0);
	return ok;
}

static bool
record_db_is_full(struct record_db *db)
{
	uint64_t used = 0, unused = 0;

	return record_db_number(db, "PRAGMA page_count", &used) &&
	    record_db_number(db, "PRAGMA freelist_count", &unused) &&
	    (used - unused) * PAGE > (db->limits.bytes - WAL_BYTES) / 10 * 9;
}

/* Merges and deletes what is old enough, and what there is no room for. */
static bool
record_db_trim(struct record_db *db)
{
	uint64_t first = 0;

	for (unsigned i = 0; i < NITEMS(levels); i++)
		if (!record_db_merge_level(db, i))
			return false;
	if (db->newest > db->limits.age && !record_db_expire(db, db->newest - db->limits.age))
		return false;
	if (!record_db_is_full(db) || !record_db_extent(db, &first, &db->newest))
		return true;
	return record_db_expire(db, first + (db->newest - first) / DELETE_PART + 1);
}

static int
record_db_errno(struct record_db *db)
{
	static const struct {
		int code, error;
	} errors[] = { { SQLITE_FULL, ENOSPC }, { SQLITE_READONLY, EROFS }, { SQLITE_BUSY, EBUSY },
		{ SQLITE_PERM, EACCES }, { SQLITE_NOMEM, ENOMEM } };
	int code = sqlite3_errcode(db->db);

	for (unsigned i = 0; i < NITEMS(errors); i++)
		if (errors[i].code == code)
			return errors[i].error;
	return EIO;
}

static bool
record_db_store_moment(struct record_db *db, struct record_reader *r)
{
	if (!record_db_run(db, "BEGIN IMMEDIATE"))
		return false;
	while (r->s < r->moment)
		if (!record_read_row(r) || !record_db_insert(db, r))
			return false;
	if (r->time + r->seconds > db->newest)
		db->newest = r->time + r->seconds;
	return record_db_trim(db) && record_db_run(db, "COMMIT");
}

int
record_db_store(struct record_db *db, const void *moments, size_t n)
{
	const uint8_t *s = moments;
	struct record_reader r = { .s = s, .end = s + n };
	int error = 0;

	while (record_read_moment(&r)) {
		if (record_db_store_moment(db, &r))
			continue;
		error = record_db_errno(db);
		(void)record_db_run(db, "ROLLBACK");
		/* The moment is lost; the next one needs room. */
		if (error == ENOSPC && record_db_run(db, "BEGIN IMMEDIATE"))
			(void)(record_db_trim(db) && record_db_run(db, "COMMIT"));
	}
	return error;
}

bool
record_db_extent(struct record_db *db, uint64_t *first, uint64_t *end)
{
	return record_db_number(db, "SELECT min(time) FROM traffic", first) &&
	    record_db_number(db, "SELECT max(time + seconds) FROM traffic", end);
}

/* The first column is NULL, so that all tables can be grouped. */
static void
record_db_read_values(sqlite3_stmt *s, struct record_value *value, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		int column = (int)i + 1;

		value[i] = (struct record_value){ .text = NULL };
		if (sqlite3_column_type(s, column) == SQLITE_TEXT) {
			value[i].text = (const char *)sqlite3_column_text(s, column);
			value[i].n = (uint64_t)sqlite3_column_bytes(s, column);
		} else {
			value[i].n = (uint64_t)sqlite3_column_int64(s, column);
		}
	}
}

/* Calls fn with each row of a query about [?1, ?2). */
static bool
record_db_query(struct record_db *db, const struct buf *sql, const uint64_t span[2], unsigned n,
    record_row_fn *fn, void *arg, struct buf *err)
{
	struct record_value value[RECORD_VALUES];
	sqlite3_stmt *s = record_db_prepare(db, sql);
	int got = SQLITE_ERROR;

	if (s != NULL) {
		sqlite3_bind_int64(s, 1, (sqlite3_int64)span[0]);
		sqlite3_bind_int64(s, 2, (sqlite3_int64)span[1]);
		while ((got = sqlite3_step(s)) == SQLITE_ROW) {
			record_db_read_values(s, value, n);
			fn(arg, value);
		}
	}
	if (got != SQLITE_DONE)
		buf_setf(err, "%s", sqlite3_errmsg(db->db));
	sqlite3_finalize(s);
	return got == SQLITE_DONE;
}

bool
record_db_sum(struct record_db *db, enum record_table_id table, uint64_t from, uint64_t to,
    record_row_fn *fn, void *arg, struct buf *err)
{
	const struct record_table *t = &record_table[table];
	const uint64_t span[2] = { from, to };
	struct buf sql;
	bool ok;

	buf_new(&sql);
	record_db_sum_sql(&sql, t);
	ok = record_db_query(db, &sql, span, record_table_values(t), fn, arg, err);
	buf_del(&sql);
	return ok;
}

bool
record_db_samples(
    struct record_db *db, uint64_t from, uint64_t to, record_row_fn *fn, void *arg, struct buf *err)
{
	const uint64_t span[2] = { from, to };
	struct buf sql;
	bool ok;

	buf_new(&sql);
	buf_adds(&sql,
	    "SELECT NULL, time, seconds, packets, bytes, packets_in, bytes_in, packets_out,"
	    " bytes_out FROM traffic WHERE time >= ?1 AND time < ?2 ORDER BY time");
	ok = record_db_query(db, &sql, span, RECORD_SAMPLE_VALUES, fn, arg, err);
	buf_del(&sql);
	return ok;
}

#define FIND_AT                                                                                    \
	"SELECT coalesce((SELECT max(at) FROM picture WHERE at <= %llu AND format = %llu),"        \
	" (SELECT min(at) FROM picture WHERE format = %llu))"
#define FIND_LAST "SELECT max(at) FROM picture WHERE at >= 0 * %llu AND format = %llu"

bool
record_db_find_picture(
    struct record_db *db, enum record_find how, uint64_t at, uint64_t format, uint64_t *found)
{
	static const char *const queries[RECORD_FINDS] = {
		[RECORD_FIND_AT] = FIND_AT,
		[RECORD_FIND_NEXT] =
		    "SELECT min(at) FROM picture WHERE at > %llu AND format = %llu",
		[RECORD_FIND_LAST] = FIND_LAST,
	};
	char *sql = sqlite3_mprintf(queries[how], (unsigned long long)(at & INT64_MAX),
	    (unsigned long long)format, (unsigned long long)format);
	bool ok = record_db_number(db, sql, found);

	sqlite3_free(sql);
	return ok;
}

void
record_db_get_picture(struct record_db *db, uint64_t at, struct buf *moment)
{
	sqlite3_stmt *s = NULL;

	if (sqlite3_prepare_v2(db->db, "SELECT picture FROM picture WHERE at = ?1", -1, &s, NULL) !=
	    SQLITE_OK)
		return;
	sqlite3_bind_int64(s, 1, (sqlite3_int64)at);
	if (sqlite3_step(s) == SQLITE_ROW && sqlite3_column_type(s, 0) == SQLITE_BLOB)
		record_picture(
		    moment, at, 0, sqlite3_column_blob(s, 0), (size_t)sqlite3_column_bytes(s, 0));
	sqlite3_finalize(s);
}

#else

bool
record_db_find_picture(
    struct record_db *db, enum record_find how, uint64_t at, uint64_t format, uint64_t *found)
{
	(void)db;
	(void)how;
	(void)at;
	(void)format;
	(void)found;
	return false;
}

bool
record_db_samples(
    struct record_db *db, uint64_t from, uint64_t to, record_row_fn *fn, void *arg, struct buf *err)
{
	(void)db;
	(void)from;
	(void)to;
	(void)fn;
	(void)arg;
	(void)err;
	return false;
}

void
record_db_get_picture(struct record_db *db, uint64_t at, struct buf *moment)
{
	(void)db;
	(void)at;
	(void)moment;
}

bool
record_db_is_available(void)
{
	return false;
}

struct record_db *
record_db_create(const char *path, const struct record_limits *limits, struct buf *err)
{
	(void)limits;
	buf_setf(err, "%s: this pkttop was built without libsqlite3", path);
	return NULL;
}

int
record_db_store(struct record_db *db, const void *moments, size_t n)
{
	(void)db;
	(void)moments;
	(void)n;
	return 0;
}

struct record_db *
record_db_open(const char *path, struct buf *err)
{
	buf_setf(err, "%s: this pkttop was built without libsqlite3, which reads recordings", path);
	return NULL;
}

bool
record_db_extent(struct record_db *db, uint64_t *first, uint64_t *end)
{
	(void)db;
	(void)first;
	(void)end;
	return false;
}

bool
record_db_sum(struct record_db *db, enum record_table_id table, uint64_t from, uint64_t to,
    record_row_fn *fn, void *arg, struct buf *err)
{
	(void)db;
	(void)table;
	(void)from;
	(void)to;
	(void)fn;
	(void)arg;
	(void)err;
	return false;
}

void
record_db_close(struct record_db *db)
{
	(void)db;
}

#endif
