/*
 * The pictures of a snapshot, and the numbers behind each.
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

/* Bits a second in, out and otherwise: by seconds, or by minutes where an hour is not enough. */
void charts_traffic(struct drawing *s, const struct ledger *l);
bool charts_traffic_csv(struct csv *c, const struct ledger *l);

#endif
