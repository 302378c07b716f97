/* Commands: folding a tree. */
#include "config.h"

#include <string.h>

#include "control/cmd.h"
#include "util/attr.h"

/* The row in that slot, visible or folded away; NULL if it is not listed. */
static const struct list_row *
row_in(const struct state *st, uint32_t slot)
{
	for (uint32_t i = 0; i < list_count(st->list); i++)
		if (!list_get(st->list, i)->other && list_get(st->list, i)->slot == slot)
			return list_get(st->list, i);
	return NULL;
}

static bool
has_below(const struct state *st, const struct list_row *row)
{
	const struct view *v = views[st->view];

	for (uint32_t i = 0; i < list_count(st->list); i++)
		if (tree_parent(v, list_get(st->list, i)) == row->slot)
			return true;
	return false;
}

/* The row under the cursor; NULL, with a message, if this view is no tree. */
static const struct list_row *
row_here(struct state *st)
{
	const struct list_row *row = state_row(st, st->per[st->view].at);

	if (views[st->view]->parent == NULL) {
		state_say(
		    st, false, "%s are no tree: there is nothing to fold", views[st->view]->name);
		return NULL;
	}
	return row != NULL && !row->other ? row : NULL;
}

static void
select_row(struct state *st, const struct rowkey *key)
{
	for (uint32_t i = 0; i < state_count(st); i++)
		if (memcmp(&state_row(st, i)->key, key, sizeof(*key)) == 0)
			state_select(st, i);
}

/* Applies the folds.  The cursor stays on its row, or moves to the parent that hides it. */
static void
shape_anew(struct state *st, const struct list_row *row)
{
	const struct view *v = views[st->view];
	const struct list_row *stay = row;

	for (const struct list_row *up = row_in(st, tree_parent(v, row)); up != NULL;
	     up = row_in(st, tree_parent(v, up)))
		if (tree_is_folded(&st->tree, v, up))
			stay = up;
	state_reorder(st);
	select_row(st, &stay->key);
}

/* Folds all rows but the top-level ones; unfolds everything if anything is folded. */
static unsigned
fold_all(struct state *st, const struct list_row *row)
{
	const struct view *v = views[st->view];
	bool unfold = st->tree.n > 0;

	st->tree.n = 0;
	for (uint32_t i = 0; !unfold && i < list_count(st->list); i++) {
		const struct list_row *r = list_get(st->list, i);

		if (tree_parent(v, r) != TREE_ROOT && has_below(st, r))
			tree_set_folded(&st->tree, v, r, true);
	}
	shape_anew(st, row);
	return 0;
}

unsigned
cmd_fold(struct state *st, int argc, char **argv)
{
	const struct view *v = views[st->view];
	const struct list_row *row = row_here(st), *up;

	if (row == NULL)
		return 0;
	if (argc > 1 && strcmp(argv[1], "all") == 0)
		return fold_all(st, row);
	if (argc > 1)
		return command_refuse(st, argv, 1, "all, or nothing more");
	if (has_below(st, row) && !tree_is_folded(&st->tree, v, row)) {
		tree_set_folded(&st->tree, v, row, true);
		shape_anew(st, row);
		return 0;
	}
	up = row_in(st, tree_parent(v, row));
	if (up != NULL)
		select_row(st, &up->key);
	return 0;
}

unsigned
cmd_unfold(struct state *st, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	const struct list_row *row = row_here(st);

	if (row == NULL)
		return 0;
	if (tree_is_folded(&st->tree, views[st->view], row)) {
		tree_set_folded(&st->tree, views[st->view], row, false);
		shape_anew(st, row);
	} else if (has_below(st, row)) {
		state_select(st, (int64_t)st->per[st->view].at + 1);
	}
	return 0;
}
