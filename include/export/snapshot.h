/*
 * The snapshot: a folder of CSV files with all that the ledger holds at one
 * instant, written by a forked child so that no disk holds up the loop.
 *
 * The child writes into a hidden folder, syncs, and renames it to
 * pkttop-YYYYmmdd-HHMMSS[-N]/: it appears whole or not at all.  Files are
 * created with O_EXCL and O_NOFOLLOW, mode 0600 below a folder of mode 0700.
 *
 * The hidden folder is .pkttop- and 12 letters.  A child that fails removes it; one
 * that was killed, or whose machine stopped, leaves it behind, and nobody but
 * the administrator takes it away: no other process can know that it is dead.
 *
 *	packet_metrics.csv	a line for each source, and their total
 *	packet_flows.csv	a line for each flow; its source is the initiator
 *	ip_flows.csv		a line for each address, link addresses included
 *	protocols.csv		a line for each stack of protocols
 *	packet_size_distribution.{csv,svg,png}	packets by their size
 *	traffic_over_time.{csv,svg,png}		what came and went, by seconds or minutes
 *
 * RFC 4180, with a line of column names.  A last line "(other)" holds what had
 * to leave the table, so that each column of counts sums up to the total.
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
	int fd;    /* what it says comes here; -1: none */
	char said[1024];
	size_t said_len;
};

void snapshot_init(struct snapshot *s);

/*
 * Starts one below the folder dir (NULL: the current one), named after now (ns since
 * the epoch, local time).  The child settles its own copy of the ledger, so that whoever started
 * it has nothing to wait for.  False with one sentence in err.
 */
bool snapshot_start(
    struct snapshot *s, struct ledger *l, const char *dir, uint64_t now, struct buf *err);

/*
 * Call when s->fd is readable: takes in what the child says.  True when it has ended; then
 * result holds one sentence (where the snapshot is, or why there is none), and *ok.
 */
bool snapshot_read(struct snapshot *s, struct buf *result, bool *ok);

/* Waits for one that is running, for batch mode and at the exit; as snapshot_read().  False when
 * none is. */
bool snapshot_wait(struct snapshot *s, struct buf *result, bool *ok);

/* What the child does, also for tests: writes the files into folder.  False with one sentence in
 * err. */
bool snapshot_write_files(const struct safe_dir *folder, const struct ledger *l, struct buf *err);

#endif
