/* Drawings as PNG, by cairo, which only this file uses. */
#include "config.h"

#include "export/draw.h"

#ifdef HAVE_CAIRO

#include <cairo.h>
#include <dlfcn.h>
#include <string.h>

#include "util/attr.h"

#ifdef __APPLE__
#define CAIRO_LIBRARY "libcairo.2.dylib"
#elif defined(__linux__)
#define CAIRO_LIBRARY "libcairo.so.2"
#else
#define CAIRO_LIBRARY "libcairo.so"
#endif

/* The functions of cairo in use, loaded by name. */
#define FUNCTIONS(F)                                                                               \
	F(create)                                                                                  \
	F(destroy)                                                                                 \
	F(fill)                                                                                    \
	F(image_surface_create)                                                                    \
	F(line_to)                                                                                 \
	F(move_to)                                                                                 \
	F(new_path)                                                                                \
	F(rectangle)                                                                               \
	F(select_font_face)                                                                        \
	F(set_font_size)                                                                           \
	F(set_line_join)                                                                           \
	F(set_line_width)                                                                          \
	F(set_source_rgb)                                                                          \
	F(show_text)                                                                               \
	F(status)                                                                                  \
	F(stroke)                                                                                  \
	F(surface_destroy)                                                                         \
	F(surface_write_to_png_stream)                                                             \
	F(text_extents)

static struct {
	bool tried, found;
#define F(name) TYPE_OF(cairo_##name) * name;
	FUNCTIONS(F)
#undef F
} cairo;

static const char *const names[] = {
#define F(name) "cairo_" #name,
	FUNCTIONS(F)
#undef F
};

/* dlsym(3) returns a data pointer, which POSIX allows to convert to a function pointer. */
static void *const places[] = {
#define F(name) &cairo.name,
	FUNCTIONS(F)
#undef F
};

/*
 * cairo depends on twenty other libraries. Only the process that draws loads it: nothing of it is
 * mapped in the process that reads packets.
 */
static bool
draw_png_load_cairo(void)
{
	void *library = cairo.tried ? NULL : dlopen(CAIRO_LIBRARY, RTLD_NOW | RTLD_LOCAL);

	cairo.tried = true;
	if (library == NULL)
		return cairo.found;
	cairo.found = true;
	for (size_t i = 0; i < NITEMS(names); i++) {
		void *function = dlsym(library, names[i]);

		memcpy(places[i], &function, sizeof(function));
		cairo.found &= function != NULL;
	}
	return cairo.found;
}

bool
draw_has_png(void)
{
	return draw_png_load_cairo();
}

bool
draw_png_begin(struct drawing *s)
{
	if (!draw_png_load_cairo())
		return false;
	s->surface = cairo.image_surface_create(CAIRO_FORMAT_RGB24, s->width, s->height);
	s->context = cairo.create(s->surface);
	cairo.select_font_face(
	    s->context, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
	cairo.set_line_width(s->context, 1.5);
	cairo.set_line_join(s->context, CAIRO_LINE_JOIN_ROUND);
	return true;
}

static void
draw_png_set_color(struct drawing *s, uint32_t color)
{
	cairo.set_source_rgb(s->context, (color >> 16 & 255) / 255.0, (color >> 8 & 255) / 255.0,
	    (color & 255) / 255.0);
}

static void
draw_png_box(struct drawing *s, double x, double y, double width, double height, uint32_t color)
{
	draw_png_set_color(s, color);
	cairo.rectangle(s->context, x, y, width, height);
	cairo.fill(s->context);
}

static void
draw_png_path(
    struct drawing *s, const struct draw_point *at, unsigned n, bool closed, uint32_t color)
{
	draw_png_set_color(s, color);
	/* A text leaves a current point. */
	cairo.new_path(s->context);
	for (unsigned i = 0; i < n; i++)
		cairo.line_to(s->context, at[i].x, at[i].y);
	if (closed)
		cairo.fill(s->context);
	else
		cairo.stroke(s->context);
}

static void
draw_png_text(struct drawing *s, double x, double y, enum draw_anchor anchor, double size,
    uint32_t color, const char *text)
{
	cairo_text_extents_t e;

	draw_png_set_color(s, color);
	cairo.set_font_size(s->context, size);
	cairo.text_extents(s->context, text, &e);
	if (anchor != DRAW_LEFT)
		x -= anchor == DRAW_MIDDLE ? e.x_advance / 2 : e.x_advance;
	cairo.move_to(s->context, x, y);
	cairo.show_text(s->context, text);
}

static cairo_status_t
draw_png_on_write(void *out, const unsigned char *bytes, unsigned n)
{
	buf_add(out, bytes, n);
	return CAIRO_STATUS_SUCCESS;
}

static bool
draw_png_finish(struct drawing *s)
{
	bool ok = cairo.status(s->context) == CAIRO_STATUS_SUCCESS &&
	    cairo.surface_write_to_png_stream(s->surface, draw_png_on_write, s->out) ==
		CAIRO_STATUS_SUCCESS;

	cairo.destroy(s->context);
	cairo.surface_destroy(s->surface);
	return ok;
}

const struct draw_ops draw_png_ops = {
	.box = draw_png_box,
	.path = draw_png_path,
	.text = draw_png_text,
	.finish = draw_png_finish,
};

#else

bool
draw_has_png(void)
{
	return false;
}

bool
draw_png_begin(struct drawing *s)
{
	(void)s;
	return false;
}

const struct draw_ops draw_png_ops = { 0 };

#endif
