/*
 * The mouse: a click becomes the command of the zone under it (see view/canvas.h), the wheel moves
 * the cursor.  Where things stand nobody knows but who paints them.
 */
#ifndef VIEW_MOUSE_H
#define VIEW_MOUSE_H

#include <stdbool.h>
#include <stdint.h>

struct state;

/* An event of the mouse is a key, KEYC_MOUSE and what mouse_code() adds. */
enum mouse_kind { MOUSE_CLICK, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN };

uint32_t mouse_code(enum mouse_kind kind, int x, int y);

/* The cell that such a key is about. */
int mouse_x(uint32_t key);
int mouse_y(uint32_t key);

/* Does what such a key stands for; zone: the command of the zone at its cell, NULL where there is
 * none.  Returns wishes. */
unsigned mouse_key(struct state *st, const char *zone, uint32_t key);

#endif
