#include "config.h"

#include "view/navigate.h"

#include <string.h>

#include "util/attr.h"
#include "view/command.h"

unsigned
navigate_view(struct state *st, int argc, char **argv)
{
	unsigned i = n_views;

	if (argc > 1 && strcmp(argv[1], "next") == 0)
		i = (st->view + 1) % n_views;
	else if (argc > 1 && strcmp(argv[1], "previous") == 0)
		i = (st->view + n_views - 1) % n_views;
	else if (argc > 1)
		for (i = 0; i < n_views && strcmp(views[i]->name, argv[1]) != 0; i++)
			;
	if (i >= n_views)
		return command_refuse(st, argv, 1, "the name of a view");
	state_view(st, i);
	return WISH_RANK;
}

enum end { END_NONE, END_TOP, END_BOTTOM };

/* clang-format off */
static const struct move {
	const char *name;
	int rows, pages;
	enum end end;
} moves[] = {
	{ "up", -1, 0, END_NONE },
	{ "down", 1, 0, END_NONE },
	{ "page-up", 0, -1, END_NONE },
	{ "page-down", 0, 1, END_NONE },
	{ "top", 0, 0, END_TOP },
	{ "bottom", 0, 0, END_BOTTOM },
};
/* clang-format on */

static unsigned
move_help(struct state *st, const struct move *m, int page)
{
	int64_t top = (int64_t)st->help_top + m->rows + (int64_t)m->pages * page;

	if (m->end != END_NONE)
		top = m->end == END_TOP ? 0 : HELP_END;
	st->help_top = top < 0 ? 0 : (unsigned)top;
	return 0;
}

static unsigned
move_menu(struct state *st, const struct move *m)
{
	int64_t at = (int64_t)st->menu.at + m->rows + (int64_t)m->pages * menu_page(st);

	if (m->end != END_NONE)
		at = m->end == END_TOP ? 0 : INT64_MAX;
	menu_select(st, at);
	return 0;
}

/* On the first row the cursor stays on top, whatever is there, once one moves up once more. */
static unsigned
move_cursor(struct state *st, const struct move *m, int page)
{
	struct state_view *p = &st->per[st->view];
	int64_t at = (int64_t)p->at + m->rows + (int64_t)m->pages * page;

	p->at_top = !p->follow && (m->end == END_TOP || at < 0);
	p->to_bottom = m->end == END_BOTTOM;
	if (m->end != END_NONE)
		at = m->end == END_TOP ? 0 : INT64_MAX;
	state_select(st, at);
	return p->to_bottom && !st->frozen ? WISH_RANK : 0;
}

unsigned
navigate_select(struct state *st, int argc, char **argv)
{
	int page = (int)state_page(st);

	for (size_t i = 0; argc > 1 && i < NITEMS(moves); i++) {
		if (strcmp(moves[i].name, argv[1]) != 0)
			continue;
		if (st->help)
			return move_help(st, &moves[i], page > 0 ? page : 1);
		if (st->menu.kind != MENU_NONE)
			return move_menu(st, &moves[i]);
		return move_cursor(st, &moves[i], page > 0 ? page : 1);
	}
	return command_refuse(st, argv, 1, "up, down, page-up, page-down, top or bottom");
}
