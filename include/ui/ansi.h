/*
 * Formats a canvas as text with escape sequences of ECMA-48 for a theme's colours, to print a
 * screen instead of displaying it.
 */
#ifndef UI_ANSI_H
#define UI_ANSI_H

#include "screen/canvas.h"
#include "ui/theme.h"

struct buf;

/* Row y, with 256 colours; resets attributes at its end. */
void ansi_row(struct buf *b, const struct canvas *c, int y, enum theme theme);

#endif
