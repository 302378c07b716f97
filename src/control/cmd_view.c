/* Commands: the view shown, and the position in it. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "control/cmd.h"
#include "control/prompt.h"
#include "util/attr.h"
#include "view/columns.h"

#define MOST4 32
#define MOST6 128

unsigned
cmd_view(struct state *st, int argc, char **argv)
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
		return command_error(st, argv, 1, "the name of a view");
	state_show_view(st, i);
	return REQ_RANK;
}

/* Usual sizes of networks: of a link, of a site, single hosts, and as large as each needs to be. */
static const struct {
	uint8_t bits4, bits6;
} usual_prefixes[] = { { 24, 64 }, { 16, 48 }, { MOST4, MOST6 }, { NETWORKS_AUTO, NETWORKS_AUTO } };

/* Shows the networks; if they are shown already, the next usual prefix length. */
static void
cmd_view_next_prefix(struct state *st)
{
	size_t next = 0;

	if (views[st->view] != &view_networks) {
		for (unsigned i = 0; i < n_views; i++)
			if (views[i] == &view_networks)
				state_show_view(st, i);
		return;
	}
	for (size_t i = 0; i < NITEMS(usual_prefixes); i++)
		if (st->prefix4 == usual_prefixes[i].bits4 &&
		    st->prefix6 == usual_prefixes[i].bits6)
			next = (i + 1) % NITEMS(usual_prefixes);
	st->prefix4 = usual_prefixes[next].bits4;
	st->prefix6 = usual_prefixes[next].bits6;
}

static bool
cmd_view_read_prefix(struct state *st, char **argv, uint8_t *bits, int most)
{
	const char *wrong = "missing";
	int n = 0;

	if (argv[2] != NULL)
		n = (int)strtonum(argv[2], 1, most, &wrong);
	if (wrong != NULL) {
		command_error(st, argv, 2, most == MOST4 ? "1 to 32 bits" : "1 to 128 bits");
		return false;
	}
	if (st->prefix4 == NETWORKS_AUTO) {
		st->prefix4 = STATE_PREFIX4;
		st->prefix6 = STATE_PREFIX6;
	}
	*bits = (uint8_t)n;
	return true;
}

static bool
cmd_view_set_prefix(struct state *st, char **argv)
{
	if (argv[1] != NULL && strcmp(argv[1], "next") == 0) {
		cmd_view_next_prefix(st);
		return true;
	}
	if (argv[1] != NULL && strcmp(argv[1], "auto") == 0) {
		st->prefix4 = st->prefix6 = NETWORKS_AUTO;
		return true;
	}
	if (argv[1] != NULL && strcmp(argv[1], "4") == 0)
		return cmd_view_read_prefix(st, argv, &st->prefix4, MOST4);
	if (argv[1] != NULL && strcmp(argv[1], "6") == 0)
		return cmd_view_read_prefix(st, argv, &st->prefix6, MOST6);
	command_error(st, argv, 1, "4, 6, auto or next");
	return false;
}

static unsigned
cmd_view_report_prefix(struct state *st)
{
	row_order_clear(&st->order);
	if (st->prefix4 == NETWORKS_AUTO)
		status_message(st, false,
		    "networks grouped so that each row has at least 1/%d of the traffic",
		    ROLLUP_SHARE);
	else
		status_message(st, false, "networks grouped by /%u (IPv4) and /%u (IPv6)",
		    st->prefix4, st->prefix6);
	return REQ_RANK;
}

unsigned
cmd_prefix(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	return cmd_view_set_prefix(st, argv) ? cmd_view_report_prefix(st) : 0;
}

static unsigned
cmd_view_count_groups(const struct view *v)
{
	unsigned n = 0;

	while (v->groups[n] != NULL)
		n++;
	return n;
}

