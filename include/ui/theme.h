/*
 * The look of each style, for the number of colours of the terminal. Without colours, attributes
 * alone distinguish styles. Does not use curses.
 */
#ifndef UI_THEME_H
#define UI_THEME_H

#include <stdint.h>

#include "control/theme.h"
#include "screen/canvas.h"

#define LOOK_DEFAULT (-1) /* the terminal's default foreground or background */

enum look_bits {
	LOOK_BOLD = 1 << 0,
	LOOK_DIM = 1 << 1,
	LOOK_UNDERLINE = 1 << 2,
	LOOK_REVERSE = 1 << 3,
};

struct look {
	int16_t fg, bg; /* palette numbers of the terminal, or LOOK_DEFAULT */
	uint8_t bits;   /* enum look_bits */
};

/* colors: number of the terminal's colours; below 8, and in THEME_MONO, none are used. */
const struct look *theme_look(enum theme theme, enum style st, int colors);

#endif
