/* The strip with a row's detail: a title, all that its view knows of it, and what can be done. */
#include "config.h"

#include <string.h>

#include "util/fmt.h"
#include "util/text.h"
#include "view/bpf.h"
#include "view/columns.h"
#include "view/graph.h"
#include "view/key.h"
#include "view/paint.h"
#include "view/rowterm.h"

#define GAP           2  /* cells between two fields */
#define SHARE_CELLS   4  /* "100%" */
#define SPARK_MOST    60 /* cells */
#define RELATED_LEAST 3  /* lines of a table of flows that says something */

/* A field as it is written: "RATE  12.3M".  Numbers keep their width whatever they are. */
struct field {
	const char *label;
	char text[VALUE_TEXT + 8];
	int width; /* of the text */
	bool left;
};

static void
add_share(struct buf *b, const struct value *v)
{
	if (v->x > 0 && v->x < 0.005)
		buf_adds(b, "<1%");
	else
		buf_addf(b, "%u%%", (unsigned)fmt_rounded(v->x * 100));
}

/* False for what is not known, but for rates that will be. */
static bool
make_field(struct field *f, const struct state *st, unsigned column)
{
	const struct column *c = &views[st->detail.view]->cols[column];
	const struct value *v = &st->detail.cell[column];
	bool rate = !st->average && (c->type == V_BYTE_RATE || c->type == V_PACKET_RATE);
	struct buf b;

	if (v->type == V_NONE && !rate)
		return false;
	buf_init(&b, f->text, sizeof(f->text));
	if (v->type == V_NONE)
		buf_addc(&b, '-');
	else if (v->type == V_SHARE)
		add_share(&b, v);
	else if (v->type == V_TEXT) /* without what sets it in */
		buf_adds(&b, v->text + strspn(v->text, " "));
	else
		value_text(&b, v, &st->units);
	f->label = c->title;
	f->left = c->left;
	f->width = c->bar || c->type == V_SHARE ? SHARE_CELLS : c->left ? 0 : c->min;
	if ((int)text_width(f->text) > f->width)
		f->width = (int)text_width(f->text);
	return true;
}

static int
field_cells(const struct field *f)
{
	return (int)text_width(f->label) + 1 + f->width;
}

/* Where the next field goes. */
struct sheet {
	const struct paint *p; /* NULL: they are only measured */
	int cols, y, lines;
	int x, line;
};

static void
put_field(struct sheet *s, const struct field *f)
{
	int cells = field_cells(f), label, room;

	if (s->x > 1 && s->x + cells > s->cols) {
		s->x = 1;
		s->line++;
	}
	if (s->p != NULL && s->line < s->lines) {
		int y = s->y + s->line;

		label = canvas_put(s->p->c, s->x, y, s->cols - s->x, STYLE_DIM, f->label) + 1;
		room = s->cols - s->x - label;
		if (f->left)
			canvas_put(s->p->c, s->x + label, y, room, STYLE_PLAIN, f->text);
		else
			canvas_put_right(s->p->c, s->x + label, y, f->width, STYLE_PLAIN, f->text);
	}
	s->x += cells + GAP;
}

/* The name of an address, where the view has no column for it. */
static void
put_name(struct sheet *s, const struct state *st, const struct value *v)
{
	const struct ledger *l = st->scope.ledger;
	struct field f = { .label = "NAME", .left = true };
	const char *name;

	if (v->type != V_ADDR || v->bits != 0 || l == NULL ||
	    view_column(views[st->detail.view], "name") != NULL)
		return;
	name = ledger_name(l, v->kind, &v->addr);
	if (name == NULL)
		return;
	strlcpy(f.text, name, sizeof(f.text));
	f.width = (int)text_width(f.text);
	put_field(s, &f);
}

/* Lines that the fields take side by side; paints them too where p is not NULL. */
static int
lay_fields(const struct state *st, int cols, const struct paint *p, int y, int lines)
{
	struct sheet s = { .p = p, .cols = cols, .y = y, .lines = lines, .x = 1 };
	struct field f;

	for (unsigned i = 0; i < views[st->detail.view]->n_cols; i++) {
		if (!make_field(&f, st, i))
			continue;
		put_field(&s, &f);
		put_name(&s, st, &st->detail.cell[i]);
	}
	return s.line + 1;
}

