#include "config.h"

#include "control/menu.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/cmd.h"
#include "control/keymap.h"
#include "control/layout.h"
#include "control/state.h"
#include "util/attr.h"
#include "util/number.h"

#define TABLE_LEAST 3 /* rows of the table that stay visible */
#define PANEL_LEAST 4 /* rows of a menu below which it takes the table's whole room */
struct menu_def {
	const char *name, *title, *empty;
	unsigned (*count)(const struct state *st);
	struct menu_item (*item)(const struct state *st, unsigned i);
	const struct menu_action *actions; /* key 0 at the end */
	bool table;                        /* it needs a view with a table */
	unsigned requests;                 /* requests to make when it is opened */
};

static unsigned
menu_count_columns(const struct state *st)
{
	return views[st->view]->n_cols;
}

/* The mark in the brackets before a column. */
static char
menu_column_mark(const struct state *st, unsigned column)
{
	uint8_t shown = st->column_prefs[st->view].visibility[column];
	struct column_layout fit;

	table_layout_columns(st, &fit);
	if (column_layout_has(&fit, column))
		return 'x';
	if (shown == COLUMN_SHOWN)
		return '+';
	return shown == COLUMN_HIDDEN ? '-' : ' ';
}

static struct menu_item
menu_column_item(const struct state *st, unsigned i)
{
	unsigned column = st->column_prefs[st->view].order[i];
	const struct column *c = &views[st->view]->cols[column];
	int wider = st->column_prefs[st->view].extra_width[column];
	struct menu_item it = { .name = c->name, .about = c->help, .title = c->title };

	it.mark = menu_column_mark(st, column);
	if (wider != 0)
		snprintf(it.note, sizeof(it.note), "%+d", wider);
	return it;
}

static struct menu_item
menu_sort_item(const struct state *st, unsigned i)
{
	struct menu_item it = menu_column_item(st, i);
	bool desc;
	unsigned sorted = state_get_sort(st, &desc);

	it.mark = ' ';
	it.note[0] = '\0';
	if (st->column_prefs[st->view].order[i] == sorted) {
		it.mark = '*';
		strlcpy(it.note, desc ? "▾" : "▴", sizeof(it.note));
	}
	return it;
}

static unsigned
menu_count_ifaces(const struct state *st)
{
	return st->ifaces.n;
}

static struct menu_item
menu_iface_item(const struct state *st, unsigned i)
{
	const struct iface_choice *t = &st->ifaces.iface[i];

	return (struct menu_item){
		.name = t->name, .about = t->description, .mark = t->captured ? 'x' : ' '
	};
}

static unsigned
menu_count_messages(const struct state *st)
{
	return st->messages.n;
}

/* The newest is 1. */
static struct menu_item
menu_message_item(const struct state *st, unsigned i)
{
	uint64_t second = st->messages.said[i].at / UINT64_C(1000000000) % 86400;
	struct menu_item it = { .mark = ' ', .about = st->messages.said[i].text };

	snprintf(it.own_name, sizeof(it.own_name), "%u %02u:%02u:%02u", i + 1,
	    (unsigned)(second / 3600), (unsigned)(second / 60 % 60), (unsigned)(second % 60));
	return it;
}

unsigned
cmd_messages(struct state *st, int argc, char **argv)
{
	static char menu[] = "menu", messages[] = "messages";
	char *words[] = { menu, messages, NULL };
	unsigned long n;

	if (argc < 2)
		return cmd_menu(st, 2, words);
	n = strtoul(argv[1], NULL, 10);
	if (n == 0 || n > st->messages.n)
		return command_error(st, argv, 1, "the number of a message");
	buf_setf(&st->message, "%s", st->messages.said[n - 1].text);
	return 0;
}

/* clang-format off */
static const struct menu_action message_actions[] = {
	{ KEYC_ENTER, "Enter", "messages %s", "whole text" },
	{ 0, NULL, NULL, NULL },
};

static const struct menu_action column_actions[] = {
	{ ' ', "Space", "column %s toggle", "show, hide" },
	{ KEYC_ENTER, NULL, "column %s toggle", NULL },
	{ KEYC_LEFT, "Left Right", "column %s left", "move" },
	{ KEYC_RIGHT, NULL, "column %s right", NULL },
	{ '<', NULL, "column %s left", NULL },
	{ '>', NULL, "column %s right", NULL },
	{ '+', "+ -", "column %s wider", "wider, narrower" },
	{ '-', NULL, "column %s narrower", NULL },
	{ '=', "=", "columns default", "defaults" },
	{ 0, NULL, NULL, NULL },
};

static const struct menu_action sort_actions[] = {
	{ KEYC_ENTER, "Enter", "sort %s turn", "sort, again: reverse" },
	{ ' ', NULL, "sort %s turn", NULL },
	{ 0, NULL, NULL, NULL },
};

static const struct menu_action iface_actions[] = {
	{ KEYC_ENTER, "Enter", "interface %s", "only this" },
	{ '+', "+", "interface +%s", "add" },
	{ ' ', NULL, "interface +%s", NULL },
	{ '-', "-", "interface -%s", "remove" },
	{ 0, NULL, NULL, NULL },
};

