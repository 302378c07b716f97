#include "config.h"

#include "screen/canvas.h"
#include "util/number.h"

#include <math.h>

#include "util/text.h"

#define EIGHTHS 8

static const char ascii_up[] = " .:-=+*#@";
static const char ascii_right[] = " ---==###";

/* The share of `cells` cells in eighths; at least one if share is above 0. */
static int
graph_eighths(double share, int cells)
{
	double full = (double)cells * EIGHTHS;

	if (!(share > 0))
		return 0;
	if (share >= 1)
		return cells * EIGHTHS;
	return (int)fmax(1, round(share * full));
}

/* Fills one cell by n eighths, 0 to 8. */
static void
graph_put_eighths(struct canvas *c, int x, int y, enum style st, int n, bool upwards)
{
	char s[5] = { 0 };

	if (c->ascii)
		s[0] = upwards ? ascii_up[n] : ascii_right[n];
	else if (n == 0)
		s[0] = ' ';
	else
		text_encode(upwards ? 0x2580 + (uint32_t)n : 0x2590 - (uint32_t)n, s);
	canvas_put(c, x, y, 1, st, s);
}

static int
graph_cell_part(int n, int cell)
{
	return (int)clamp(n - cell * EIGHTHS, 0, EIGHTHS);
}

void
graph_bars_up(struct canvas *c, int x, int y, int width, int rows, const double *v, size_t n,
    double top, enum style st)
{
	for (int i = 0; i < width; i++) {
		size_t ago = (size_t)(width - 1 - i);
		int full = ago < n && top > 0 ? graph_eighths(v[n - 1 - ago] / top, rows) : 0;

		for (int row = 0; row < rows; row++)
			graph_put_eighths(c, x + i, y - row, st, graph_cell_part(full, row), true);
	}
}

void
graph_bar(struct canvas *c, int x, int y, int width, double share, enum style st)
{
	int full = width > 0 ? graph_eighths(share, width) : 0;

	for (int i = 0; i < width; i++)
		graph_put_eighths(c, x + i, y, st, graph_cell_part(full, i), false);
}

double
graph_axis_top(double v)
{
	static const double steps[] = { 1, 2, 5 };
	double ten;

	if (!(v > 0) || !isfinite(v))
		return 1;
	ten = pow(10, floor(log10(v)));
	for (int i = 0; i < 3; i++)
		if (steps[i] * ten >= v)
			return steps[i] * ten;
	return 10 * ten;
}
