/* Commands: folding a tree. */
#include "config.h"

#include <string.h>

#include "control/cmd.h"
#include "util/attr.h"

/* The row in that slot, visible or folded away; NULL if it is not listed. */
static const struct table_row *
cmd_tree_row_in_slot(const struct state *st, uint32_t slot)
{
	for (uint32_t i = 0; i < row_list_count(st->list); i++)
		if (!row_list_get(st->list, i)->other && row_list_get(st->list, i)->slot == slot)
			return row_list_get(st->list, i);
	return NULL;
}

static bool
cmd_tree_has_children(const struct state *st, const struct table_row *row)
{
	const struct view *v = views[st->view];

	for (uint32_t i = 0; i < row_list_count(st->list); i++)
		if (tree_parent(v, row_list_get(st->list, i)) == row->slot)
			return true;
	return false;
}

/* The row under the cursor; NULL, with a message, if this view is not a tree. */
static const struct table_row *
cmd_tree_cursor_row(struct state *st)
{
	const struct table_row *row = state_row(st, st->per_view[st->view].cursor);

	if (views[st->view]->parent_slot == NULL) {
		status_message(
		    st, false, "view %s is not a tree: nothing to fold", views[st->view]->name);
		return NULL;
	}
	return row != NULL && !row->other ? row : NULL;
}

static void
cmd_tree_select_row(struct state *st, const struct row_key *key)
{
	for (uint32_t i = 0; i < state_row_count(st); i++)
		if (memcmp(&state_row(st, i)->key, key, sizeof(*key)) == 0)
			state_select(st, i);
}

/* Applies the folds.  The cursor stays on its row, or moves to the parent that hides it. */
static void
cmd_tree_refold(struct state *st, const struct table_row *row)
{
	const struct view *v = views[st->view];
	const struct table_row *stay = row;

	for (const struct table_row *up = cmd_tree_row_in_slot(st, tree_parent(v, row)); up != NULL;
	     up = cmd_tree_row_in_slot(st, tree_parent(v, up)))
		if (tree_is_folded(&st->tree, v, up))
			stay = up;
	refresh_order(st);
	cmd_tree_select_row(st, &stay->key);
}

/* Folds all rows but the top-level ones; unfolds everything if anything is folded. */
static unsigned
cmd_tree_fold_all(struct state *st, const struct table_row *row)
{
	const struct view *v = views[st->view];
	bool unfold = st->tree.n > 0;

	st->tree.n = 0;
	for (uint32_t i = 0; !unfold && i < row_list_count(st->list); i++) {
		const struct table_row *r = row_list_get(st->list, i);

		if (tree_parent(v, r) != TREE_ROOT && cmd_tree_has_children(st, r))
			tree_set_folded(&st->tree, v, r, true);
	}
	cmd_tree_refold(st, row);
	return 0;
}

unsigned
cmd_fold(struct state *st, int argc, char **argv)
{
	const struct view *v = views[st->view];
	const struct table_row *row = cmd_tree_cursor_row(st), *up;

	if (row == NULL)
		return 0;
	if (argc > 1 && strcmp(argv[1], "all") == 0)
		return cmd_tree_fold_all(st, row);
	if (argc > 1)
		return command_error(st, argv, 1, "all");
	if (cmd_tree_has_children(st, row) && !tree_is_folded(&st->tree, v, row)) {
		tree_set_folded(&st->tree, v, row, true);
		cmd_tree_refold(st, row);
		return 0;
	}
	up = cmd_tree_row_in_slot(st, tree_parent(v, row));
	if (up != NULL)
		cmd_tree_select_row(st, &up->key);
	return 0;
}

unsigned
cmd_unfold(struct state *st, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	const struct table_row *row = cmd_tree_cursor_row(st);

	if (row == NULL)
		return 0;
	if (tree_is_folded(&st->tree, views[st->view], row)) {
		tree_set_folded(&st->tree, views[st->view], row, false);
		cmd_tree_refold(st, row);
	} else if (cmd_tree_has_children(st, row)) {
		state_select(st, (int64_t)st->per_view[st->view].cursor + 1);
	}
	return 0;
}
