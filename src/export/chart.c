#include "config.h"

#include "export/chart.h"

#include <math.h>

#include "util/fmt.h"

#define LEFT   70
#define RIGHT  20
#define TOP    70
#define BOTTOM 65
#define STEPS  8

#define LABEL_HALF 32 /* px that half of a word below the x axis takes at most */

#define LEGEND_WIDTH 90

double
chart_step(double most, bool whole)
{
	static const double steps[] = { 1, 2, 5, 10 };
	double power = pow(10, floor(log10(most / STEPS)));

	for (unsigned i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		double step = power * steps[i];

		if (step * STEPS >= most && !(whole && step < 1))
			return step;
	}
	return whole ? fmax(1, power * 10) : power * 10;
}

static void
draw_scale(struct chart *c, double step)
{
	unsigned n = (unsigned)lround(c->most / step);

	for (unsigned i = 0; i <= n; i++) {
		double value = step * i, y = chart_y(c, value);
		char text[16];
		struct buf b;

		buf_init(&b, text, sizeof(text));
		/* Below 1 there is no prefix; one or two decimals tell the steps apart. */
		if (step < 1)
			buf_addf(&b, "%.2g", value);
		else
			fmt_scaled(&b, value, FMT_SI);
		c->sketch->ops->box(c->sketch, c->left, y, c->right - c->left, 1,
		    i == 0 ? CHART_TEXT : CHART_FAINT);
		c->sketch->ops->text(
		    c->sketch, c->left - 8, y + 4, SKETCH_RIGHT, 12, CHART_TEXT, text);
	}
}

void
chart_init(struct chart *c, struct sketch *s, const char *title, const char *y_name,
    const char *x_name, double most, bool whole)
{
	double step = chart_step(most > 0 ? most : 1, whole);

	*c = (struct chart){
		.sketch = s,
		.left = LEFT,
		.right = s->width - RIGHT,
		.top = TOP,
		.bottom = s->height - BOTTOM,
		.most = step * fmax(1, ceil(most / step - 1e-9)),
	};
	s->ops->text(s, s->width / 2.0, 28, SKETCH_MIDDLE, 18, CHART_TEXT, title);
	s->ops->text(s, 10, TOP - 16, SKETCH_LEFT, 13, CHART_TEXT, y_name);
	s->ops->text(
	    s, (c->left + c->right) / 2, s->height - 14, SKETCH_MIDDLE, 13, CHART_TEXT, x_name);
	draw_scale(c, step);
	s->ops->box(s, c->left, c->top, 1, c->bottom - c->top, CHART_TEXT);
}

double
chart_y(const struct chart *c, double value)
{
	return c->bottom - (c->bottom - c->top) * value / c->most;
}

void
chart_x_label(const struct chart *c, double x, const char *text)
{
	/* The last word ends with the picture. */
	bool last = x + LABEL_HALF > c->sketch->width;

	c->sketch->ops->box(c->sketch, x, c->bottom, 1, 5, CHART_TEXT);
	c->sketch->ops->text(c->sketch, last ? c->sketch->width - 4 : x, c->bottom + 19,
	    last ? SKETCH_RIGHT : SKETCH_MIDDLE, 10, CHART_TEXT, text);
}

void
chart_legend(const struct chart *c, unsigned i, uint32_t color, const char *name)
{
	double x = c->right - LEGEND_WIDTH * (i + 1.0);

	c->sketch->ops->box(c->sketch, x, TOP - 27, 12, 12, color);
	c->sketch->ops->text(c->sketch, x + 18, TOP - 16, SKETCH_LEFT, 13, CHART_TEXT, name);
}

void
chart_empty(const struct chart *c, const char *sentence)
{
	c->sketch->ops->text(c->sketch, (c->left + c->right) / 2, (c->top + c->bottom) / 2,
	    SKETCH_MIDDLE, 16, CHART_TEXT, sentence);
}
