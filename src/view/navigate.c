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

	p->at_top = m->end == END_TOP || at < 0;
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

static const struct value *
cell_named(const struct state *st, const struct list_row *row, const char *name)
{
	const struct view *v = views[st->view];
	const struct column *c = view_column(v, name);

	return c != NULL ? &row->cell[c - v->cols] : NULL;
}

/* The filter that shows the flow of a packet. */
static bool
filter_of_ends(const struct state *st, const struct list_row *row, struct buf *b)
{
	static const struct {
		const char *address, *port;
	} ends[] = { { "a", "a_port" }, { "b", "b_port" } };
	static const struct units exact = { .numeric = true };

	buf_addf(b, "protocol = %s", cell_named(st, row, "protocol")->text);
	for (unsigned i = 0; i < NITEMS(ends); i++) {
		const struct value *address = cell_named(st, row, ends[i].address);
		const struct value *port = cell_named(st, row, ends[i].port);

		if (address->type != V_ADDR || address->kind == ADDR_NONE)
			continue;
		buf_adds(b, " host ");
		value_text(b, address, &exact);
		if (port->type == V_PORT)
			buf_addf(b, " port %u", (unsigned)port->n);
	}
	return true;
}

/* The filter that shows the flows of a row.  False where a row has no flows of its own. */
static bool
filter_of(const struct state *st, const struct list_row *row, struct buf *b)
{
	static const struct units exact = { .numeric = true };
	const struct value *address = cell_named(st, row, "address");
	const struct value *network = cell_named(st, row, "network");
	const struct value *port = cell_named(st, row, "port");
	const struct value *protocol = cell_named(st, row, "protocol");

	if (strcmp(views[st->view]->name, "flows") == 0 || row->other)
		return false;
	if (address != NULL && address->type == V_ADDR && address->kind != ADDR_NONE) {
		buf_adds(b, "host ");
		value_text(b, address, &exact);
		return true;
	}
	if (network != NULL && network->type == V_ADDR && network->kind != ADDR_NONE) {
		buf_adds(b, "net ");
		value_text(b, network, &exact);
		return true;
	}
	if (cell_named(st, row, "a") != NULL)
		return filter_of_ends(st, row, b);
	if (protocol == NULL || protocol->type != V_TEXT)
		return false;
	buf_addf(b, "protocol = %s", protocol->text);
	if (port != NULL && port->type == V_PORT)
		buf_addf(b, " and port %u", (unsigned)port->n);
	return true;
}

unsigned
navigate_open(struct state *st, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	const struct list_row *row = state_row(st, st->per[st->view].at);
	unsigned from = st->view, flows = 0;
	char text[160];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	if (row == NULL || !filter_of(st, row, &b)) {
		state_say(st, false, "there is nothing more to see of this row");
		return 0;
	}
	while (flows < n_views && strcmp(views[flows]->name, "flows") != 0)
		flows++;
	if (flows == n_views)
		return 0;
	strlcpy(st->opened_show, st->show, sizeof(st->opened_show));
	state_view(st, flows);
	state_set_show(st, b.s);
	st->opened = true;
	st->opened_from = from;
	st->per[flows].at_top = true;
	return WISH_RANK;
}

unsigned
navigate_back(struct state *st, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	if (st->help) {
		st->help = false;
	} else if (st->menu.kind != MENU_NONE) {
		menu_close(st);
	} else if (st->opened) {
		state_view(st, st->opened_from);
		state_set_show(st, st->opened_show);
		return WISH_RANK;
	} else if (st->show[0] != '\0') {
		state_set_show(st, "");
		return WISH_RANK;
	}
	return 0;
}