static const struct menu_def menu_defs[MENUS] = {
	[MENU_COLUMNS] = { "columns", "Columns: x shown, - hidden, + no room", "no columns",
	    menu_count_columns, menu_column_item, column_actions, true, 0 },
	[MENU_SORT] = { "sort", "Sort by", "no columns",
	    menu_count_columns, menu_sort_item, sort_actions, true, 0 },
	[MENU_INTERFACES] = { "interfaces", "Capture on: x marks captured", "no interfaces",
	    menu_count_ifaces, menu_iface_item, iface_actions, false, REQ_LIST_INTERFACES },
	[MENU_MESSAGES] = { "messages", "Messages, newest first; times in UTC", "no messages",
	    menu_count_messages, menu_message_item, message_actions, false, 0 },
};
/* clang-format on */

static const struct menu_def *
menu_current(const struct state *st)
{
	assert(st->menu.kind > MENU_NONE && st->menu.kind < MENUS);
	return &menu_defs[st->menu.kind];
}

void
menu_close(struct state *st)
{
	st->menu.kind = MENU_NONE;
}

/* The item that the cursor starts on. */
static unsigned
menu_first_index(const struct state *st)
{
	const struct menu_def *k = menu_current(st);
	unsigned n = k->count(st);

	if (st->menu.kind == MENU_COLUMNS)
		return 0;
	for (unsigned i = 0; i < n; i++)
		if (k->item(st, i).mark != ' ')
			return i;
	return 0;
}

unsigned
cmd_menu(struct state *st, int argc, char **argv)
{
	for (unsigned i = MENU_NONE + 1; argc > 1 && i < MENUS; i++) {
		if (strcmp(menu_defs[i].name, argv[1]) != 0)
			continue;
		if (st->menu.kind == i) {
			menu_close(st);
			return 0;
		}
		if (menu_defs[i].table && views[st->view]->is_graph) {
			status_message(st, false, "this view has no columns");
			return 0;
		}
		st->help = false;
		st->menu = (struct menu){ .kind = i };
		menu_select(st, menu_first_index(st));
		return menu_defs[i].requests;
	}
	return command_error(st, argv, 1, "columns, sort or interfaces");
}

int
menu_page(const struct state *st)
{
	struct layout lo = layout_make(st->rows, 0);
	int room = lo.n_table - 1 - TABLE_LEAST;

	if (room >= PANEL_LEAST)
		return room;
	return lo.n_table > 2 ? lo.n_table - 1 : lo.prompt;
}

void
menu_select(struct state *st, int64_t at)
{
	struct menu *m = &st->menu;
	struct menu_item it;
	unsigned n = menu_current(st)->count(st), page = (unsigned)menu_page(st);

	m->name[0] = '\0';
	if (n == 0) {
		m->at = m->top = 0;
		return;
	}
	if (page == 0)
		page = 1;
	m->at = (unsigned)clamp(at, 0, n - 1);
	it = menu_current(st)->item(st, m->at);
	strlcpy(m->name, menu_item_name(&it), sizeof(m->name));
	if (m->at < m->top)
		m->top = m->at;
	else if (m->at >= m->top + page)
		m->top = m->at - page + 1;
	if (m->top + page > n)
		m->top = n > page ? n - page : 0;
}

void
menu_follow(struct state *st)
{
	const struct menu_def *k = menu_current(st);
	unsigned n = k->count(st), at = st->menu.at;

	if (st->menu.name[0] == '\0') /* it was empty until now */
		at = menu_first_index(st);
	for (unsigned i = 0; i < n; i++) {
		struct menu_item it = k->item(st, i);

		if (strcmp(menu_item_name(&it), st->menu.name) == 0)
			at = i;
	}
	menu_select(st, at);
}

/* Queues the action's command for the item under the cursor. */
static void
menu_queue_command(struct state *st, const struct menu_action *a)
{
	char line[STATE_NEXT_COMMAND];
	struct buf b;
	const char *gap = strstr(a->command, "%s");

	if (st->menu.name[0] == '\0')
		return;
	buf_init(&b, line, sizeof(line));
	if (gap == NULL)
		buf_adds(&b, a->command);
	else
		buf_addf(
		    &b, "%.*s%s%s", (int)(gap - a->command), a->command, st->menu.name, gap + 2);
	command_set_next(st, line);
}

bool
menu_key(struct state *st, uint32_t key)
{
	if (key == 'q') { /* q closes the menu only, not the program */
		menu_close(st);
		return true;
	}
	for (const struct menu_action *a = menu_current(st)->actions; a->key != 0; a++) {
		if (a->key == key) {
			menu_queue_command(st, a);
			return true;
		}
	}
	return false;
}

void
menu_pick(struct state *st, int64_t at)
{
	if (at == st->menu.at)
		menu_key(st, KEYC_ENTER);
	else
		menu_select(st, at);
}

unsigned
menu_count(const struct state *st)
{
	return menu_current(st)->count(st);
}

struct menu_item
menu_item(const struct state *st, unsigned i)
{
	return menu_current(st)->item(st, i);
}

const struct menu_action *
menu_actions(const struct state *st)
{
	return menu_current(st)->actions;
}

const char *
menu_title(const struct state *st)
{
	return menu_current(st)->title;
}

const char *
menu_empty(const struct state *st)
{
	return menu_current(st)->empty;
}
