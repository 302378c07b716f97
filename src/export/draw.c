#include "config.h"

#include "export/draw.h"

#define WHITE 0xffffff

bool
sketch_init(struct sketch *s, enum sketch_form form, int width, int height, struct buf *out)
{
	*s = (struct sketch){ .out = out, .width = width, .height = height };
	if (form == SKETCH_SVG) {
		s->ops = &sketch_svg_ops;
		sketch_svg_begin(s);
	} else if (sketch_has_png()) {
		s->ops = &sketch_png_ops;
		if (!sketch_png_begin(s))
			return false;
	} else {
		return false;
	}
	s->ops->box(s, 0, 0, width, height, WHITE);
	return true;
}

bool
sketch_fini(struct sketch *s)
{
	return s->ops->finish(s);
}
