/*
 * What each style looks like, for as many colours as the terminal has.  Where
 * there are none, attributes carry the meaning alone.  Knows nothing of curses.
 */
#ifndef UI_THEME_H
#define UI_THEME_H

#include <stdint.h>

#include "control/theme.h"
#include "screen/canvas.h"

#define LOOK_DEFAULT (-1) /* the terminal's own foreground or background */

enum look_bits {
	LOOK_BOLD = 1 << 0,
	LOOK_DIM = 1 << 1,
	LOOK_UNDERLINE = 1 << 2,
	LOOK_REVERSE = 1 << 3,
};

struct look {
	int16_t fg, bg; /* numbers of the terminal's palette, or LOOK_DEFAULT */
	uint8_t bits;   /* enum look_bits */
};

/* colors: how many the terminal has; below 8, and in THEME_MONO, none are used. */
const struct look *theme_look(enum theme theme, enum style st, int colors);

#endif
