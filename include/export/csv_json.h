/*
 * CSV and JSON, and numbers in them.
 */
#ifndef EXPORT_CSV_JSON_H
#define EXPORT_CSV_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "export/file.h"
#include "util/buf.h"

struct value;

/*
 * Decimal fractions for machines: exact, with a point in every locale.
 */

/* n / 10^decimals with that many decimals (0 to 18): 12345 and 2 give "123.45". */
void decimal_fixed(struct buf *b, uint64_t n, int decimals);

/* sum / n in hundredths, rounded to the nearest; n > 0. */
uint64_t decimal_average(uint64_t sum, uint64_t n);

/* A finite number with the fewest digits that identify it. */
void decimal_real(struct buf *b, double x);

/*
 * Writes a CSV file (RFC 4180) cell by cell in an open directory, in large blocks. Errors are kept
 * until csv_close() returns them.
 */

#define CSV_EOL "\r\n"

struct csv {
	const char *name;
	struct buf b; /* lines not yet written */
	int fd;       /* -1: not created */
	int error;    /* errno of the first failure; 0: none */
	bool comma;   /* the line has a cell already */
};

/* Creates the file name, which must not exist, and writes the line of column names, if any. */
void csv_open(struct csv *c, const struct safe_dir *folder, const char *name, const char *columns);

void csv_empty(struct csv *c);
void csv_str(struct csv *c, const char *s);
void csv_u64(struct csv *c, uint64_t n);
void csv_value(struct csv *c, const struct value *v);
void csv_time(struct csv *c, uint64_t ns);                 /* an empty cell for 0 */
void csv_average(struct csv *c, uint64_t sum, uint64_t n); /* an empty cell if n is 0 */
void csv_end_line(struct csv *c);                          /* of the line */

/* Writes and syncs the file. False with one sentence in err if anything failed. */
bool csv_close(struct csv *c, struct buf *err);

/*
 * A streaming JSON writer (RFC 8259) into a struct buf: no tree, no heap except the text, integers
 * exact to 64 bits.
 */

struct json {
	struct buf *b;
	bool comma; /* an element precedes at this depth */
};

void json_init(struct json *j, struct buf *b);

/* key NULL: an element of an array, or the root. */
void json_open(struct json *j, const char *key, char bracket); /* '{' or '[' */
void json_close(struct json *j, char bracket);                 /* '}' or ']' */
void json_str(struct json *j, const char *key, const char *s);
void json_u64(struct json *j, const char *key, uint64_t n);
void json_fixed(struct json *j, const char *key, uint64_t n, int decimals); /* n / 10^decimals */
void json_num(struct json *j, const char *key, double x); /* omitted if not finite */
void json_bool(struct json *j, const char *key, bool b);
void json_value(struct json *j, const char *key, const struct value *v); /* omitted if none */

#endif
