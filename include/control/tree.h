/*
 * Tree views: rows are indented below their parent, siblings are in the current order, and a row's
 * descendants can be folded away.  Folds are stored by path, so they survive a new list and a reset
 * of counts.
 */
#ifndef CONTROL_TREE_H
#define CONTROL_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "view/row_list.h"
#include "view/row_order.h"

#define TREE_FOLDS 256 /* most folded rows; one more unfolds the oldest */
#define TREE_ROOT  UINT32_MAX

struct tree {
	uint64_t folded[TREE_FOLDS]; /* hashes of their paths, oldest first */
	unsigned n;
};

bool tree_is_folded(const struct tree *t, const struct view *v, const struct table_row *row);

/*
 * Sorts an order that has all rows as a tree: each row behind its parent, siblings as they were;
 * removes folded rows.  A row whose parent is not listed becomes a top-level row. v has a
 * v_protocols_parent().
 */
void tree_shape(
    const struct tree *t, struct row_order *o, const struct view *v, const struct row_list *l);

/* Folds or unfolds the descendants of a row. */
void tree_set_folded(
    struct tree *t, const struct view *v, const struct table_row *row, bool folded);

/* The slot of the row's parent, or TREE_ROOT. */
uint32_t tree_parent(const struct view *v, const struct table_row *row);

#endif
