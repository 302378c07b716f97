/*
 * Recordings: what hosts, flows, ports and protocols sent, by time, in an SQLite database.
 *
 * A moment is one transaction: the counts of a few seconds, as rows of the tables below. Older
 * moments are merged into longer ones, and the oldest are deleted. The schema is in the manual
 * (RECORDINGS); the columns that all tables of traffic have are time, the start in seconds since
 * the epoch, and seconds, the length.
 */
#ifndef EXT_SQLITE_H
#define EXT_SQLITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"

/* False if it was built without libsqlite3. */
bool record_db_is_available(void);

/* True if these first bytes of a file are those of an SQLite database. */
#define RECORD_DB_MAGIC 16
bool record_db_is_magic(const uint8_t bytes[RECORD_DB_MAGIC]);

#define RECORD_KEYS     5
#define RECORD_FACTS    4
#define RECORD_COUNTERS 7
#define RECORD_VALUES   (RECORD_KEYS + RECORD_FACTS + RECORD_COUNTERS)

/* The values of a row are in this order. Counters of rows with the same moment and keys are added;
 * a later fact replaces an earlier one. */
struct record_table {
	const char *name;
	const char *key[RECORD_KEYS];
	const char *fact[RECORD_FACTS];
	const char *counter[RECORD_COUNTERS];
};

enum record_table_id {
	RECORD_TRAFFIC, /* of all packets */
	RECORD_HOST,
	RECORD_FLOW,
	RECORD_PORT,
	RECORD_PROTOCOL,
	RECORD_EVENT,
	RECORD_TABLES,
	RECORD_PICTURE = RECORD_TABLES, /* in a moment alone: see record_picture() */
	RECORD_SAMPLE,                  /* only in answers: see record_db_samples() */
};

extern const struct record_table record_table[RECORD_TABLES];

/* How many keys, facts and counters a row has, and all together. */
unsigned record_table_keys(const struct record_table *t);
unsigned record_table_facts(const struct record_table *t);
unsigned record_table_counters(const struct record_table *t);
unsigned record_table_values(const struct record_table *t);

/* The key of the row of all that has no row of its own. */
#define RECORD_OTHER "(other)"

/*
 * A moment as bytes, for the process that writes it:
 *
 *	record_begin(b, time, seconds);
 *	record_row(b, RECORD_HOST);	for each row
 *	record_text(b, "10.0.0.1");	and for each value of it
 *	record_number(b, 100);
 *	record_end(b);
 */
void record_begin(struct buf *b, uint64_t time, uint64_t seconds);
void record_row(struct buf *b, enum record_table_id table);
void record_text(struct buf *b, const char *text);
void record_number(struct buf *b, uint64_t n);
void record_end(struct buf *b);

/* A picture of the screen (view/history_store.h) at that time, ns, as a moment. */
void record_picture(struct buf *b, uint64_t at, uint64_t format, const void *bytes, size_t n);
#define RECORD_PICTURE_VALUES 3 /* when it is read: time, format, bytes */

/* Called with the values of a row; a text has n bytes, and may not be clean. */
struct record_value {
	const char *text; /* NULL: the value is n */
	uint64_t n;
};
typedef void record_row_fn(void *arg, const struct record_value *value);

/*
 * Reads such bytes.  The first is false at their end, the second at the end of the moment; the
 * texts are in the bytes.
 */
struct record_reader {
	const uint8_t *s, *end; /* of all moments */
	const uint8_t *moment;  /* end of the current one */
	uint64_t time, seconds; /* of the current one */
	enum record_table_id table;
	struct record_value value[RECORD_VALUES];
};

bool record_read_moment(struct record_reader *r);
bool record_read_row(struct record_reader *r);

struct record_db;

struct record_limits {
	uint64_t bytes; /* of all files together, at least RECORD_BYTES_MIN */
	uint64_t age;   /* s */
};

#define RECORD_BYTES_MIN UINT64_C(20000000)

/*
 * Opens a recording to add to it, or makes one. Only one process may write it. NULL with one
 * sentence in err.
 */
struct record_db *record_db_create(
    const char *path, const struct record_limits *limits, struct buf *err);

/* Stores moments. Returns 0, or errno if one of them is missing. */
int record_db_store(struct record_db *db, const void *moments, size_t n);

/* Opens a recording, which another process may write meanwhile, to read it. NULL with one sentence
 * in err. */
struct record_db *record_db_open(const char *path, struct buf *err);

/* The times of the first and past the last moment; false if there is none. */
bool record_db_extent(struct record_db *db, uint64_t *first, uint64_t *end);

/* The sums of all moments that begin in [from, to), those with most bytes first. False with one
 * sentence in err. */
bool record_db_sum(struct record_db *db, enum record_table_id table, uint64_t from, uint64_t to,
    record_row_fn *fn, void *arg, struct buf *err);

/* The samples of all traffic in [from, to): time, seconds, packets, bytes, packets_in, bytes_in,
 * packets_out, bytes_out. False with one sentence in err. */
#define RECORD_SAMPLE_VALUES 8
bool record_db_samples(struct record_db *db, uint64_t from, uint64_t to, record_row_fn *fn,
    void *arg, struct buf *err);

/*
 * Pictures of a format: the time of the last one up to `at`, else of the first; of the first one
 * after `at`; of the last of all. False if there is none.
 */
enum record_find { RECORD_FIND_AT, RECORD_FIND_NEXT, RECORD_FIND_LAST, RECORD_FINDS };
bool record_db_find_picture(
    struct record_db *db, enum record_find how, uint64_t at, uint64_t format, uint64_t *found);

/* Appends the picture of that time as a moment; nothing if there is none. */
void record_db_get_picture(struct record_db *db, uint64_t at, struct buf *moment);

void record_db_close(struct record_db *db);

#endif
