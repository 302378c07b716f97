/*
 * Drawings: SVG and PNG, axes, charts of a ledger.
 */
#ifndef EXPORT_DRAW_H
#define EXPORT_DRAW_H

#include <stdbool.h>
#include <stdint.h>

#include "core/ledger.h"
#include "export/csv_json.h"
#include "util/buf.h"

/*
 * Simple vector drawings, as SVG, and as PNG if cairo is available. The origin is the upper left
 * corner; y grows downwards; units are pixels.
 */

enum draw_form { DRAW_SVG, DRAW_PNG };

enum draw_anchor { DRAW_LEFT, DRAW_MIDDLE, DRAW_RIGHT }; /* the end of a text that is at x */

struct draw_point {
	double x, y;
};

struct drawing;

/* Colours are 0xrrggbb. */
struct draw_ops {
	void (*box)(
	    struct drawing *s, double x, double y, double width, double height, uint32_t color);
	/* A line through the points; if closed, a filled polygon. */
	void (*path)(struct drawing *s, const struct draw_point *at, unsigned n, bool closed,
	    uint32_t color);
	void (*text)(struct drawing *s, double x, double y, enum draw_anchor anchor, double size,
	    uint32_t color, const char *text);
	/* Finishes it. False on failure. */
	bool (*finish)(struct drawing *s);
};

struct drawing {
	const struct draw_ops *ops;
	struct buf *out; /* receives the file */
	int width, height;
	void *surface, *context; /* of PNG */
};

bool draw_has_png(void);

/* Starts a drawing on white; draw_fini() appends its file to out. False if the format is not
 * available. */
bool draw_init(struct drawing *s, enum draw_form form, int width, int height, struct buf *out);

/* False if the drawing failed. */
bool draw_fini(struct drawing *s);

/* Private: each format has its own file. */
extern const struct draw_ops draw_svg_ops;
void draw_svg_begin(struct drawing *s);
extern const struct draw_ops draw_png_ops;
bool draw_png_begin(struct drawing *s);

/*
 * The frame of a chart with two axes: title, scales, and the position of values.
 */

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

/*
 * The charts of a snapshot. Each has a CSV file with its numbers.
 */

/* Packets by their size. */
void charts_sizes(struct drawing *s, const struct ledger *l);
void charts_sizes_csv(struct csv *c, const struct ledger *l);

/* Bits per second in, out and other: by seconds, or by minutes if the capture is longer than an
 * hour. */
void charts_traffic(struct drawing *s, const struct ledger *l);
void charts_traffic_csv(struct csv *c, const struct ledger *l);

#endif
