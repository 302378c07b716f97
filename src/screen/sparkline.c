/* The graph above the table: traffic of the last minutes; with axes if there is room. */
#include "config.h"

#include <string.h>

#include "screen/canvas.h"
#include "screen/paint.h"
#include "util/attr.h"
#include "util/number.h"
#include "util/text.h"

#define WITH_SCALE  60 /* minimum columns for a label of the graph's scale */
#define SCALE_WIDTH 26
#define WITH_AXES   140 /* and at which it has axes */
#define AXES_LEAST  5   /* lines, the axis of time included */
#define AXIS_CELLS  7   /* of the numbers at the left, and the line next to them */

#define BITS_PER_BYTE 8
#define NOW_CELLS     3
#define SAMPLE_CELLS  8 /* at most */

#define SAMPLES_A_MINUTE (60 / SUMMARY_STEP)

struct sparkline {
	int x, width; /* of the graph itself */
	int y, lines;
	int n, cells;              /* that have values, from the left on; that a sample takes */
	double v[CANVAS_MAX_COLS]; /* of the cells, in the unit, oldest first */
	double mean, peak, top;
	const char *unit;
	enum fmt_units scale;
};

static void
sparkline_choose_unit(struct sparkline *s, const struct state *st)
{
	s->unit = st->units.bytes_per_second ? "B/s" : "b/s";
	s->scale = st->units.scale;
	if (st->graph_packets) {
		s->unit = " packets/s";
		s->scale = FMT_SI;
	}
}

/* Few samples take several cells each, so that the graph is never narrow for long. */
static void
sparkline_measure(struct sparkline *s, const struct state *st)
{
	const struct summary *m = &st->summary;
	const double *v = st->graph_packets ? m->packet_sample : m->byte_sample;
	int n = m->n_samples < (unsigned)s->width ? (int)m->n_samples : s->width;
	double sum = 0, factor = *s->unit == 'b' ? BITS_PER_BYTE : 1;

	s->cells = n > 0 ? (int)clamp(s->width / n, 1, SAMPLE_CELLS) : 1;
	s->n = n * s->cells;
	for (int i = 0; i < s->n; i++) {
		s->v[i] = v[m->n_samples - (unsigned)(n - i / s->cells)] * factor;
		sum += s->v[i];
		if (s->v[i] > s->peak)
			s->peak = s->v[i];
	}
	s->mean = n > 0 ? sum / s->n : 0;
	s->top = graph_axis_top(s->peak);
}

/* In a fixed width, so that its neighbours do not move. */
static const char *
sparkline_number_text(char text[static 16], const struct sparkline *s, double x)
{
	struct buf b;
	char bare[16];

	buf_init(&b, bare, sizeof(bare));
	fmt_scaled(&b, x, s->scale);
	buf_init(&b, text, 16);
	buf_addf(&b, "%*s", s->scale == FMT_IEC ? 6 : 5, bare);
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

	sparkline_number_text(top, s, s->top);
	sparkline_number_text(peak, s, s->peak);
	if (s->lines == 1) {
		pen_put(&pen, STYLE_DIM, "peak %s%s", peak, *s->unit == ' ' ? "/s" : s->unit);
		pen_item(&pen, STYLE_DIM, "top %s", top + strspn(top, " "));
		return;
	}
	pen_put(&pen, STYLE_DIM, "%s%s", top, s->unit);
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

	pen_put(&pen, STYLE_DIM, "%s", s->unit + (*s->unit == ' '));
	for (int i = 0; i < (int)NITEMS(rows); i++) {
		pen = sparkline_label_pen(p, s, i + 1);
		pen_put(&pen, STYLE_DIM, "%s %s", rows[i].name,
		    sparkline_number_text(text, s, rows[i].x));
	}
}

/* "5.00k┤", then a line down to "0└──-2m──────-1m──────now". */
static void
sparkline_paint_axes(const struct painter *p, const struct sparkline *s)
{
	int left = s->x - AXIS_CELLS, below = s->y + s->lines;
	int newest = s->x + s->n, now = newest > s->x + NOW_CELLS ? newest - NOW_CELLS : s->x;
	struct pen pen = pen_at(p->c, now, below, s->x + s->width);
	char text[16];

	for (int i = 0; i < s->lines; i++) {
		bool said = i == 0 || (s->lines % 2 == 0 && i == s->lines / 2);

		if (said)
			canvas_put_right(p->c, left, s->y + i, AXIS_CELLS - 1, STYLE_DIM,
			    sparkline_number_text(text, s, s->top * (s->lines - i) / s->lines));
		canvas_put(p->c, s->x - 1, s->y + i, 1, STYLE_DIM, said ? "┤" : "│");
	}
	canvas_put_right(p->c, left, below, AXIS_CELLS - 1, STYLE_DIM, "0");
	canvas_put(p->c, s->x - 1, below, 1, STYLE_DIM, "└");
	for (int x = s->x; x < s->x + s->width; x++)
		canvas_put(p->c, x, below, 1, STYLE_DIM, "─");
	pen_put(&pen, STYLE_DIM, "now");
	for (int minute = 1; newest - minute * SAMPLES_A_MINUTE * s->cells > s->x; minute++) {
		pen = pen_at(p->c, newest - minute * SAMPLES_A_MINUTE * s->cells, below, newest);
		pen_put(&pen, STYLE_DIM, "%dm ago", minute);
	}
	sparkline_paint_numbers(p, s);
}

void
sparkline_paint(const struct painter *p)
{
	bool axes = p->c->cols >= WITH_AXES && p->lo.n_sparkline >= AXES_LEAST;
	struct sparkline s = { .x = axes ? AXIS_CELLS : 1, .y = p->lo.sparkline };

	s.lines = axes ? p->lo.n_sparkline - 1 : p->lo.n_sparkline;
	s.width = p->c->cols - 1 - s.x - (p->c->cols >= WITH_SCALE ? SCALE_WIDTH : 0);
	if (axes)
		s.width += SCALE_WIDTH / 2;
	sparkline_choose_unit(&s, p->st);
	sparkline_measure(&s, p->st);
	graph_bars_up(
	    p->c, s.x, s.y + s.lines - 1, s.n, s.lines, s.v, (size_t)s.n, s.top, STYLE_GRAPH);
	if (axes)
		sparkline_paint_axes(p, &s);
	else if (p->c->cols >= WITH_SCALE)
		sparkline_paint_scale(p, &s);
}
