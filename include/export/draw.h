/*
 * A drawing of a few kinds of strokes, as SVG, and as PNG where cairo is there.
 * The origin is above and left; y grows downwards; units are pixels.
 */
#ifndef EXPORT_DRAW_H
#define EXPORT_DRAW_H

#include <stdbool.h>
#include <stdint.h>

#include "util/buf.h"

enum draw_form { DRAW_SVG, DRAW_PNG };

enum draw_anchor { DRAW_LEFT, DRAW_MIDDLE, DRAW_RIGHT }; /* which end of a text is at x */

struct draw_point {
	double x, y;
};

struct drawing;

/* Colours are 0xrrggbb. */
struct draw_ops {
	void (*box)(
	    struct drawing *s, double x, double y, double width, double height, uint32_t color);
	/* Through the points, and with closed to the first again, filled. */
	void (*path)(struct drawing *s, const struct draw_point *at, unsigned n, bool closed,
	    uint32_t color);
	void (*text)(struct drawing *s, double x, double y, enum draw_anchor anchor, double size,
	    uint32_t color, const char *text);
	/* Ends it.  False where it cannot be made. */
	bool (*finish)(struct drawing *s);
};

struct drawing {
	const struct draw_ops *ops;
	struct buf *out; /* the file */
	int width, height;
	void *surface, *context; /* of PNG */
};

bool draw_has_png(void);

/* Begins one on a white ground; its file goes to the end of out once it is finished.  False for a
 * form that is not there. */
bool draw_init(struct drawing *s, enum draw_form form, int width, int height, struct buf *out);

/* False where it could not be made. */
bool draw_fini(struct drawing *s);

/* Private: each form has a file. */
extern const struct draw_ops draw_svg_ops;
void draw_svg_begin(struct drawing *s);
extern const struct draw_ops draw_png_ops;
bool draw_png_begin(struct drawing *s);

#endif
