/*
 * Rows of a list as bytes, for view/past.h: numbers as people read them, to
 * five digits and to the millisecond.
 */
#ifndef VIEW_PASTROW_H
#define VIEW_PASTROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "view/list.h"

/* The most bytes that a row can take. */
#define PASTROW_MOST (sizeof(struct rowkey) + 16 + VIEW_COLUMNS * (VALUE_TEXT + 4))

/* Returns how many bytes were written to out, which has room for PASTROW_MOST. */
size_t pastrow_put(uint8_t *out, const struct list_row *row, unsigned n_cols);

/* Reads a row of n_cols cells; returns the bytes that it took, 0 where they are wrong. */
size_t pastrow_get(
    const uint8_t *s, size_t n, struct list_row *row, struct value *cells, unsigned n_cols);

#endif
