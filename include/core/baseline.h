/*
 * A copy of all counts at one moment, so that the screen can show what came after it.  The counts
 * themselves do not change: reports and logs do not use the baseline.
 *
 *	ledger_set_baseline(l, true)		makes one, and again another one, or
 *	ledger_baseline_begin(l)		does so in steps: see core/ledger.h
 *	baseline_of(l->baseline, m)	what a meter had counted by then
 *	ledger_set_baseline(l, false)		there is none any more
 *
 * For each meter of the ledger, the baseline has the two tallies of that moment.  If a row is
 * evicted, its tallies are added to those of "(other)", like its counts.  So the balance law also
 * holds for the differences, and the next owner of the row begins at zero.
 *
 * Its memory, at most about a fifth of the ledger's, is allocated when it is made.  Pages without
 * used rows are never touched.
 */
#ifndef CORE_BASELINE_H
#define CORE_BASELINE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/host.h"
#include "core/ledger.h"

#define BASELINE_TABLES 24 /* at most */

struct baseline_meters {            /* the meters of a table's rows */
	const struct meter *first;  /* of the first row */
	size_t stride;              /* bytes from one row's meter to the next row's */
	uint32_t max;               /* rows */
	const uint32_t *used;       /* rows in use; later ones are never touched; NULL: all */
	unsigned n_meters;          /* meters per row, contiguous */
	const struct meter *other;  /* of the row "(other)", or NULL */
	struct baseline **owner;    /* set while there is a baseline; NULL: nobody needs it */
	struct tally (*tallies)[2]; /* for each meter; "(other)" comes first */
};

/* The meters of a table (util/table.h) with such rows, and of an array of n rows. */
#define BASELINE_METERS(t, rows, member, number)                                                   \
	((struct baseline_meters){ .first = &(rows)->member,                                       \
	    .stride = sizeof(*(rows)),                                                             \
	    .max = (t).table.max_grown,                                                            \
	    .used = &(t).table.used,                                                               \
	    .n_meters = (number) })
#define BASELINE_ALL_METERS(rows, n, member, number)                                               \
	((struct baseline_meters){ .first = &(rows)->member,                                       \
	    .stride = sizeof(*(rows)),                                                             \
	    .max = (n),                                                                            \
	    .n_meters = (number) })

/* Fills in what meters a table of the ledger has, and returns how many entries that are. */
typedef unsigned baseline_meters_fn(struct ledger *l, struct baseline_meters *of);

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
	unsigned n_tables;
	const struct baseline_meters *flows, *hosts; /* of tables */
	struct baseline_tcp *tcp;                    /* by flow row + 1; entry 0 is unused */
	struct host_errors *host_errors;             /* by host row + 1; entry 0 is "(other)" */
	/* progress while it is made */
	bool fold_started; /* the final fold was started */
	unsigned next_table;
	uint32_t next_row;
};

/* The number of tallies of so many rows and of "(other)". */
static inline size_t
baseline_count_tallies(const struct baseline_meters *of, uint32_t rows)
{
	return ((size_t)rows + 1) * of->n_meters;
}

/* All functions accept NULL: without a baseline all counts were zero. */

/* The two tallies (one per direction) that a meter had at the baseline. */
const struct tally *baseline_of(const struct baseline *z, const struct meter *m);

/* The error counts of a flow's ends and of a host at the baseline. */
struct baseline_tcp baseline_tcp(const struct baseline *z, const struct flow *f);
struct host_errors baseline_host_errors(const struct baseline *z, const struct host *h);

/* The counts of n meters were added to other meters, or moved to them. */
void baseline_add(struct baseline *z, const struct meter *from, const struct meter *to, unsigned n);
void baseline_move(
    struct baseline *z, const struct meter *from, const struct meter *to, unsigned n);

/* Adds counts to those of a meter in no other table, or forgets those that it had. */
void baseline_add_tallies(struct baseline *z, const struct meter *m, const struct tally more[2]);
void baseline_forget(struct baseline *z, const struct meter *m);

/* Likewise for one direction of a part of what a meter counted. */
void baseline_move_way(struct baseline *z, const struct meter_move *m);

/* A flow is evicted or swaps its ends; a host is evicted. */
void baseline_evict_flow(struct baseline *z, const struct flow *f);
void baseline_flow_swap_ends(struct baseline *z, const struct flow *f);
void baseline_evict_host(struct baseline *z, const struct host *h);

/* The table with that "(other)" was cleared and is at another address; `used` rows had been in use.
 */
void baseline_reset_table(
    struct baseline *z, const struct meter *other, const struct meter *first, uint32_t used);

void baseline_del(struct baseline *z);

#endif
