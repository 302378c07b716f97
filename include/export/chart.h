/*
 * The frame of a picture with two axes: title, scales, and where a value is.
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
	CHART_REAL,  /* even steps */
	CHART_WHOLE, /* the same, and they are whole numbers */
	CHART_LOG,   /* powers of ten from 1 on, for counts that are far apart */
};

struct chart_frame {
	const char *title; /* NULL: there is none */
	const char *y_name;
	const char *x_name; /* NULL: there is none */
	enum chart_scale scale;
	double max;          /* the greatest value; 0: there is none */
	double y_from, y_to; /* what it takes of the picture's height, px */
};

struct chart {
	struct drawing *drawing;
	double left, right, top, bottom; /* of the area within the axes, px */
	double max;                      /* the value at its top; its bottom is 0 */
	enum chart_scale scale;
};

/* Draws the frame: a scale up to at least f->most.  Nothing is on the x axis yet. */
void chart_init(struct chart *c, struct drawing *s, const struct chart_frame *f);

/* px of a value. */
double chart_y(const struct chart *c, double value);

/* A word below the x axis, at x px, with a mark above it. */
void chart_x_label(const struct chart *c, double x, const char *text);

/* A coloured field with its name, number i from the right, above the area. */
void chart_legend(const struct chart *c, unsigned i, uint32_t color, const char *name);

/* A sentence in the middle, where there is nothing to draw. */
void chart_empty(const struct chart *c, const char *sentence);

/* The length of even steps on a scale up to most: 1, 2 or 5 times a power of ten, at most so many
 * of them. */
double chart_step(double most, bool whole, unsigned steps);

#endif
