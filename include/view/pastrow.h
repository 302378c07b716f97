/*
 * Rows of a list as bytes, for view/past.h: numbers as people read them, to
 * five digits and to the millisecond.  What is of one column stands together, as from one picture
 * to the next whole columns stay as they are, and others change in every row.
 */
#ifndef VIEW_PASTROW_H
#define VIEW_PASTROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "view/list.h"

/* Writes as many rows of l, of n_cols cells each, as there is room for: *rows.  Returns the bytes.
 */
size_t pastrow_put(
    uint8_t *out, size_t room, const struct list *l, unsigned n_cols, uint32_t *rows);

/*
 * Reads that many rows; row and cells have room for them and for their cells.  False where the
 * bytes are not what pastrow_put() wrote.
 */
bool pastrow_get(const uint8_t *s, size_t n, struct list_row *row, struct value *cells,
    uint32_t rows, unsigned n_cols);

#endif
