/* A menu over the table, and its keys. */
#include "config.h"

#include <stdio.h>

#include "screen/paint.h"

#define AT_NAME     7 /* where names stand */
#define NAME_CELLS  19
#define TITLE_CELLS 11

/* Clicks on the menu never reach the table below it. */
static void
menu_item_zone(const struct painter *p, int y, unsigned i)
{
	char command[32];

	snprintf(command, sizeof(command), "pick %u", i + 1);
	canvas_zone(p->c, 0, y, p->c->cols, command);
}

static void
menu_paint_item(const struct painter *p, int y, unsigned i)
{
	const struct state *st = p->st;
	struct menu_item it = menu_item(st, i);
	int cols = p->c->cols, x = AT_NAME + NAME_CELLS + 1;
	char box[4] = { '[', it.mark, ']', '\0' };

	if (it.name != NULL)
		canvas_put(p->c, 2, y, cols - 2, STYLE_PLAIN, box);
	canvas_put(p->c, AT_NAME - 1, y, NAME_CELLS, STYLE_KEY, menu_item_name(&it));
	canvas_put(p->c, x, y, cols - x, STYLE_STRONG, it.note);
	x += 4;
	if (it.title != NULL) {
		canvas_put(p->c, x, y, TITLE_CELLS, STYLE_DIM, it.title);
		x += TITLE_CELLS + 1;
	}
	canvas_put(p->c, x, y, cols - x, STYLE_PLAIN, it.about);
	if (i == st->menu.at) {
		canvas_put(p->c, 0, y, 1, STYLE_SELECTED, ">");
		canvas_style(p->c, 0, y, cols, STYLE_SELECTED);
	}
}

static void
menu_clear_line(struct canvas *c, int y, enum style st)
{
	for (int x = 0; x < c->cols; x++)
		canvas_put(c, x, y, 1, st, " ");
}

/* The first line of the panel, its title's. */
static int
menu_panel_top(const struct painter *p, int n)
{
	int end = p->lo.n_table > 2 ? p->lo.table + p->lo.n_table : p->lo.prompt;

	return end - n - 1 > 0 ? end - n - 1 : 0;
}

void
menu_paint(const struct painter *p)
{
	struct state *st = p->st;
	int count = (int)menu_count(st), page = menu_page(st), n, y;
	struct pen pen;

	/* The screen size or the order of items may have changed since the last key. */
	menu_follow(st);
	n = count < page ? count : page;
	if (n == 0)
		n = 1;
	y = menu_panel_top(p, n);
	menu_clear_line(p->c, y, STYLE_TITLE);
	pen = pen_at(p->c, 1, y, p->c->cols);
	pen_put(&pen, STYLE_TITLE, "%s", menu_title(st));
	if (count > n)
		pen_item(&pen, STYLE_TITLE, "%u of %d", st->menu.at + 1, count);
	for (int i = 0; i < n; i++)
		menu_clear_line(p->c, y + 1 + i, STYLE_PLAIN);
	if (count == 0)
		canvas_put(p->c, 2, y + 1, p->c->cols - 2, STYLE_DIM, menu_empty(st));
	for (int i = 0; i <= n; i++)
		canvas_zone(p->c, 0, y + i, p->c->cols, "");
	for (int i = 0; i < n && i < count; i++) {
		menu_paint_item(p, y + 1 + i, st->menu.top + (unsigned)i);
		menu_item_zone(p, y + 1 + i, st->menu.top + (unsigned)i);
	}
}

/* A click on it works like its first key. */
static void
menu_paint_action(struct pen *pen, const struct menu_action *a)
{
	int from = pen->x;
	char command[32];

	pen_key(pen, a->label, a->hint);
	snprintf(command, sizeof(command), "key %u", (unsigned)a->key);
	canvas_zone(pen->c, from, pen->y, pen->x - from, command);
}

void
menu_paint_keys(const struct painter *p)
{
	struct pen pen = pen_at(p->c, 1, p->lo.keys, p->c->cols);

	for (const struct menu_action *a = menu_actions(p->st); a->key != 0; a++)
		if (a->label != NULL)
			menu_paint_action(&pen, a);
	pen_command(&pen, &p->st->bindings, "back", "back");
}