/* The sparkline's line is there from the beginning, so that nothing moves when it comes. */
static bool
has_spark(const struct state *st)
{
	return !st->average && view_column(views[st->detail.view], "bps") != NULL;
}

int
detail_lines(const struct state *st)
{
	int lines;

	if (!st->detail.open || st->detail.view != st->view)
		return 0;
	lines = 2 + lay_fields(st, st->cols, NULL, 0, 0) + has_spark(st);
	if (lines < st->detail.lines)
		lines = st->detail.lines;
	if (st->detail.related_filter != NULL && st->rows >= DETAIL_WITH_RELATED)
		lines += st->rows / 5;
	return lines;
}

void
detail_measure(struct state *st)
{
	int lines = 2 + lay_fields(st, st->cols, NULL, 0, 0) + has_spark(st);

	if (st->detail.lines_cols != st->cols)
		st->detail.lines = 0;
	st->detail.lines_cols = st->cols;
	if (lines > st->detail.lines)
		st->detail.lines = lines;
}

static void
paint_title(const struct paint *p, int y)
{
	const struct state *st = p->st;
	const struct view *v = views[st->detail.view];
	struct pen pen = pen_at(p->c, 1, y, p->c->cols);
	char text[FILTER_MAX + 1];
	struct buf b;

	canvas_style(p->c, 0, y, p->c->cols, STYLE_TITLE);
	buf_init(&b, text, sizeof(text));
	if (!rowterm_row(&b, v, &st->detail.row))
		buf_adds(&b, OTHER_TEXT);
	pen_put(&pen, STYLE_TITLE, "%s", text);
	if (st->detail.gone)
		pen_item(&pen, STYLE_WARN, "gone; this is the last of it");
}

static void
paint_bpf(const struct paint *p, int y)
{
	const struct state *st = p->st;
	struct pen pen = pen_at(p->c, 1, y, p->c->cols);
	char text[BPF_MAX], why_text[128];
	struct buf b, why;

	buf_init(&b, text, sizeof(text));
	buf_init(&why, why_text, sizeof(why_text));
	pen_put(&pen, STYLE_DIM, "bpf:");
	if (st->inner)
		pen_put(&pen, STYLE_DIM, " none looks for inner ends of tunnels");
	else if (!bpf_text(&b, p->l, views[st->detail.view], &st->detail.row, &why))
		pen_put(&pen, STYLE_DIM, " none: %s", why_text);
	else
		pen_put(&pen, STYLE_STRONG, " %s", b.len > 0 ? text : "all");
}

/* Its rate in each list since the detail is open. */
static void
paint_spark(const struct paint *p, int y)
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
	graph_spark(
	    p->c, 1, y, width, 1, d->rate, d->n_rates, graph_round_top(peak.x), STYLE_GRAPH);
	buf_init(&b, text, sizeof(text));
	value_text(&b, &peak, &p->st->units);
	pen_put(&pen, STYLE_DIM, "its rate so far, peak %6s", text);
}

void
detail_paint(const struct paint *p)
{
	const struct state *st = p->st;
	int y = p->lo.detail, last = y + p->lo.n_detail - 1, fields;

	for (int line = y; line <= last; line++)
		for (int x = 0; x < p->c->cols; x++)
			canvas_put(p->c, x, line, 1, STYLE_PLAIN, " ");
	paint_title(p, y++);
	if (last >= y)
		paint_bpf(p, last--);
	fields = lay_fields(st, p->c->cols, p, y, last - y + 1);
	y += fields;
	if (has_spark(st) && y <= last)
		paint_spark(p, y++);
	if (st->detail.has_related && last - y + 1 >= RELATED_LEAST)
		table_paint_list(p, &view_flows, st->detail.related, y, last - y + 1);
}

void
detail_paint_keys(const struct paint *p)
{
	static const struct {
		const char *command, *hint;
	} hints[] = {
		{ "open", "look into" },
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
