/*
 * Rows of a list as bytes, for view/history_store.h: numbers to five digits, times to the
 * millisecond. Cells are stored by column, as many columns do not change from one picture to the
 * next.
 */
#ifndef VIEW_HISTORY_ROWS_H
#define VIEW_HISTORY_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "view/row_list.h"

/* Encodes as many rows of l, of n_cols cells each, as fit: *rows.  Returns the bytes. */
size_t history_rows_encode(
    uint8_t *out, size_t room, const struct row_list *l, unsigned n_cols, uint32_t *rows);

/*
 * Decodes that many rows; row and cells have room for them.  False if the bytes were not made by
 * history_rows_encode().
 */
bool history_rows_decode(const uint8_t *s, size_t n, struct table_row *row, struct value *cells,
    uint32_t rows, unsigned n_cols);

#endif
