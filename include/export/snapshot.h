/*
 * The snapshot: a directory of CSV files with the ledger's content at one moment, written by a
 * forked child so that a slow disk does not block the loop.
 *
 * The child writes into a hidden directory, syncs, and renames it to pkttop-YYYYmmdd-HHMMSS[-N]/: a
 * snapshot is never partial. Files are created with O_EXCL and O_NOFOLLOW, mode 0600 in a directory
 * of mode 0700.
 *
 * The hidden directory is named .pkttop- and 12 letters. A child that fails removes it. If the
 * child was killed, the directory remains; only the administrator can remove it, since no other
 * process can know that the child is dead.
 *
 *	packet_metrics.csv	a line for each source, and their total
 *	packet_flows.csv	a line for each flow; its source is the initiator
 *	ip_flows.csv		a line for each address, link addresses included
 *	protocols.csv		a line for each stack of protocols
 *	packet_size_distribution.{csv,svg,png}	packets by their size
 *	traffic_over_time.{csv,svg,png}		traffic in and out, by seconds or minutes
 *
 * RFC 4180, with a line of column names. A last line "(other)" holds the counters of evicted rows,
 * so that each column of counts sums up to the total.
 */
#ifndef EXPORT_SNAPSHOT_H
#define EXPORT_SNAPSHOT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/ledger.h"
#include "util/buf.h"

struct safe_dir;

struct snapshot {
	pid_t pid; /* of the child; 0: none is running */
	int fd;    /* the child's result; -1: none */
	char said[1024];
	size_t said_len;
};

void snapshot_init(struct snapshot *s);

/*
 * Starts one in the directory dir (NULL: the current one), named after now (ns since the epoch,
 * local time). The child settles its own copy of the ledger, so the caller does not wait. False
 * with one sentence in err.
 */
bool snapshot_start(
    struct snapshot *s, struct ledger *l, const char *dir, uint64_t now, struct buf *err);

/*
 * Call it when s->fd is readable: reads the child's result. True if the child has ended; then
 * result holds one sentence (the path of the snapshot, or the error), and *ok.
 */
bool snapshot_read(struct snapshot *s, struct buf *result, bool *ok);

/* Blocks until a running child has ended, for batch mode and exit; like snapshot_read(). It is
 * killed after so many seconds. False if none is running. */
#define SNAPSHOT_WAIT_S 120
bool snapshot_wait(struct snapshot *s, unsigned seconds, struct buf *result, bool *ok);

/* The name of a file of snapshots; NULL: there are not so many. */
const char *snapshot_file_name(unsigned i);

/* The child's work, also for tests: writes the files into dir. False with one sentence in err. */
bool snapshot_write_files(const struct safe_dir *folder, const struct ledger *l, struct buf *err);

#endif
