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
	int room = p->end - p->x;
	char s[PIECE];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(s, sizeof(s), fmt, ap);
	va_end(ap);
	p->x += canvas_put(p->c, p->x, p->y, room, st, s);
	if (room > 0 && text_width(s) > (size_t)room)
		canvas_put(p->c, p->end - 1, p->y, 1, st, "…");
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
