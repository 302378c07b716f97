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
void picture_sizes(struct sketch *s, const struct ledger *l);
bool picture_sizes_csv(struct csv *c, const struct ledger *l);

/* Bits a second in, out and otherwise: by seconds, or by minutes where an hour is not enough. */
void picture_traffic(struct sketch *s, const struct ledger *l);
bool picture_traffic_csv(struct csv *c, const struct ledger *l);

#endif
