/*
 * A row, or a cell of it, as a term of the display filter: for keys that filter by what is under
 * the cursor.
 */
#ifndef VIEW_ROW_FILTER_H
#define VIEW_ROW_FILTER_H

#include <stdbool.h>

#include "view/row_list.h"

struct buf;

/* The cell of a row in the column of that name; NULL if the view has none. */
const struct value *row_find_cell(
    const struct view *v, const struct table_row *row, const char *name);

/*
 * Adds the term that matches the rows of v with the same cell in that column, as "host 192.0.2.1",
 * "port 443" or "state = closed".  For measurements and empty cells, adds the term of
 * row_filter_row(). False, and nothing added, if a row has no such term.
 */
bool row_filter_cell(
    struct buf *b, const struct view *v, const struct table_row *row, unsigned column);

/* Adds the term that identifies a row of v: "tcp port 443", "net 192.0.2.0/24", "proto dns". */
bool row_filter_row(struct buf *b, const struct view *v, const struct table_row *row);

/* Adds the filter for a row's flows in the view of flows. */
bool row_filter_flows(struct buf *b, const struct view *v, const struct table_row *row);

/* Adds the filter for a row's packets in the view of packets. */
bool row_filter_packets(struct buf *b, const struct view *v, const struct table_row *row);

#endif
