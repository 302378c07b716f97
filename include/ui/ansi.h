/*
 * A canvas as text with the escape sequences of ECMA-48 that give it the colours
 * of a theme: for whoever prints a screen instead of showing it.
 */
#ifndef UI_ANSI_H
#define UI_ANSI_H

#include "screen/canvas.h"
#include "ui/theme.h"

struct buf;

/* Row y, with 256 colours; at its end all is plain again. */
void ansi_row(struct buf *b, const struct canvas *c, int y, enum theme theme);

#endif
