#include "config.h"

#include "ui/private.h"

#include "control/keymap.h"
#include "screen/canvas.h"
#include "util/attr.h"

#define MODIFIERS (4 | 8 | 16) /* Shift, Meta, Ctrl */
#define LARGEST   9999

void
ui_mouse_init(struct mouse *m)
{
	*m = (struct mouse){ .reading = true };
}

static const struct {
	unsigned button;
	enum mouse_kind kind;
} buttons[] = {
	{ 0, MOUSE_CLICK },
	{ 64, MOUSE_WHEEL_UP },
	{ 65, MOUSE_WHEEL_DOWN },
};

/* Coordinates start at 1. */
static bool
ui_mouse_to_key(const struct mouse *m, uint32_t *key)
{
	unsigned x = m->number[1], y = m->number[2];

	if (m->n != 2 || x < 1 || y < 1 || x > CANVAS_MAX_COLS || y > CANVAS_MAX_ROWS)
		return false;
	for (unsigned i = 0; i < NITEMS(buttons); i++) {
		if (buttons[i].button == (m->number[0] & ~(unsigned)MODIFIERS)) {
			*key = mouse_encode(buttons[i].kind, (int)x - 1, (int)y - 1);
			return true;
		}
	}
	return false;
}

bool
ui_mouse_feed(struct mouse *m, uint32_t ch, uint32_t *key)
{
	if (ch >= '0' && ch <= '9' && m->number[m->n] <= LARGEST) {
		m->number[m->n] = 10 * m->number[m->n] + (ch - '0');
		return false;
	}
	if (ch == ';' && m->n < 2) {
		m->n++;
		return false;
	}
	m->reading = false;
	return ch == 'M' && ui_mouse_to_key(m, key);
}
