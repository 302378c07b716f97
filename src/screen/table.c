#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "control/layout.h"
#include "screen/canvas.h"
#include "screen/paint.h"
#include "util/text.h"
#include "view/columns.h"

#define BAR_TEXT 5      /* cells that a share takes as a number, "100%" and a blank included */
#define FOLDED   " (…)" /* behind the name of a row that has others folded away below it */

/* The sort mark is inside the column, so that the gap to the next title stays. */
static void
table_paint_head(const struct painter *p, const struct column *c, const struct column_slot *f,
    int y, const char *mark)
{
	enum style st = *mark != '\0' ? STYLE_SORTED : STYLE_HEAD;
	int room = f->width - (int)text_width(mark), end = f->x + room, in = 0;

	/* Above the number, not at the far end of the bar. */
	if (c->share_bar && f->width >= COLUMN_BAR_CELLS)
		in = 1;
	if (c->left || in > 0)
		end = f->x + in + canvas_put(p->c, f->x + in, y, room - in, st, c->title);
	else
		canvas_put_right(p->c, f->x, y, room, st, c->title);
	canvas_put(p->c, end, y, 1, st, mark);
}

static void
table_paint_heads(const struct painter *p, const struct view *v, int y,
    const struct column_layout *fit, unsigned sorted, bool desc)
{
	canvas_style(p->c, 0, y, p->c->cols, STYLE_HEAD);
	for (unsigned i = 0; i < fit->n; i++) {
		const struct column_slot *f = &fit->col[i];
		const char *mark = f->column != sorted ? "" : desc ? "▾" : "▴";

		table_paint_head(p, &v->cols[f->column], f, y, mark);
	}
}

/* A number that does not fit is replaced, never cut. */
static void
table_paint_number(struct canvas *c, int x, int y, int width, enum style st, const char *s)
{
	canvas_put_right(c, x, y, width, st, text_width(s) <= (size_t)width ? s : "…");
}

/* Whole percents: tenths would change every second, which is expensive on a slow line. */
static void
table_share_text(struct buf *b, const struct value *v)
{
	unsigned percent = v->x < 1 ? (unsigned)fmt_rounded(v->x * 100) : 100;

	if (v->x > 0 && percent == 0)
		buf_adds(b, "<1%");
	else
		buf_addf(b, "%u%%", percent);
}

static void
table_paint_share(
    struct canvas *c, const struct column_slot *f, int y, enum style st, const struct value *v)
{
	int bar = f->width - BAR_TEXT;
	char text[16];
	struct buf b;

	if (v->type != V_SHARE)
		return;
	buf_init(&b, text, sizeof(text));
	table_share_text(&b, v);
	if (f->width < COLUMN_BAR_CELLS) {
		table_paint_number(c, f->x, y, f->width, st, text);
		return;
	}
	table_paint_number(c, f->x, y, BAR_TEXT - 1, st, text);
	graph_bar(c, f->x + BAR_TEXT, y, bar, v->x, STYLE_BAR);
}

static void
table_paint_cell(const struct painter *p, const struct column *c, const struct column_slot *f,
    int y, enum style st, const struct value *v, bool mark)
{
	int width = f->width - (mark ? (int)text_width(FOLDED) : 0);
	char text[VALUE_TEXT + sizeof(FOLDED)];
	struct buf b;

	if (c->share_bar) {
		table_paint_share(p->c, f, y, st, v);
		return;
	}
	buf_init(&b, text, sizeof(text));
	column_cell_text(&b, c, v, &p->st->units, width);
	if (mark)
		buf_adds(&b, FOLDED);
	if (c->left)
		canvas_put(p->c, f->x, y, f->width, st, text);
	else
		canvas_put_right(p->c, f->x, y, f->width, st, text);
}

/* Also in the row under the cursor, where the cell keeps the colours that it has elsewhere. */
static void
table_mark_trouble(struct canvas *c, const struct column_slot *f, int y, enum trouble trouble)
{
	if (trouble != TROUBLE_NONE)
		canvas_style(c, f->x, y, f->width, trouble == TROUBLE_BAD ? STYLE_BAD : STYLE_WARN);
}

static void
table_paint_row(const struct painter *p, const struct column_needs *needs,
    const struct column_layout *fit, int y, const struct table_row *row, bool selected)
{
	const struct view *v = needs->v;
	enum style st = row->other || row->own ? STYLE_DIM : STYLE_PLAIN;
	bool folded = tree_is_folded(&p->st->tree, v, row);

	for (unsigned i = 0; i < fit->n; i++)
		table_paint_cell(p, &v->cols[fit->col[i].column], &fit->col[i], y, st,
		    column_shown_cell(needs, v, row, fit->col[i].column),
		    folded && fit->col[i].column == 0);
	if (selected) {
		canvas_put(p->c, 0, y, 1, STYLE_SELECTED, ">");
		canvas_style(p->c, 0, y, p->c->cols, STYLE_SELECTED);
	}
	for (unsigned i = 0; i < fit->n; i++)
		table_mark_trouble(
		    p->c, &fit->col[i], y, trouble_of_cell(v, row, fit->col[i].column));
}

