/*
 * The frame of a chart with two axes: title, scales, and the position of values.
 */
#ifndef EXPORT_CHART_H
#define EXPORT_CHART_H

#include <stdbool.h>
#include <stdint.h>

#include "export/draw.h"

#define CHART_WIDTH  800
#define CHART_HEIGHT 500

#define CHART_TEXT  0x202020
#define CHART_FAINT 0xd8d8d8

enum chart_scale {
	CHART_REAL,  /* linear */
	CHART_WHOLE, /* linear, whole numbers */
	CHART_LOG,   /* powers of ten from 1 on, for counts of very different sizes */
};

struct chart_frame {
	const char *title; /* NULL: none */
	const char *y_name;
	const char *x_name; /* NULL: none */
	enum chart_scale scale;
	double max;          /* the greatest value; 0: no data */
	double y_from, y_to; /* its vertical part of the drawing, px */
};

struct chart {
	struct drawing *drawing;
	double left, right, top, bottom; /* of the area within the axes, px */
	double max;                      /* the value at its top; its bottom is 0 */
	enum chart_scale scale;
};

/* Draws the frame with a scale up to at least f->most. The x axis is empty. */
void chart_init(struct chart *c, struct drawing *s, const struct chart_frame *f);

/* The y position of a value, px. */
double chart_y(const struct chart *c, double value);

/* A label below the x axis, at x px, with a tick above it. */
void chart_x_label(const struct chart *c, double x, const char *text);

/* A coloured field with its name above the area, number i from the right. */
void chart_legend(const struct chart *c, unsigned i, uint32_t color, const char *name);

/* A sentence in the middle if there is no data. */
void chart_empty(const struct chart *c, const char *sentence);

/* The step of a linear scale up to most: 1, 2 or 5 times a power of ten, at most so many steps. */
double chart_step(double most, bool whole, unsigned steps);

#endif
