/*
 * Simple vector drawings, as SVG, and as PNG if cairo is available. The origin is the upper left
 * corner; y grows downwards; units are pixels.
 */
#ifndef EXPORT_DRAW_H
#define EXPORT_DRAW_H

#include <stdbool.h>
#include <stdint.h>

#include "util/buf.h"

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

#endif
