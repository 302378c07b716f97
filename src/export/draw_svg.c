/* Drawings as SVG 1.1. */
#include "config.h"

#include "export/draw.h"

#include <math.h>

#include "export/csv_json.h"

/* Hundredths of a pixel, with a point in every locale. */
static void
draw_svg_add_pixels(struct buf *b, double x)
{
	if (x < 0) {
		buf_addc(b, '-');
		x = -x;
	}
	decimal_fixed(b, (uint64_t)llround(x * 100), 2);
}

static void
draw_svg_add_attribute(struct buf *b, const char *name, double x)
{
	buf_addf(b, " %s=\"", name);
	draw_svg_add_pixels(b, x);
	buf_addc(b, '"');
}

static void
draw_svg_add_escaped(struct buf *b, const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s == '&')
			buf_adds(b, "&amp;");
		else if (*s == '<')
			buf_adds(b, "&lt;");
		else
			buf_addc(b, *s);
	}
}

void
draw_svg_begin(struct drawing *s)
{
	buf_addf(s->out,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
	    "viewBox=\"0 0 %d %d\" font-family=\"sans-serif\">\n",
	    s->width, s->height, s->width, s->height);
}

static void
draw_svg_box(struct drawing *s, double x, double y, double width, double height, uint32_t color)
{
	buf_adds(s->out, "<rect");
	draw_svg_add_attribute(s->out, "x", x);
	draw_svg_add_attribute(s->out, "y", y);
	draw_svg_add_attribute(s->out, "width", width);
	draw_svg_add_attribute(s->out, "height", height);
	buf_addf(s->out, " fill=\"#%06x\"/>\n", color);
}

static void
draw_svg_path(
    struct drawing *s, const struct draw_point *at, unsigned n, bool closed, uint32_t color)
{
	buf_addf(s->out, "<%s points=\"", closed ? "polygon" : "polyline");
	for (unsigned i = 0; i < n; i++) {
		buf_adds(s->out, i > 0 ? " " : "");
		draw_svg_add_pixels(s->out, at[i].x);
		buf_addc(s->out, ',');
		draw_svg_add_pixels(s->out, at[i].y);
	}
	if (closed)
		buf_addf(s->out, "\" fill=\"#%06x\"/>\n", color);
	else
		buf_addf(s->out,
		    "\" fill=\"none\" stroke=\"#%06x\" stroke-width=\"1.5\" "
		    "stroke-linejoin=\"round\"/>\n",
		    color);
}

static void
draw_svg_text(struct drawing *s, double x, double y, enum draw_anchor anchor, double size,
    uint32_t color, const char *text)
{
	static const char *const anchors[] = { "start", "middle", "end" };

	buf_adds(s->out, "<text");
	draw_svg_add_attribute(s->out, "x", x);
	draw_svg_add_attribute(s->out, "y", y);
	draw_svg_add_attribute(s->out, "font-size", size);
	buf_addf(s->out, " text-anchor=\"%s\" fill=\"#%06x\">", anchors[anchor], color);
	draw_svg_add_escaped(s->out, text);
	buf_adds(s->out, "</text>\n");
}

static bool
draw_svg_finish(struct drawing *s)
{
	buf_adds(s->out, "</svg>\n");
	return true;
}

const struct draw_ops draw_svg_ops = {
	.box = draw_svg_box,
	.path = draw_svg_path,
	.text = draw_svg_text,
	.finish = draw_svg_finish,
};
