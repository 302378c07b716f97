/*
 * What a row, or a cell of it, is in the language of the display filter: so
 * that a key makes a filter of what is under the cursor.
 */
#ifndef VIEW_ROWTERM_H
#define VIEW_ROWTERM_H

#include <stdbool.h>

#include "view/list.h"

struct buf;

/* The cell of a row in the column of that name; NULL where its view has none. */
const struct value *rowterm_cell_of(
    const struct view *v, const struct list_row *row, const char *name);

/*
 * Adds the term that takes the rows of v with the same cell in that column, as "host 192.0.2.1",
 * "port 443" or "state = closed".  Numbers that only measure name nothing: then, and where the cell
 * is empty, it is that of rowterm_row().  False, and nothing added, where a row has no such term.
 */
bool rowterm_cell(struct buf *b, const struct view *v, const struct list_row *row, unsigned column);

/* Adds what tells a row of v from the others: "tcp port 443", "net 192.0.2.0/24", "proto dns". */
bool rowterm_row(struct buf *b, const struct view *v, const struct list_row *row);

/* Adds the filter that takes a row's flows in the view of flows. */
bool rowterm_flows(struct buf *b, const struct view *v, const struct list_row *row);

/* Adds the filter that takes a row's packets in the view of packets. */
bool rowterm_packets(struct buf *b, const struct view *v, const struct list_row *row);

#endif
