/* Paints the detail of a row: title, fields, and its keys. */
#include "config.h"

#include "control/keymap.h"
#include "screen/canvas.h"
#include "screen/paint.h"
#include "view/columns.h"
#include "view/row_filter.h"

#define SPARK_MOST    60 /* cells */
#define RELATED_LEAST 3  /* least lines of a useful table of flows */

static void
detail_paint_field(const struct painter *p, int y, const struct detail_field *f)
{
	int label = canvas_put(p->c, f->x, y, p->c->cols - f->x, STYLE_DIM, f->label) + 1;
	int x = f->x + label;

	if (f->left)
		canvas_put(p->c, x, y, p->c->cols - x, STYLE_PLAIN, f->text);
	else
		canvas_put_right(p->c, x, y, f->width, STYLE_PLAIN, f->text);
}

/* Paints them from line y on, down to `last`.  Returns the lines that they would take. */
static int
detail_paint_fields(const struct painter *p, int y, int last)
{
	struct detail_field f[DETAIL_FIELDS];
	unsigned n = detail_fields(p->st, p->c->cols, f);

	for (unsigned i = 0; i < n; i++)
		if (y + f[i].line <= last)
			detail_paint_field(p, y + f[i].line, &f[i]);
	return detail_field_lines(f, n);
}

static void
detail_paint_title(const struct painter *p, int y)
{
	const struct state *st = p->st;
	const struct view *v = views[st->detail.view];
	struct pen pen = pen_at(p->c, 1, y, p->c->cols);
	char text[FILTER_MAX + 1];
	struct buf b;

	canvas_style(p->c, 0, y, p->c->cols, STYLE_TITLE);
	buf_init(&b, text, sizeof(text));
	if (!row_filter_row(&b, v, &st->detail.row))
		buf_adds(&b, OTHER_TEXT);
	pen_put(&pen, STYLE_TITLE, "%s", text);
	if (st->detail.gone)
		pen_item(&pen, STYLE_WARN, "evicted; last known values");
}

static void
detail_paint_bpf(const struct painter *p, int y)
{
	const struct state *st = p->st;
	struct pen pen = pen_at(p->c, 1, y, p->c->cols);
	char text[BPF_MAX], why_text[128];
	struct buf b, why;

	buf_init(&b, text, sizeof(text));
	buf_init(&why, why_text, sizeof(why_text));
	pen_put(&pen, STYLE_DIM, "bpf:");
	if (st->inner)
		pen_put(&pen, STYLE_DIM, " none matches inner ends of tunnels");
	else if (!bpf_text(&b, p->l, views[st->detail.view], &st->detail.row, &why))
		pen_put(&pen, STYLE_DIM, " none: %s", why_text);
	else
		pen_put(&pen, STYLE_STRONG, " %s", b.len > 0 ? text : "all");
}

/* The row's rate in each list since the detail was opened. */
static void
detail_paint_spark(const struct painter *p, int y)
{
	const struct detail *d = &p->st->detail;
	int width = p->c->cols / 2 < SPARK_MOST ? p->c->cols / 2 : SPARK_MOST;
	struct pen pen = pen_at(p->c, width + 2, y, p->c->cols);
	struct value peak = value_x(V_BYTE_RATE, 0);
	char text[16];
	struct buf b;

	for (unsigned i = 0; i < d->n_rates; i++)
		if (i + (unsigned)width >= d->n_rates && d->rate[i] > peak.x)
			peak.x = d->rate[i];
	graph_bars_up(
	    p->c, 1, y, width, 1, d->rate, d->n_rates, graph_axis_top(peak.x), STYLE_GRAPH);
	buf_init(&b, text, sizeof(text));
	value_text(&b, &peak, &p->st->units);
	pen_put(&pen, STYLE_DIM, "rate since opened, peak %6s", text);
}

void
detail_paint(const struct painter *p)
{
	const struct state *st = p->st;
	int y = p->lo.detail, last = y + p->lo.n_detail - 1;

	for (int line = y; line <= last; line++)
		for (int x = 0; x < p->c->cols; x++)
			canvas_put(p->c, x, line, 1, STYLE_PLAIN, " ");
	detail_paint_title(p, y++);
	if (last >= y)
		detail_paint_bpf(p, last--);
	y += detail_paint_fields(p, y, last);
	if (detail_has_spark(st) && y <= last)
		detail_paint_spark(p, y++);
	if (st->detail.has_related && last - y + 1 >= RELATED_LEAST)
		table_paint_list(p, &view_flows, st->detail.related, y, last - y + 1);
}

void
detail_paint_keys(const struct painter *p)
{
	static const struct {
		const char *command, *hint;
	} hints[] = {
		{ "open", "open" },
		{ "back", "back" },
		{ "only", "only this" },
		{ "exclude", "not this" },
		{ "drop", "drop" },
		{ "copy", "copy tcpdump" },
		{ "record", "capture" },
	};
	struct pen pen = pen_at(p->c, 1, p->lo.keys, p->c->cols);

	for (size_t i = 0; i < NITEMS(hints); i++)
		pen_command(&pen, &p->st->bindings, hints[i].command, hints[i].hint);
}
