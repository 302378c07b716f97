/*
 * Sparklines and bars made of eighth blocks, or of ASCII without UTF-8.
 */
#ifndef SCREEN_GRAPH_H
#define SCREEN_GRAPH_H

#include <stddef.h>

#include "screen/canvas.h"

/*
 * The newest samples at the right end, n of them; top is the value of a full cell.  In
 * several rows from y up when rows > 1.
 */
void graph_bars_up(struct canvas *c, int x, int y, int width, int rows, const double *v, size_t n,
    double top, enum style st);

/* A horizontal bar of share (0 to 1) of width cells. */
void graph_bar(struct canvas *c, int x, int y, int width, double share, enum style st);

/* The least number of the form 1, 2 or 5 times a power of ten that is at least v. */
double graph_axis_top(double v);

#endif
