/*
 * All rows of a ledger table in report order: most bytes first, equal ones in a fixed order. The
 * rows are borrowed, and valid until the ledger changes.
 *
 *	if (report_rows_flows(&rows, ledger, 0))
 *		for (uint32_t i = 0; i < rows.n; i++)
 *			... const struct flow *f = rows.at[i].row; ...
 *	report_rows_fini(&rows);
 */
#ifndef EXPORT_REPORT_ROWS_H
#define EXPORT_REPORT_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/ledger.h"

struct report_row {
	uint64_t bytes;
	const void *row;
};

struct report_rows {
	struct report_row *at;
	uint32_t n;
};

/* Only the first top rows are sorted; 0: all. False if there is no memory. */
bool report_rows_flows(struct report_rows *rows, const struct ledger *l,
    uint32_t top); /* struct flow, the older first */
bool report_rows_hosts(
    struct report_rows *rows, const struct ledger *l, uint32_t top); /* struct host, by address */
bool report_rows_ports(
    struct report_rows *rows, const struct ledger *l, uint32_t top); /* struct port, by number */
bool report_rows_protocols(struct report_rows *rows, const struct ledger *l,
    uint32_t top); /* struct proto_node, parents first */
void report_rows_fini(struct report_rows *rows);

/* What a host sent (way 0) or received (1) in all classes of traffic. */
struct tally report_rows_host_tally(const struct host *h, int way);

/* The protocol number of a node in l's tree. */
uint16_t report_rows_protocol_number(const struct ledger *l, const struct proto_node *p);

#endif