static void
table_paint_empty(const struct painter *p)
{
	const struct state *st = p->st;
	const struct view *v = views[st->view];
	const char *why = "no traffic yet";

	if (v == &view_processes && st->processes.unavailable != NULL)
		why = st->processes.unavailable;
	else if (v->why_empty != NULL && v->why_empty(p->l) != NULL)
		why = v->why_empty(p->l);
	else if (p->f->waiting)
		why = "waiting for standard input; q exits";
	else if (st->summary.total.packets != 0)
		why = "nothing in this view yet";
	else if (st->summary.since != 0)
		why = "no traffic since the reset";
	if (st->listed_view != (int)st->view)
		return;
	if (history_is_shown(st))
		why = st->past.missing ? "no history of this view at that time"
				       : "no rows at that time";
	if (st->filter_text[0] != '\0' && !st->per_view[st->view].filter_invalid)
		why = "no row matches the display filter";
	else if (st->classes != SCOPE_ALL || !st->ip4 || !st->ip6)
		why = "all rows are hidden";
	canvas_put(p->c, TABLE_MARGIN, p->lo.table, p->c->cols - TABLE_MARGIN, STYLE_DIM, why);
}

/* A zone includes the blank behind the title, so that there are no gaps. */
static void
table_head_zones(struct canvas *c, int y, const struct view *v, const struct column_layout *fit)
{
	char command[ZONE_COMMAND];

	for (unsigned i = 0; i < fit->n; i++) {
		snprintf(
		    command, sizeof(command), "sort %s turn", v->cols[fit->col[i].column].name);
		canvas_zone(c, fit->col[i].x, y, fit->col[i].width + 1, command);
	}
}

/* Clicks on the side panel must not select a row. */
static void
table_row_zone(const struct painter *p, int y, uint32_t at)
{
	char command[ZONE_COMMAND];

	snprintf(command, sizeof(command), "pick %" PRIu32, at + 1);
	canvas_zone(p->c, 0, y, p->c->cols - panel_width(p->st), command);
}

void
table_paint(const struct painter *p)
{
	struct state *st = p->st;
	const struct state_view *per = &st->per_view[st->view];
	struct column_layout fit;
	unsigned sorted;
	bool desc;

	if (p->lo.heads < 0)
		return;
	sorted = state_get_sort(st, &desc);
	table_layout_measure(st);
	table_layout_columns(st, &fit);
	table_paint_heads(p, views[st->view], p->lo.heads, &fit, sorted, desc);
	table_head_zones(p->c, p->lo.heads, views[st->view], &fit);
	if (state_row_count(st) == 0)
		table_paint_empty(p);
	for (int i = 0; i < p->lo.n_table; i++) {
		uint32_t at = per->top + (uint32_t)i;
		const struct table_row *row = state_row(st, at);

		if (row == NULL)
			break;
		table_paint_row(p, &st->column_needs, &fit, p->lo.table + i, row,
		    per->has_selected && at == per->cursor);
		table_row_zone(p, p->lo.table + i, at);
	}
	if (p->lo.own >= 0)
		table_paint_row(p, &st->column_needs, &fit, p->lo.own, state_own_row(st), false);
}

void
table_paint_list(
    const struct painter *p, const struct view *v, const struct row_list *l, int y, int lines)
{
	const char *name = detail_related_sort(p->st);
	unsigned sorted = (unsigned)(view_find_column(v, name) - v->cols), view = 0, n = 0;
	const struct table_row *rows[COLUMN_NEEDS_ROWS];
	struct column_needs needs = { .v = NULL };
	struct column_layout fit;

	while (view + 1 < n_views && views[view] != v)
		view++;
	while (n < row_list_count(l) && (int)n + 1 < lines && n < COLUMN_NEEDS_ROWS) {
		rows[n] = row_list_get(l, n);
		n++;
	}
	const struct column_space space = {
		.v = v,
		.prefs = &p->st->column_prefs[view],
		.needs = &needs,
		.sorted = sorted,
		.x = TABLE_MARGIN,
		.width = p->c->cols - TABLE_MARGIN,
	};

	column_needs_begin(&needs, v, sorted, 0);
	column_needs_measure(&needs, &space, &p->st->units, rows, n);
	column_layout_make(&fit, &space);
	table_paint_heads(p, v, y, &fit, sorted, true);
	for (unsigned i = 0; i < n; i++)
		table_paint_row(p, &needs, &fit, y + 1 + (int)i, rows[i], false);
}
