/* Traffic over time as a graph over the whole screen. */
#include "config.h"

#include <assert.h>

#include "screen/canvas.h"
#include "screen/paint.h"
#include "util/attr.h"
#include "util/text.h"
#include "view/summary.h"

#define BITS_PER_BYTE 8
#define MARGIN        2  /* cells at the sides of the graph */
#define NOW_WIDTH     6  /* cells of the word at the right end */
#define APART_WIDTH   66 /* cells of six rates and what they are */
#define PANEL_LEAST   3  /* lines of a panel, its title included */

static_assert(SUMMARY_SAMPLES >= CANVAS_MAX_COLS, "a graph fills the widest screen");

/* One graph of the screen: of some ways together. */
struct traffic_graph_part {
	const char *title;
	unsigned ways; /* bits (1 << enum series_way) */
	enum style style;
	double v[CANVAS_MAX_COLS];
	double peak, sum;
};

/* Fills in the values in the current unit. */
static void
traffic_graph_fill_panel(struct traffic_graph_part *pl, const struct state *st)
{
	const struct graph_data *t = &st->graph;
	double factor = st->units.bytes_per_second ? 1 : BITS_PER_BYTE;

	pl->peak = pl->sum = 0;
	for (unsigned i = 0; i < t->n_columns; i++) {
		pl->v[i] = 0;
		for (int way = 0; way < SERIES_WAYS; way++)
			if (pl->ways & (1u << way))
				pl->v[i] += st->graph_packets ? t->packet_rate[way][i]
							      : t->byte_rate[way][i] * factor;
		pl->sum += pl->v[i];
		if (pl->v[i] > pl->peak)
			pl->peak = pl->v[i];
	}
}

static void
traffic_graph_item_rate(
    struct pen *pen, const struct state *st, enum style style, const char *what, double x)
{
	enum fmt_units scale = st->graph_packets ? FMT_SI : st->units.scale;
	const char *bits = st->units.bytes_per_second ? "B/s" : "b/s";
	char text[16];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	fmt_scaled(&b, x, scale);
	pen_item(pen, style, "%s %*s%s", what, scale == FMT_IEC ? 6 : 5, text,
	    st->graph_packets ? " packets/s" : bits);
}

/* A panel in the lines [y, y + lines): a title, and the graph below it, in its own scale. */
static void
traffic_graph_paint_panel(
    const struct painter *p, const struct traffic_graph_part *pl, int y, int lines)
{
	const struct state *st = p->st;
	const struct graph_data *t = &st->graph;
	struct pen pen = pen_at(p->c, 1, y, p->c->cols);
	double wide[CANVAS_MAX_COLS], top = graph_axis_top(pl->peak);
	unsigned n = 0;

	pen_put(&pen, STYLE_STRONG, "%s", pl->title);
	if (t->n_columns > 0) {
		traffic_graph_item_rate(&pen, st, STYLE_STRONG, "now", pl->v[t->n_columns - 1]);
		traffic_graph_item_rate(&pen, st, STYLE_PLAIN, "mean", pl->sum / t->n_columns);
		traffic_graph_item_rate(&pen, st, STYLE_PLAIN, "peak", pl->peak);
		traffic_graph_item_rate(&pen, st, STYLE_DIM, "height", top);
	}
	for (unsigned i = 0; i < t->n_columns; i++)
		for (unsigned k = 0; k < t->column_cells && n < CANVAS_MAX_COLS; k++)
			wide[n++] = pl->v[i];
	graph_bars_up(
	    p->c, 1, y + lines - 1, p->c->cols - MARGIN, lines - 1, wide, n, top, pl->style);
}

/* " ▼ 12.3M 4.50M 2.00M": the greatest rates within 1, 10 and 100 ms. */
static void
traffic_graph_add_bursts(struct buf *b, const struct state *st, const char *what, enum burst_kind k)
{
	const struct units *u = &st->units;

	buf_adds(b, what);
	for (int w = 0; w < BURST_WINDOWS; w++) {
		double bytes = summary_burst_rate(&st->graph.bursts, (enum burst_window)w, k);
		char array[16];
		struct buf text;

		buf_init(&text, array, sizeof(array));
		fmt_scaled(&text, u->bytes_per_second ? bytes : bytes * BITS_PER_BYTE, u->scale);
		buf_addf(b, " %*s", u->scale == FMT_IEC ? 6 : 5, array);
	}
}

/* Both directions if there is room, else their sum. */
static void
traffic_graph_item_bursts(const struct painter *p, struct pen *pen)
{
	const struct graph_data *t = &p->st->graph;
	bool apart = t->has_direction && pen->end - pen->x >= APART_WIDTH;
	char text[128];
	struct buf b;

	if (t->bursts.bytes[BURST_1MS][BURST_ALL] == 0)
		return;
	buf_init(&b, text, sizeof(text));
	buf_adds(&b, "1/10/100 ms");
	if (apart) {
		traffic_graph_add_bursts(&b, p->st, " ▼", BURST_IN);
		traffic_graph_add_bursts(&b, p->st, " ▲", BURST_OUT);
	} else {
		traffic_graph_add_bursts(&b, p->st, "", BURST_ALL);
	}
	pen_item(pen, STYLE_PLAIN, "%s %s", text, p->st->units.bytes_per_second ? "B/s" : "b/s");
}

/* Labels the left and the right end of the graph. */
static void
traffic_graph_paint_axis(const struct painter *p, int y)
{
	const struct graph_data *t = &p->st->graph;
	int left = p->c->cols - 1 - (int)(t->max_columns * t->column_cells);
	struct pen pen = pen_at(p->c, left > 1 ? left : 1, y, p->c->cols);

	pen_put(&pen, STYLE_DIM, "%s%s ago", p->c->ascii ? "|" : "└",
	    graph_spans[p->st->graph_span].title);
	pen.end = p->c->cols - NOW_WIDTH;
	traffic_graph_item_bursts(p, &pen);
	canvas_put_right(p->c, 0, y, p->c->cols - 1, STYLE_DIM, p->c->ascii ? "now|" : "now┘");
}

void
traffic_graph_paint(const struct painter *p)
{
	static const struct traffic_graph_part apart[] = {
		{ .title = "▼ in", .ways = 1u << WAY_IN, .style = STYLE_GRAPH },
		{ .title = "▲ out", .ways = 1u << WAY_OUT, .style = STYLE_GRAPH_OUT },
		{ .title = "other", .ways = 1u << WAY_OTHER, .style = STYLE_GRAPH_OTHER },
	};
	static const struct traffic_graph_part together = {
		.title = "all", .ways = (1u << SERIES_WAYS) - 1, .style = STYLE_GRAPH
	};
	const struct graph_data *t = &p->st->graph;
	int lines = p->lo.n_table, n = t->has_direction ? 2 + t->has_other : 1;
	struct traffic_graph_part panel[NITEMS(apart)];

	if (p->lo.heads < 0)
		return;
	if (lines / n < PANEL_LEAST)
		n = 1;
	for (int i = 0; i < n; i++) {
		panel[i] = n == 1 ? together : apart[i];
		traffic_graph_fill_panel(&panel[i], p->st);
	}
	/* The line of column titles is the first panel's; the last line is for the axis. */
	for (int i = 0; i < n; i++)
		traffic_graph_paint_panel(
		    p, &panel[i], p->lo.heads + i * lines / n, (i + 1) * lines / n - i * lines / n);
	traffic_graph_paint_axis(p, p->lo.heads + lines);
}
