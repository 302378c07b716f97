/* Commands: the columns of the view shown, and the one that rows are sorted by. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "control/cmd.h"
#include "control/layout.h"
#include "util/attr.h"
#include "util/number.h"

static unsigned
cmd_columns_set_sort(struct state *st, unsigned column, bool desc)
{
	struct state_view *p = &st->per_view[st->view];

	p->sort_column = column;
	p->sort_desc = desc;
	p->sort_chosen = true;
	st->detail.sort = NULL;
	row_order_clear(&st->order);
	return REQ_RANK;
}

unsigned
cmd_sort(struct state *st, int argc, char **argv)
{
	const struct view *v = views[st->view];
	const struct column *c;
	bool desc, turned;
	unsigned at = state_get_sort(st, &desc), before = at;

	if (argc > 1 && strcmp(argv[1], "next") == 0)
		at = column_prefs_next(&st->column_prefs[st->view], v, at, 1);
	else if (argc > 1 && strcmp(argv[1], "previous") == 0)
		at = column_prefs_next(&st->column_prefs[st->view], v, at, -1);
	else if (argc > 1 && (c = view_match_column(v, argv[1])) != NULL)
		at = (unsigned)(c - v->cols);
	else
		return command_error(st, argv, 1, "a column of this view");
	turned = at == before && !desc;
	desc = v->cols[at].desc;
	if (argc > 2 && strcmp(argv[2], "asc") == 0)
		desc = false;
	else if (argc > 2 && strcmp(argv[2], "desc") == 0)
		desc = true;
	else if (argc > 2 && strcmp(argv[2], "turn") == 0)
		desc = at == before ? turned : desc;
	else if (argc > 2)
		return command_error(st, argv, 2, "asc, desc or turn");
	status_message(st, false, "sorted by %s: %s", v->cols[at].name, v->cols[at].help);
	return cmd_columns_set_sort(st, at, desc);
}

unsigned
cmd_reverse(struct state *st, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	bool desc;
	unsigned at = state_get_sort(st, &desc);

	return cmd_columns_set_sort(st, at, !desc);
}

/* The column settings of the view shown. */
static struct column_prefs *
cmd_columns_prefs(struct state *st)
{
	return &st->column_prefs[st->view];
}

static bool
cmd_columns_is_on_screen(const struct state *st, unsigned column)
{
	struct column_layout fit;

	table_layout_columns(st, &fit);
	return column_layout_has(&fit, column);
}

/* Explains why a column that was to be shown or hidden looks unchanged. */
static void
cmd_columns_explain(struct state *st, unsigned column)
{
	const char *name = views[st->view]->cols[column].name;
	bool hidden = cmd_columns_prefs(st)->visibility[column] == COLUMN_HIDDEN, desc;

	if (hidden && column == state_get_sort(st, &desc))
		status_message(st, false, "cannot hide %s: rows are sorted by it", name);
	else if (!hidden && !cmd_columns_is_on_screen(st, column))
		status_message(
		    st, false, "no room for %s: widen the screen or hide other columns", name);
}

/* Refuses to hide the last visible column. */
static bool
cmd_columns_set_visibility(struct state *st, unsigned column, enum column_visibility to)
{
	const struct view *v = views[st->view];

	if (!column_prefs_set_visibility(cmd_columns_prefs(st), v, column, to)) {
		status_message(
		    st, true, "cannot hide %s: it is the last column", v->cols[column].name);
		return false;
	}
	cmd_columns_explain(st, column);
	return true;
}

/* The column of that name; -1, with a message, if there is none. */
static int
cmd_columns_find(struct state *st, char **argv, const char *name)
{
	const struct view *v = views[st->view];
	const struct column *c = view_match_column(v, name);

	if (c != NULL)
		return (int)(c - v->cols);
	status_message(
	    st, true, "%s: view %s has no column \"%s\"; c lists them", argv[0], v->name, name);
	st->bad_word = 1;
	return -1;
}

/* Reads "a,b,c" into columns; names is cut into pieces.  Returns how many, -1 if one is wrong. */
static int
cmd_columns_read_names(struct state *st, char **argv, char *names, uint8_t *columns)
{
	int n = 0, column;
	char *name;

	while ((name = strsep(&names, ",")) != NULL) {
		if ((column = cmd_columns_find(st, argv, name)) < 0)
			return -1;
		for (int i = 0; i < n; i++)
			if (columns[i] == column)
				column = -1;
		if (column >= 0)
			columns[n++] = (uint8_t)column;
	}
	return n;
}

