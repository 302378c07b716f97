/*
 * All rows of a table of the ledger in the order of reports: those with most
 * bytes first, equal ones in a fixed order of their own.  The rows are lent:
 * they hold while the ledger stands still.
 *
 *	if (rows_flows(&rows, ledger, 0))
 *		for (uint32_t i = 0; i < rows.n; i++)
 *			... const struct flow *f = rows.at[i].row; ...
 *	rows_fini(&rows);
 */
#ifndef EXPORT_REPORT_ROWS_H
#define EXPORT_REPORT_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/ledger.h"

struct rows_entry {
	uint64_t bytes;
	const void *row;
};

struct rows {
	struct rows_entry *at;
	uint32_t n;
};

/* Only the first top rows are in order, all with 0.  False when there is no memory. */
bool rows_flows(
    struct rows *rows, const struct ledger *l, uint32_t top); /* struct flow, the older first */
bool rows_hosts(
    struct rows *rows, const struct ledger *l, uint32_t top); /* struct host, by address */
bool rows_ports(
    struct rows *rows, const struct ledger *l, uint32_t top); /* struct port, by number */
bool rows_paths(
    struct rows *rows, const struct ledger *l, uint32_t top); /* struct proto_node, parents first */
void rows_fini(struct rows *rows);

/* What a host sent (way 0) or received (1) in all classes of traffic. */
struct tally rows_host_tally(const struct host *h, int way);

/* The number of a node of l's paths. */
uint16_t rows_path_number(const struct ledger *l, const struct proto_node *p);

#endif
