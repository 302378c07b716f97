/*
 * Writes a CSV file (RFC 4180) cell by cell in an open directory, in large blocks. Errors are kept
 * until csv_close() returns them.
 */
#ifndef EXPORT_CSV_H
#define EXPORT_CSV_H

#include <stdbool.h>
#include <stdint.h>

#include "export/safe_dir.h"
#include "util/buf.h"

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
void csv_time(struct csv *c, uint64_t ns);                 /* an empty cell for 0 */
void csv_average(struct csv *c, uint64_t sum, uint64_t n); /* an empty cell if n is 0 */
void csv_end_line(struct csv *c);                          /* of the line */

/* Writes and syncs the file. False with one sentence in err if anything failed. */
bool csv_close(struct csv *c, struct buf *err);

#endif
