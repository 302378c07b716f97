#include "config.h"

#include "export/draw.h"

#define WHITE 0xffffff

bool
draw_init(struct drawing *s, enum draw_form form, int width, int height, struct buf *out)
{
	*s = (struct drawing){ .out = out, .width = width, .height = height };
	if (form == DRAW_SVG) {
		s->ops = &draw_svg_ops;
		draw_svg_begin(s);
	} else if (draw_has_png()) {
		s->ops = &draw_png_ops;
		if (!draw_png_begin(s))
			return false;
	} else {
		return false;
	}
	s->ops->box(s, 0, 0, width, height, WHITE);
	return true;
}

bool
draw_fini(struct drawing *s)
{
	return s->ops->finish(s);
}
