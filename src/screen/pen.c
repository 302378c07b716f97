#include "config.h"

#include <stdarg.h>
#include <stdio.h>

#include "control/keymap.h"
#include "screen/paint.h"
#include "util/buf.h"
#include "util/text.h"

#define PIECE 1100 /* bytes of one piece of text; a filter is the longest */

struct pen
pen_at(struct canvas *c, int x, int y, int end)
{
	return (struct pen){ .c = c, .x = x, .y = y, .end = end };
}

void
pen_put(struct pen *p, enum style st, const char *fmt, ...)
{
	char s[PIECE];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(s, sizeof(s), fmt, ap);
	va_end(ap);
	p->x += canvas_put(p->c, p->x, p->y, p->end - p->x, st, s);
	p->has_text = true;
}

void
pen_item(struct pen *p, enum style st, const char *fmt, ...)
{
	int gap = p->has_text ? 2 : 0;
	char s[PIECE];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(s, sizeof(s), fmt, ap);
	va_end(ap);
	if (p->x + gap + (int)text_width(s) > p->end)
		return;
	p->x += gap;
	pen_put(p, st, "%s", s);
}

void
pen_key(struct pen *p, const char *label, const char *hint)
{
	int gap = p->has_text ? 2 : 0;

	if (p->x + gap + (int)(text_width(label) + 1 + text_width(hint)) > p->end)
		return;
	pen_item(p, STYLE_KEY, "%s", label);
	pen_put(p, STYLE_PLAIN, " %s", hint);
}

void
pen_command(struct pen *p, const struct key_bindings *b, const char *command, const char *hint)
{
	char text[32];
	struct buf label;
	int from = p->x;

	buf_init(&label, text, sizeof(text));
	if (!key_bindings_label(b, command, &label))
		return;
	pen_key(p, text, hint);
	canvas_zone(p->c, from, p->y, p->x - from, command);
}

/* The start of the longest end of s that fits `cells` cells. */
static const char *
pen_last_cells(const char *s, size_t cells)
{
	size_t width = text_width(s);
	uint32_t cp;

	while (width > cells) {
		s += text_decode(s, &cp);
		width -= (size_t)text_cell_width(cp);
	}
	/* A text cannot start with a combining character. */
	while (*s != '\0') {
		size_t n = text_decode(s, &cp);

		if (text_cell_width(cp) != 0)
			break;
		s += n;
	}
	return s;
}

/* Adds the longest start of s that fits `cells` cells. */
static void
pen_add_first_cells(struct buf *b, const char *s, size_t cells)
{
	const char *end = s;
	uint32_t cp;

	while (*end != '\0') {
		size_t n = text_decode(end, &cp), width = (size_t)text_cell_width(cp);

		if (width > cells)
			break;
		cells -= width;
		end += n;
	}
	buf_add(b, s, (size_t)(end - s));
}

void
pen_shorten(struct buf *b, const char *s, int cells)
{
	size_t room = cells > 0 ? (size_t)cells : 0;

	if (text_width(s) <= room) {
		buf_adds(b, s);
		return;
	}
	if (room == 0)
		return;
	pen_add_first_cells(b, s, room / 2);
	buf_adds(b, "…");
	buf_adds(b, pen_last_cells(s, (room - 1) / 2));
}
