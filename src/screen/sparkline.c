/* The graph above the table: packets a second of the last minutes; with axes if there is room. */
#include "config.h"

#include "screen/canvas.h"
#include "screen/paint.h"
#include "util/attr.h"
#include "util/text.h"

#define WITH_SCALE  60 /* minimum columns for a label of the graph's scale */
#define SCALE_WIDTH 26
#define WITH_AXES   140 /* and at which it has axes */
#define AXES_LEAST  5   /* lines, the axis of time included */
#define AXIS_CELLS  7   /* of the numbers at the left, and the line next to them */

#define SAMPLES_A_MINUTE (60 / SUMMARY_STEP)

struct sparkline {
	int x, width; /* of the graph itself */
	int y, lines;
	double mean, peak, top; /* of the samples shown */
};

static void
sparkline_measure(struct sparkline *s, const struct summary *m)
{
	unsigned n = m->n_samples < (unsigned)s->width ? m->n_samples : (unsigned)s->width;
	double sum = 0;

	for (unsigned i = m->n_samples - n; i < m->n_samples; i++) {
		sum += m->sample[i];
		if (m->sample[i] > s->peak)
			s->peak = m->sample[i];
	}
	s->mean = n > 0 ? sum / n : 0;
	s->top = graph_axis_top(s->peak);
}

/* In five cells, so that its neighbours do not move. */
static const char *
sparkline_number_text(char text[static 16], double x)
{
	struct buf b;
	char bare[16];

	buf_init(&b, bare, sizeof(bare));
	fmt_scaled(&b, x, FMT_SI);
	buf_init(&b, text, 16);
	buf_addf(&b, "%5s", bare);
	return text;
}

/* To the right of the graph. */
static struct pen
sparkline_label_pen(const struct painter *p, const struct sparkline *s, int line)
{
	return pen_at(p->c, s->x + s->width + 1, s->y + line, p->c->cols);
}

static void
sparkline_paint_scale(const struct painter *p, const struct sparkline *s)
{
	struct pen pen = sparkline_label_pen(p, s, 0),
		   last = sparkline_label_pen(p, s, s->lines - 1);
	char peak[16], top[16];
	struct buf b;

	buf_init(&b, top, sizeof(top));
	fmt_scaled(&b, s->top, FMT_SI);
	sparkline_number_text(peak, s->peak);
	if (s->lines == 1) {
		pen_put(&pen, STYLE_DIM, "peak %s/s, scale %s", peak, top);
		return;
	}
	pen_put(&pen, STYLE_DIM, "%s packets/s", top);
	pen_put(&last, STYLE_DIM, "peak %s", peak);
}

static void
sparkline_paint_numbers(const struct painter *p, const struct sparkline *s)
{
	const struct {
		const char *name;
		double x;
	} rows[] = { { "mean", s->mean }, { "peak", s->peak } };
	struct pen pen = sparkline_label_pen(p, s, 0);
	char text[16];

	pen_put(&pen, STYLE_DIM, "packets/s");
	for (int i = 0; i < (int)NITEMS(rows); i++) {
		pen = sparkline_label_pen(p, s, i + 1);
		pen_put(
		    &pen, STYLE_DIM, "%s %s", rows[i].name, sparkline_number_text(text, rows[i].x));
	}
}

/* "5.00k┤", then a line down to "0└──-2m──────-1m──────now". */
static void
sparkline_paint_axes(const struct painter *p, const struct sparkline *s)
{
	int left = s->x - AXIS_CELLS, right = s->x + s->width, below = s->y + s->lines;
	char text[16];

	for (int i = 0; i < s->lines; i++) {
		bool said = i == 0 || (s->lines % 2 == 0 && i == s->lines / 2);

		if (said)
			canvas_put_right(p->c, left, s->y + i, AXIS_CELLS - 1, STYLE_DIM,
			    sparkline_number_text(text, s->top * (s->lines - i) / s->lines));
		canvas_put(p->c, s->x - 1, s->y + i, 1, STYLE_DIM, said ? "┤" : "│");
	}
	canvas_put_right(p->c, left, below, AXIS_CELLS - 1, STYLE_DIM, "0");
	canvas_put(p->c, s->x - 1, below, 1, STYLE_DIM, "└");
	for (int x = s->x; x < right; x++)
		canvas_put(p->c, x, below, 1, STYLE_DIM, "─");
	for (int minute = 1; right - minute * SAMPLES_A_MINUTE > s->x; minute++) {
		struct pen pen = pen_at(p->c, right - minute * SAMPLES_A_MINUTE, below, right);

		pen_put(&pen, STYLE_DIM, "%dm ago", minute);
	}
	canvas_put_right(p->c, s->x, below, s->width, STYLE_DIM, "now");
	sparkline_paint_numbers(p, s);
}

void
sparkline_paint(const struct painter *p)
{
	const struct summary *m = &p->st->summary;
	bool axes = p->c->cols >= WITH_AXES && p->lo.n_sparkline >= AXES_LEAST;
	struct sparkline s = { .x = axes ? AXIS_CELLS : 1, .y = p->lo.sparkline };

	s.lines = axes ? p->lo.n_sparkline - 1 : p->lo.n_sparkline;
	s.width = p->c->cols - 1 - s.x - (p->c->cols >= WITH_SCALE ? SCALE_WIDTH : 0);
	if (axes)
		s.width += SCALE_WIDTH / 2;
	sparkline_measure(&s, m);
	graph_bars_up(p->c, s.x, s.y + s.lines - 1, s.width, s.lines, m->sample, m->n_samples,
	    s.top, STYLE_GRAPH);
	if (axes)
		sparkline_paint_axes(p, &s);
	else if (p->c->cols >= WITH_SCALE)
		sparkline_paint_scale(p, &s);
}