/* "+NAME,-NAME": shows or hides these and leaves the others as they are. */
static unsigned
cmd_columns_change_named(struct state *st, char **argv)
{
	char *names = argv[1], *name;
	int column;

	while ((name = strsep(&names, ",")) != NULL) {
		if (*name != '+' && *name != '-') {
			status_message(st, true, "%s: missing + or - before \"%s\"", argv[0], name);
			return 0;
		}
		if ((column = cmd_columns_find(st, argv, name + 1)) < 0)
			return 0;
		if (!cmd_columns_set_visibility(
			st, (unsigned)column, *name == '+' ? COLUMN_SHOWN : COLUMN_HIDDEN))
			return 0;
	}
	return 0;
}

/* "NAME,NAME": shows only these, in this order. */
static unsigned
cmd_columns_show_only(struct state *st, char **argv)
{
	struct column_prefs *a = cmd_columns_prefs(st);
	uint8_t columns[VIEW_COLUMNS];
	int n = cmd_columns_read_names(st, argv, argv[1], columns);

	if (n <= 0)
		return 0;
	column_prefs_move_first(a, views[st->view], columns, (unsigned)n);
	memset(a->visibility, COLUMN_HIDDEN, sizeof(a->visibility));
	for (int i = 0; i < n; i++)
		a->visibility[columns[i]] = COLUMN_SHOWN;
	return 0;
}

static unsigned
cmd_columns_order(struct state *st, char **argv)
{
	uint8_t columns[VIEW_COLUMNS];
	int n;

	if (argv[2] == NULL)
		return command_error(st, argv, 2, "columns of this view, separated by commas");
	n = cmd_columns_read_names(st, argv, argv[2], columns);
	if (n > 0)
		column_prefs_move_first(
		    cmd_columns_prefs(st), views[st->view], columns, (unsigned)n);
	return 0;
}

unsigned
cmd_columns(struct state *st, int argc, char **argv)
{
	if (argc < 2) {
		command_set_next(st, "menu columns");
		return 0;
	}
	if (strcmp(argv[1], "order") == 0)
		return cmd_columns_order(st, argv);
	if (strcmp(argv[1], "default") == 0) {
		column_prefs_default(cmd_columns_prefs(st));
		status_message(st, false, "columns reset to the defaults");
		return 0;
	}
	return *argv[1] == '+' || *argv[1] == '-' ? cmd_columns_change_named(st, argv)
						  : cmd_columns_show_only(st, argv);
}

static void
cmd_columns_move(struct state *st, unsigned column, int by)
{
	column_prefs_move(cmd_columns_prefs(st), views[st->view], column, by);
}

/* Numbers keep the width that they need; only the bar next to one can shrink. */
static void
cmd_columns_widen(struct state *st, unsigned column, int by)
{
	const struct column *c = &views[st->view]->cols[column];
	int8_t *wider = &cmd_columns_prefs(st)->extra_width[column];
	int now = *wider + by, least = c->min - c->max;

	if (!c->left && now < least) {
		status_message(st, false, "the width of %s is fixed by its numbers", c->name);
		now = least;
	}
	*wider = (int8_t)clamp(now, -COLUMN_MAX_EXTRA, COLUMN_MAX_EXTRA);
}

/* Hides a column that is on the screen, else shows it, by the automatic choice if that is
 * enough. */
static void
cmd_columns_toggle(struct state *st, unsigned column, int by ATTR_UNUSED)
{
	uint8_t *shown = &cmd_columns_prefs(st)->visibility[column];

	if (*shown == COLUMN_SHOWN ||
	    (*shown == COLUMN_AUTO && cmd_columns_is_on_screen(st, column))) {
		cmd_columns_set_visibility(st, column, COLUMN_HIDDEN);
		return;
	}
	*shown = COLUMN_AUTO;
	if (!cmd_columns_is_on_screen(st, column))
		cmd_columns_set_visibility(st, column, COLUMN_SHOWN);
}

unsigned
cmd_column(struct state *st, int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*fn)(struct state *st, unsigned column, int by);
		int sign;
	} acts[] = {
		{ "left", cmd_columns_move, -1 },
		{ "right", cmd_columns_move, 1 },
		{ "wider", cmd_columns_widen, 1 },
		{ "narrower", cmd_columns_widen, -1 },
		{ "toggle", cmd_columns_toggle, 1 },
	};
	const char *why = NULL;
	int column, by = 1;

	if (argc < 2)
		return command_error(st, argv, 1, "a column of this view");
	if ((column = cmd_columns_find(st, argv, argv[1])) < 0)
		return 0;
	if (argc > 3)
		by = (int)strtonum(argv[3], 1, COLUMN_MAX_EXTRA, &why);
	if (why != NULL)
		return command_error(st, argv, 3, "a number from 1 to 99");
	for (size_t i = 0; argc > 2 && i < NITEMS(acts); i++) {
		if (strcmp(acts[i].name, argv[2]) == 0) {
			acts[i].fn(st, (unsigned)column, acts[i].sign * by);
			return 0;
		}
	}
	return command_error(st, argv, 2, "left, right, wider, narrower or toggle");
}
