/*
 * Counters as InfluxDB's line protocol, and the queue of lines that are to be written.
 *
 * Time is in ns. Counters since the start are integers; those of hosts are of one interval, because
 * other hosts are the most active ones in the next. An absent fact is an absent field.
 */
#ifndef EXPORT_INFLUX_H
#define EXPORT_INFLUX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/ledger.h"
#include "export/file.h"
#include "util/buf.h"

#define INFLUX_TOP_MOST 1000

/* The hosts with most traffic in the last whole interval, found in steps. */
struct influx_top {
	struct influx_host {
		uint32_t row;
		struct tally t[2]; /* of the interval: out, in */
	} host[INFLUX_TOP_MOST];
	unsigned n, wanted;
	uint32_t next; /* row to look at */
};

void influx_top_begin(struct influx_top *t, unsigned wanted);

/* Looks at `steps` more hosts. True while there are more. */
bool influx_top_step(struct influx_top *t, const struct ledger *l, uint32_t steps);

struct influx_point {
	const struct ledger *ledger;
	const char *site; /* the tag "host" of each line */
	uint64_t time;    /* ns since the epoch */
	const struct influx_top *top;
};

/* Appends the lines of one interval. */
void influx_lines(struct buf *b, const struct influx_point *p);

/* The name of measurement i; NULL: there are no more. */
const char *influx_measurement_name(unsigned i);

/* Appends a tag's value, escaped. */
void influx_escape_tag(struct buf *b, const char *value);

/*
 * Batches of lines. They are in memory; what has no room there goes to a file in the directory of
 * --spool, or, without one or if it is full, the oldest batches are dropped and counted. So lines
 * may be written in another order than they were made; they have their times.
 *
 * Files of an earlier run are read first, and removed when they are written.
 */

#define INFLUX_BATCH      (256u * 1024)       /* bytes of a batch, about */
#define INFLUX_MEMORY     (16u * 1024 * 1024) /* bytes in memory */
#define INFLUX_SPOOL_MOST (UINT64_C(1) << 30) /* bytes in the file */

struct influx_batch {
	struct buf lines;
	uint64_t time; /* ns: of its oldest line */
};

#define INFLUX_BATCHES (2 * INFLUX_MEMORY / INFLUX_BATCH)

struct influx_queue {
	struct influx_batch batch[INFLUX_BATCHES]; /* a ring, oldest first */
	unsigned first, n;
	size_t bytes;
	struct influx_spool {
		struct safe_dir dir;
		char path[ROTATING_FILE_PATH];
		char name[FILE_NAME_MAX];
		int write_fd, read_fd; /* -1: none */
		uint64_t read_at, end; /* in the file */
		unsigned number;       /* of this run's file */
		unsigned old;          /* the file of an earlier run that is read now; 0: none */
		uint64_t retry_at;     /* ns, monotonic, after a failure */
		bool failed;
	} spool;
	uint64_t dropped_lines, dropped_batches;
};

/* dir: NULL for none. False with one sentence in err. */
bool influx_queue_open(struct influx_queue *q, const char *dir, struct buf *err);

/* Adds the lines of the time. now: ns, monotonic. Failures of the file are appended to said. */
void influx_queue_add(struct influx_queue *q, const char *lines, size_t n, uint64_t time,
    uint64_t now, struct buf *said);

/* The batch to be written, or NULL; influx_queue_remove() removes it. */
const struct influx_batch *influx_queue_first(struct influx_queue *q);
void influx_queue_remove(struct influx_queue *q);

/* Bytes that wait, in memory and in the file of this run. */
uint64_t influx_queue_bytes(const struct influx_queue *q);

/* Keeps what waits in the file, if there is one. False if lines are lost; *kept: bytes in files. */
bool influx_queue_close(struct influx_queue *q, uint64_t *kept, struct buf *said);

#endif
