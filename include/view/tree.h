/*
 * Rows that stand below one another: set in, in one order among those beside each other, and folded
 * away below a row where one wishes.  What is folded is remembered by its path, so a list made
 * anew, or all counts begun anew, unfold nothing.
 */
#ifndef VIEW_TREE_H
#define VIEW_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "view/list.h"
#include "view/order.h"

#define TREE_FOLDS 256 /* rows that are folded at once; the oldest unfolds for one more */
#define TREE_ROOT  UINT32_MAX

struct tree {
	uint64_t folded[TREE_FOLDS]; /* hashes of their paths, oldest first */
	unsigned n;
};

bool tree_is_folded(const struct tree *t, const struct view *v, const struct list_row *row);

/*
 * Puts the rows of an order that has them all each behind the one that it is below, and those
 * beside one another as they were; takes those out that are folded away.  One whose parent is not
 * listed stands with the outermost.  v has a parent().
 */
void tree_shape(const struct tree *t, struct order *o, const struct view *v, const struct list *l);

/* Folds away what is below a row, or shows it again. */
void tree_set_folded(struct tree *t, const struct view *v, const struct list_row *row, bool folded);

/* The slot of the row that this one is below, or TREE_ROOT. */
uint32_t tree_parent(const struct view *v, const struct list_row *row);

#endif
