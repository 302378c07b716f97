/*
 * The charts of a snapshot. Each has a CSV file with its numbers.
 */
#ifndef EXPORT_CHARTS_H
#define EXPORT_CHARTS_H

#include <stdbool.h>

#include "core/ledger.h"
#include "export/csv.h"
#include "export/draw.h"

/* Packets by their size. */
void charts_sizes(struct drawing *s, const struct ledger *l);
bool charts_sizes_csv(struct csv *c, const struct ledger *l);

/* Bits per second in, out and other: by seconds, or by minutes if the capture is longer than an
 * hour. */
void charts_traffic(struct drawing *s, const struct ledger *l);
bool charts_traffic_csv(struct csv *c, const struct ledger *l);

#endif
