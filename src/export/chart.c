#include "config.h"

#include "export/draw.h"

#include <math.h>

#include "util/text.h"

#define LEFT   70
#define RIGHT  20
#define TOP    70 /* above the area, with a title */
#define ABOVE  34 /* without a title */
#define BOTTOM 65 /* below the area, with a name of the x axis */
#define BELOW  28 /* without a name */

#define STEPS       8  /* maximum steps of a scale */
#define STEP_HEIGHT 28 /* minimum px between its lines */

#define LABEL_HALF 32 /* maximum px of half a label below the x axis */

#define LEGEND_WIDTH 90

/* Height of 1 on a logarithmic scale, in powers of ten, so that a single one is visible. */
#define LOG_LIFT 0.4

double
chart_step(double most, bool whole, unsigned steps)
{
	static const double parts[] = { 1, 2, 5, 10 };
	double power = pow(10, floor(log10(most / steps)));

	for (unsigned i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		double step = power * parts[i];

		if (step * steps >= most && !(whole && step < 1))
			return step;
	}
	return whole ? fmax(1, power * 10) : power * 10;
}

static void
chart_draw_line(struct chart *c, double value, const char *text)
{
	double y = chart_y(c, value);

	c->drawing->ops->box(c->drawing, c->left, y, c->right - c->left, 1, CHART_FAINT);
	c->drawing->ops->text(c->drawing, c->left - 8, y + 4, DRAW_RIGHT, 12, CHART_TEXT, text);
}

static void
chart_draw_steps(struct chart *c, double most)
{
	unsigned steps = (unsigned)fmin(STEPS, (c->bottom - c->top) / STEP_HEIGHT);
	double step = chart_step(most, c->scale == CHART_WHOLE, steps);

	c->max = step * fmax(1, ceil(most / step - 1e-9));
	for (unsigned i = 0; i <= (unsigned)lround(c->max / step); i++) {
		char text[16];
		struct buf b;

		buf_init(&b, text, sizeof(text));
		/* There is no prefix below 1; one or two decimals distinguish the steps. */
		if (step < 1)
			buf_addf(&b, "%.2g", step * i);
		else
			fmt_scaled(&b, step * i, FMT_SI);
		chart_draw_line(c, step * i, text);
	}
}

static void
chart_draw_powers(struct chart *c, double most)
{
	c->max = pow(10, ceil(log10(most) - 1e-9));
	for (double value = 1; value <= c->max * 1.5; value *= 10) {
		char text[16];
		struct buf b;

		buf_init(&b, text, sizeof(text));
		fmt_scaled(&b, value, FMT_SI);
		chart_draw_line(c, value, text);
	}
}

void
chart_init(struct chart *c, struct drawing *s, const struct chart_frame *f)
{
	*c = (struct chart){
		.drawing = s,
		.left = LEFT,
		.right = s->width - RIGHT,
		.top = f->y_from + (f->title != NULL ? TOP : ABOVE),
		.bottom = f->y_to - (f->x_name != NULL ? BOTTOM : BELOW),
		.scale = f->scale,
		.max = 1,
	};
	if (f->title != NULL)
		s->ops->text(s, s->width / 2.0, 28, DRAW_MIDDLE, 18, CHART_TEXT, f->title);
	s->ops->text(s, 10, c->top - 16, DRAW_LEFT, 13, CHART_TEXT, f->y_name);
	if (f->x_name != NULL)
		s->ops->text(s, (c->left + c->right) / 2, f->y_to - 14, DRAW_MIDDLE, 13, CHART_TEXT,
		    f->x_name);
	if (f->max > 0 && f->scale == CHART_LOG)
		chart_draw_powers(c, f->max);
	else if (f->max > 0)
		chart_draw_steps(c, f->max);
	s->ops->box(s, c->left, c->bottom, c->right - c->left, 1, CHART_TEXT);
	s->ops->box(s, c->left, c->top, 1, c->bottom - c->top, CHART_TEXT);
}

double
chart_y(const struct chart *c, double value)
{
	double part = value / c->max;

	if (c->scale == CHART_LOG)
		part = value < 1 ? 0 : (log10(value) + LOG_LIFT) / (log10(c->max) + LOG_LIFT);
	return c->bottom - (c->bottom - c->top) * part;
}

void
chart_x_label(const struct chart *c, double x, const char *text)
{
	/* The last label is aligned to the drawing's edge. */
	bool last = x + LABEL_HALF > c->drawing->width;

	c->drawing->ops->box(c->drawing, x, c->bottom, 1, 5, CHART_TEXT);
	c->drawing->ops->text(c->drawing, last ? c->drawing->width - 4 : x, c->bottom + 19,
	    last ? DRAW_RIGHT : DRAW_MIDDLE, 10, CHART_TEXT, text);
}

void
chart_legend(const struct chart *c, unsigned i, uint32_t color, const char *name)
{
	double x = c->right - LEGEND_WIDTH * (i + 1.0);

	c->drawing->ops->box(c->drawing, x, c->top - 27, 12, 12, color);
	c->drawing->ops->text(c->drawing, x + 18, c->top - 16, DRAW_LEFT, 13, CHART_TEXT, name);
}

void
chart_empty(const struct chart *c, const char *sentence)
{
	c->drawing->ops->text(c->drawing, (c->left + c->right) / 2, (c->top + c->bottom) / 2,
	    DRAW_MIDDLE, 16, CHART_TEXT, sentence);
}
