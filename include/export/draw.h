/*
 * A drawing of a few kinds of strokes, as SVG, and as PNG where cairo is there.
 * The origin is above and left; y grows downwards; units are pixels.
 */
#ifndef EXPORT_DRAW_H
#define EXPORT_DRAW_H

#include <stdbool.h>
#include <stdint.h>

#include "util/buf.h"

enum sketch_form { SKETCH_SVG, SKETCH_PNG };

enum sketch_anchor { SKETCH_LEFT, SKETCH_MIDDLE, SKETCH_RIGHT }; /* which end of a text is at x */

struct sketch_point {
	double x, y;
};

struct sketch;

/* Colours are 0xrrggbb. */
struct sketch_ops {
	void (*box)(
	    struct sketch *s, double x, double y, double width, double height, uint32_t color);
	/* Through the points, and with closed to the first again, filled. */
	void (*path)(struct sketch *s, const struct sketch_point *at, unsigned n, bool closed,
	    uint32_t color);
	void (*text)(struct sketch *s, double x, double y, enum sketch_anchor anchor, double size,
	    uint32_t color, const char *text);
	/* Ends it.  False where it cannot be made. */
	bool (*finish)(struct sketch *s);
};

struct sketch {
	const struct sketch_ops *ops;
	struct buf *out; /* the file */
	int width, height;
	void *surface, *context; /* of PNG */
};

bool sketch_has_png(void);

/* Begins one on a white ground; its file goes to the end of out once it is finished.  False for a
 * form that is not there. */
bool sketch_init(struct sketch *s, enum sketch_form form, int width, int height, struct buf *out);

/* False where it could not be made. */
bool sketch_fini(struct sketch *s);

/* Private: each form has a file. */
extern const struct sketch_ops sketch_svg_ops;
void sketch_svg_begin(struct sketch *s);
extern const struct sketch_ops sketch_png_ops;
bool sketch_png_begin(struct sketch *s);

#endif
