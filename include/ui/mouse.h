/*
 * What the terminal sends of the mouse, in the way of xterm's mode 1006: ESC [ < button ; x ; y and
 * M for pressed or m for let go.  Knows nothing of curses.
 */
#ifndef UI_MOUSE_H
#define UI_MOUSE_H

#include <stdbool.h>
#include <stdint.h>

#define MOUSE_ON  "\033[?1000h\033[?1006h"
#define MOUSE_OFF "\033[?1006l\033[?1000l"

struct mouse {
	bool reading; /* ESC [ < has come, and the rest not yet */
	unsigned number[3], n;
};

/* ESC [ < has come. */
void ui_mouse_init(struct mouse *m);

/*
 * The next character while m->reading.  True when it ends an event that means something: then *key
 * is as control/mouse.h has it.
 */
bool ui_mouse_feed(struct mouse *m, uint32_t ch, uint32_t *key);

#endif