/* Views whose rows have no groups lead to the networks, which have prefixes. */
unsigned
cmd_group(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	const struct view *v = views[st->view];
	struct state_view *p = &st->per_view[st->view];
	bool next = argv[1] == NULL || strcmp(argv[1], "next") == 0;
	unsigned n, group = 0;

	if (v->groups == NULL && next) {
		cmd_view_next_prefix(st);
		return cmd_view_report_prefix(st);
	}
	if (v->groups == NULL) {
		status_message(st, true, "the rows of this view have no groups");
		return 0;
	}
	n = cmd_view_count_groups(v);
	if (next)
		group = (p->group + 1u) % n;
	while (!next && group < n && strcmp(v->groups[group], argv[1]) != 0)
		group++;
	if (group == n)
		return command_error(st, argv, 1, "next, or what this view can be grouped by");
	p->group = (uint8_t)group;
	p->stays_on_top = true;
	row_order_clear(&st->order);
	detail_reset(st);
	status_message(st, false, "rows by %s", v->groups[group]);
	return REQ_RANK;
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
cmd_view_move_help(struct state *st, const struct move *m, int page)
{
	int64_t top = (int64_t)st->help_top + m->rows + (int64_t)m->pages * page;

	if (m->end != END_NONE)
		top = m->end == END_TOP ? 0 : HELP_END;
	st->help_top = top < 0 ? 0 : (unsigned)top;
	return 0;
}

static unsigned
cmd_view_move_menu(struct state *st, const struct move *m)
{
	int64_t at = (int64_t)st->menu.at + m->rows + (int64_t)m->pages * menu_page(st);

	if (m->end != END_NONE)
		at = m->end == END_TOP ? 0 : INT64_MAX;
	menu_select(st, at);
	return 0;
}

/* Moving up on the first row makes the cursor stay on top, whatever row is there. */
static unsigned
cmd_view_move_cursor(struct state *st, const struct move *m, int page)
{
	struct state_view *p = &st->per_view[st->view];
	int64_t at = (int64_t)p->cursor + m->rows + (int64_t)m->pages * page;

	p->stays_on_top = !p->follows_row && (m->end == END_TOP || at < 0);
	p->go_to_bottom = m->end == END_BOTTOM;
	if (m->end != END_NONE)
		at = m->end == END_TOP ? 0 : INT64_MAX;
	state_select(st, at);
	return p->go_to_bottom && !st->frozen ? REQ_RANK : 0;
}

unsigned
cmd_select(struct state *st, int argc, char **argv)
{
	int page = (int)state_page_rows(st);

	for (size_t i = 0; argc > 1 && i < NITEMS(moves); i++) {
		if (strcmp(moves[i].name, argv[1]) != 0)
			continue;
		if (st->help)
			return cmd_view_move_help(st, &moves[i], page > 0 ? page : 1);
		if (st->menu.kind != MENU_NONE)
			return cmd_view_move_menu(st, &moves[i]);
		return cmd_view_move_cursor(st, &moves[i], page > 0 ? page : 1);
	}
	return command_error(st, argv, 1, "up, down, page-up, page-down, top or bottom");
}

unsigned
cmd_pick(struct state *st, int argc, char **argv)
{
	struct state_view *p = &st->per_view[st->view];
	const char *why = "missing";
	long long row = 0;

	if (argc > 1)
		row = strtonum(argv[1], 1, UINT32_MAX, &why);
	if (why != NULL)
		return command_error(st, argv, 1, "the number of a row");
	if (st->menu.kind != MENU_NONE) {
		menu_pick(st, row - 1);
		return 0;
	}
	if (p->has_selected && p->cursor == row - 1) {
		command_set_next(st, "open");
		return 0;
	}
	p->stays_on_top = p->go_to_bottom = false;
	state_select(st, row - 1);
	return 0;
}

unsigned
cmd_end(struct state *st, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	if (history_is_shown(st) && !st->help)
		return history_go_live(st);
	command_set_next(st, "select bottom");
	return 0;
}

unsigned
cmd_prompt(struct state *st, int argc, char **argv)
{
	static const char *const names[PROMPTS] = {
		[PROMPT_SHOW] = "show",
		[PROMPT_CAPTURE] = "capture",
		[PROMPT_COMMAND] = "command",
		[PROMPT_DELAY] = "delay",
		[PROMPT_MARK] = "mark",
	};

	for (unsigned i = PROMPT_SHOW; argc > 1 && i < PROMPTS; i++) {
		if (strcmp(names[i], argv[1]) == 0) {
			st->past.noting = history_base_time(st);
			prompt_line_open(st, i);
			return 0;
		}
	}
	return command_error(st, argv, 1, "show, capture, command, delay or mark");
}

unsigned
cmd_help(struct state *st, int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "manual") != 0)
		return command_error(st, argv, 1, "manual");
	st->help = argc > 1 || !st->help;
	st->manual = argc > 1;
	st->help_top = 0;
	menu_close(st);
	return 0;
}

static void
cmd_view_leave_help(struct state *st)
{
	st->help = st->manual;
	st->manual = false;
	st->help_top = 0;
}

unsigned
cmd_back(struct state *st, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	if (st->help) {
		cmd_view_leave_help(st);
	} else if (st->menu.kind != MENU_NONE) {
		menu_close(st);
	} else if (detail_is_open(st)) {
		detail_close(st);
	} else if (st->detail.n_breadcrumbs > 0) {
		return drilldown_go_back(st);
	} else if (history_is_shown(st)) {
		return history_go_live(st);
	} else if (st->filter_text[0] != '\0') {
		state_set_filter_text(st, "");
		return REQ_RANK;
	}
	return 0;
}
