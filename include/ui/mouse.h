/*
 * Parses mouse events of xterm's mode 1006: ESC [ < button ; x ; y and M for press or m for
 * release. Does not use curses.
 */
#ifndef UI_MOUSE_H
#define UI_MOUSE_H

#include <stdbool.h>
#include <stdint.h>

#define MOUSE_ON  "\033[?1000h\033[?1006h"
#define MOUSE_OFF "\033[?1006l\033[?1000l"

struct mouse {
	bool reading; /* within an event, after ESC [ < */
	unsigned number[3], n;
};

/* ESC [ < has arrived. */
void ui_mouse_init(struct mouse *m);

/*
 * Takes the next character while m->reading. True if it completes a valid event: then *key is as in
 * control/mouse.h.
 */
bool ui_mouse_feed(struct mouse *m, uint32_t ch, uint32_t *key);

#endif
