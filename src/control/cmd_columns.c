/* Commands: the columns of the view shown, and the one that rows are sorted by. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "control/cmd.h"
#include "control/table_layout.h"
#include "util/attr.h"

static unsigned
set_sort(struct state *st, unsigned column, bool desc)
{
	struct state_view *p = &st->per[st->view];

	p->sort = column;
	p->desc = desc;
	p->chosen = true;
	order_clear(&st->order);
	return WISH_RANK;
}

unsigned
cmd_sort(struct state *st, int argc, char **argv)
{
	const struct view *v = views[st->view];
	const struct column *c;
	bool desc, turned;
	unsigned at = state_sort(st, &desc), before = at;

	if (argc > 1 && strcmp(argv[1], "next") == 0)
		at = arrange_beside(&st->arrange[st->view], v, at, 1);
	else if (argc > 1 && strcmp(argv[1], "previous") == 0)
		at = arrange_beside(&st->arrange[st->view], v, at, -1);
	else if (argc > 1 && (c = view_column(v, argv[1])) != NULL)
		at = (unsigned)(c - v->cols);
	else
		return command_refuse(st, argv, 1, "a column of this view");
	turned = at == before && !desc;
	desc = v->cols[at].desc;
	if (argc > 2 && strcmp(argv[2], "asc") == 0)
		desc = false;
	else if (argc > 2 && strcmp(argv[2], "desc") == 0)
		desc = true;
	else if (argc > 2 && strcmp(argv[2], "turn") == 0)
		desc = at == before ? turned : desc;
	else if (argc > 2)
		return command_refuse(st, argv, 2, "asc, desc or turn");
	state_say(st, false, "sorted by %s: %s", v->cols[at].name, v->cols[at].help);
	return set_sort(st, at, desc);
}

unsigned
cmd_reverse(struct state *st, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	bool desc;
	unsigned at = state_sort(st, &desc);

	return set_sort(st, at, !desc);
}

/* The column settings of the view shown. */
static struct arrange *
arranged(struct state *st)
{
	return &st->arrange[st->view];
}

static bool
is_on_screen(const struct state *st, unsigned column)
{
	struct fit fit;

	choose_fit(st, &fit);
	return fit_has(&fit, column);
}

/* Explains why a column that was to be shown or hidden looks unchanged. */
static void
say_shown(struct state *st, unsigned column)
{
	const char *name = views[st->view]->cols[column].name;
	bool hidden = arranged(st)->shown[column] == ARRANGED_HIDDEN, desc;

	if (hidden && column == state_sort(st, &desc))
		state_say(st, false, "%s stays as long as rows are sorted by it", name);
	else if (!hidden && !is_on_screen(st, column))
		state_say(
		    st, false, "there is no room for %s: widen the screen, or hide others", name);
}

/* Refuses to hide the last visible column. */
static bool
set_shown(struct state *st, unsigned column, enum arranged to)
{
	struct arrange *a = arranged(st);

	if (to == ARRANGED_HIDDEN && a->shown[column] != ARRANGED_HIDDEN &&
	    arrange_visible(a, views[st->view]) == 1) {
		state_say(st, true, "%s is the last column: it stays",
		    views[st->view]->cols[column].name);
		return false;
	}
	a->shown[column] = (uint8_t)to;
	say_shown(st, column);
	return true;
}

/* The column of that name; -1, with a message, if there is none. */
static int
number_of(struct state *st, char **argv, const char *name)
{
	const struct view *v = views[st->view];
	const struct column *c = view_column(v, name);

	if (c != NULL)
		return (int)(c - v->cols);
	state_say(st, true, "%s: %s has no column \"%s\"; c lists them", argv[0], v->name, name);
	return -1;
}

