/* Drawings as PNG, by cairo: the only file that knows of it. */
#include "config.h"

#include "export/sketch.h"

#ifdef HAVE_CAIRO

#include <cairo.h>

bool
sketch_has_png(void)
{
	return true;
}

bool
sketch_png_begin(struct sketch *s)
{
	s->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, s->width, s->height);
	s->context = cairo_create(s->surface);
	cairo_select_font_face(
	    s->context, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
	cairo_set_line_width(s->context, 1.5);
	cairo_set_line_join(s->context, CAIRO_LINE_JOIN_ROUND);
	return true;
}

static void
set_color(struct sketch *s, uint32_t color)
{
	cairo_set_source_rgb(s->context, (color >> 16 & 255) / 255.0, (color >> 8 & 255) / 255.0,
	    (color & 255) / 255.0);
}

static void
png_box(struct sketch *s, double x, double y, double width, double height, uint32_t color)
{
	set_color(s, color);
	cairo_rectangle(s->context, x, y, width, height);
	cairo_fill(s->context);
}

static void
png_path(struct sketch *s, const struct sketch_point *at, unsigned n, bool closed, uint32_t color)
{
	set_color(s, color);
	/* A text leaves a point behind. */
	cairo_new_path(s->context);
	for (unsigned i = 0; i < n; i++)
		cairo_line_to(s->context, at[i].x, at[i].y);
	if (closed)
		cairo_fill(s->context);
	else
		cairo_stroke(s->context);
}

static void
png_text(struct sketch *s, double x, double y, enum sketch_anchor anchor, double size,
    uint32_t color, const char *text)
{
	cairo_text_extents_t e;

	set_color(s, color);
	cairo_set_font_size(s->context, size);
	cairo_text_extents(s->context, text, &e);
	if (anchor != SKETCH_LEFT)
		x -= anchor == SKETCH_MIDDLE ? e.x_advance / 2 : e.x_advance;
	cairo_move_to(s->context, x, y);
	cairo_show_text(s->context, text);
}

static cairo_status_t
append(void *out, const unsigned char *bytes, unsigned n)
{
	buf_add(out, bytes, n);
	return CAIRO_STATUS_SUCCESS;
}

static bool
png_finish(struct sketch *s)
{
	bool ok = cairo_status(s->context) == CAIRO_STATUS_SUCCESS &&
	    cairo_surface_write_to_png_stream(s->surface, append, s->out) == CAIRO_STATUS_SUCCESS;

	cairo_destroy(s->context);
	cairo_surface_destroy(s->surface);
	return ok;
}

const struct sketch_ops sketch_png_ops = {
	.box = png_box,
	.path = png_path,
	.text = png_text,
	.finish = png_finish,
};

#else

bool
sketch_has_png(void)
{
	return false;
}

bool
sketch_png_begin(struct sketch *s)
{
	(void)s;
	return false;
}

const struct sketch_ops sketch_png_ops = { 0 };

#endif
