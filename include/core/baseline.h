/*
 * What had been counted at one moment, so that a screen can show what came after
 * it.  Nothing is taken from the counts themselves: reports and logs know of no baseline.
 *
 *	ledger_set_baseline(l, true)		makes one, and again another one, or
 *	ledger_baseline_begin(l)		does so in steps: see core/ledger.h
 *	baseline_of(l->baseline, m)	what a meter had counted by then
 *	ledger_set_baseline(l, false)		there is none any more
 *
 * Beside each meter of the ledger stand the two tallies that it had.  Where a row leaves its
 * table, what stands beside it goes the way of its counts, to "(other)"; so the law holds of what
 * came since as it does of all, and a row's next owner begins at zero.
 *
 * Its memory, about a fifth of the ledger's at most, is taken when it is made; pages that no row
 * needs are never touched.
 */
#ifndef CORE_BASELINE_H
#define CORE_BASELINE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/host.h"
#include "core/ledger.h"

enum baseline_table {
	BASELINE_HOSTS,
	BASELINE_FLOWS,
	BASELINE_PORTS,
	BASELINE_NETWORKS,
	BASELINE_PROTOS,
	BASELINE_SOURCES,
	BASELINE_WAYS,
	BASELINE_TCP, /* what all connections have in common */
	BASELINE_TABLES
};

struct baseline_meters {            /* of the rows of a table */
	const struct meter *first;  /* of the first row */
	size_t stride;              /* bytes from one row's to the next one's */
	uint32_t max;               /* rows */
	unsigned n_meters;          /* meters of a row, one behind the other */
	const struct meter *other;  /* of the row "(other)"; NULL: there is none */
	struct tally (*tallies)[2]; /* of each meter; those of "(other)" are the first */
};

struct baseline_tcp { /* of a flow */
	struct tcp_counts end[2];
	uint32_t duplicates;
	uint32_t resets;
};

struct baseline_source {
	struct tally captured;
	uint64_t duplicates;
	uint64_t kernel_dropped, interface_dropped;
};

struct baseline {
	uint64_t at; /* ns, the ledger's time */
	struct totals totals;
	uint64_t evicted; /* flows */
	struct baseline_source source[LEDGER_SOURCES];
	struct size_histogram sizes;
	struct baseline_meters tables[BASELINE_TABLES];
	struct baseline_tcp *tcp;        /* of the flows, by row, and an unused one before */
	struct host_errors *host_errors; /* of the hosts, by row; that of "(other)" is the first */
	/* while it is made: what is taken next */
	bool fold_started; /* all had been folded, or is being */
	enum baseline_table next_table;
	uint32_t next_row;
};

/* All of these take NULL for no baseline: nothing had been counted. */

/* What a meter of the ledger had counted each way: two tallies. */
const struct tally *baseline_of(const struct baseline *z, const struct meter *m);

/* What the flow's ends and the host had suffered. */
struct baseline_tcp baseline_tcp(const struct baseline *z, const struct flow *f);
struct host_errors baseline_host_errors(const struct baseline *z, const struct host *h);

/* The counts of n meters are added to others too, and have left for others. */
void baseline_add(struct baseline *z, const struct meter *from, const struct meter *to, unsigned n);
void baseline_move(
    struct baseline *z, const struct meter *from, const struct meter *to, unsigned n);

/* A flow leaves its row, or turns round; a host leaves. */
void baseline_evict_flow(struct baseline *z, const struct flow *f);
void baseline_flow_swap_ends(struct baseline *z, const struct flow *f);
void baseline_evict_host(struct baseline *z, const struct host *h);

/* The table begins anew, in other memory; so many rows of it were used. */
void baseline_reset_table(
    struct baseline *z, enum baseline_table table, const struct meter *first, uint32_t used);

void baseline_del(struct baseline *z);

#endif