/* Reads "a,b,c" into columns; names is cut into pieces.  Returns how many, -1 if one is wrong. */
static int
read_names(struct state *st, char **argv, char *names, uint8_t *columns)
{
	int n = 0, column;
	char *name;

	while ((name = strsep(&names, ",")) != NULL) {
		if ((column = number_of(st, argv, name)) < 0)
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
change_some(struct state *st, char **argv)
{
	char *names = argv[1], *name;
	int column;

	while ((name = strsep(&names, ",")) != NULL) {
		if (*name != '+' && *name != '-') {
			state_say(st, true, "%s: + or - is wanted before \"%s\"", argv[0], name);
			return 0;
		}
		if ((column = number_of(st, argv, name + 1)) < 0)
			return 0;
		if (!set_shown(
			st, (unsigned)column, *name == '+' ? ARRANGED_SHOWN : ARRANGED_HIDDEN))
			return 0;
	}
	return 0;
}

/* "NAME,NAME": shows only these, in this order. */
static unsigned
show_only(struct state *st, char **argv)
{
	struct arrange *a = arranged(st);
	uint8_t columns[VIEW_COLUMNS];
	int n = read_names(st, argv, argv[1], columns);

	if (n <= 0)
		return 0;
	arrange_first(a, views[st->view], columns, (unsigned)n);
	memset(a->shown, ARRANGED_HIDDEN, sizeof(a->shown));
	for (int i = 0; i < n; i++)
		a->shown[columns[i]] = ARRANGED_SHOWN;
	return 0;
}

static unsigned
put_first(struct state *st, char **argv)
{
	uint8_t columns[VIEW_COLUMNS];
	int n;

	if (argv[2] == NULL)
		return command_refuse(st, argv, 2, "columns of this view, parted by commas");
	n = read_names(st, argv, argv[2], columns);
	if (n > 0)
		arrange_first(arranged(st), views[st->view], columns, (unsigned)n);
	return 0;
}

unsigned
cmd_columns(struct state *st, int argc, char **argv)
{
	if (argc < 2) {
		command_then(st, "menu columns");
		return 0;
	}
	if (strcmp(argv[1], "order") == 0)
		return put_first(st, argv);
	if (strcmp(argv[1], "default") == 0) {
		arrange_default(arranged(st));
		state_say(st, false, "columns as they were at first");
		return 0;
	}
	return *argv[1] == '+' || *argv[1] == '-' ? change_some(st, argv) : show_only(st, argv);
}

static void
move(struct state *st, unsigned column, int by)
{
	arrange_move(arranged(st), views[st->view], column, by);
}

/* Numbers keep the width that they need; only the bar beside one can shrink. */
static void
widen(struct state *st, unsigned column, int by)
{
	const struct column *c = &views[st->view]->cols[column];
	int8_t *wider = &arranged(st)->wider[column];
	int now = *wider + by, least = c->min - c->max;

	if (!c->left && now < least) {
		state_say(st, false, "%s has the cells that its numbers need", c->name);
		now = least;
	}
	*wider = (int8_t)(now > ARRANGE_WIDER ? ARRANGE_WIDER
		: now < -ARRANGE_WIDER        ? -ARRANGE_WIDER
					      : now);
}

/* Hides a column that is on the screen, else shows it, by the automatic choice if that is
 * enough. */
static void
toggle(struct state *st, unsigned column, int by ATTR_UNUSED)
{
	uint8_t *shown = &arranged(st)->shown[column];

	if (*shown == ARRANGED_SHOWN || (*shown == ARRANGED_BY_ROOM && is_on_screen(st, column))) {
		set_shown(st, column, ARRANGED_HIDDEN);
		return;
	}
	*shown = ARRANGED_BY_ROOM;
	if (!is_on_screen(st, column))
		set_shown(st, column, ARRANGED_SHOWN);
}

unsigned
cmd_column(struct state *st, int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*fn)(struct state *st, unsigned column, int by);
		int sign;
	} acts[] = {
		{ "left", move, -1 },
		{ "right", move, 1 },
		{ "wider", widen, 1 },
		{ "narrower", widen, -1 },
		{ "toggle", toggle, 1 },
	};
	const char *why = NULL;
	int column, by = 1;

	if (argc < 2)
		return command_refuse(st, argv, 1, "a column of this view");
	if ((column = number_of(st, argv, argv[1])) < 0)
		return 0;
	if (argc > 3)
		by = (int)strtonum(argv[3], 1, ARRANGE_WIDER, &why);
	if (why != NULL)
		return command_refuse(st, argv, 3, "a number from 1 to 99");
	for (size_t i = 0; argc > 2 && i < NITEMS(acts); i++) {
		if (strcmp(acts[i].name, argv[2]) == 0) {
			acts[i].fn(st, (unsigned)column, acts[i].sign * by);
			return 0;
		}
	}
	return command_refuse(st, argv, 2, "left, right, wider, narrower or toggle");
}
