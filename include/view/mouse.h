/*
 * The mouse: a click becomes the command of the zone under it (see view/canvas.h), the wheel moves
 * the cursor.  Where things stand nobody knows but who paints them.
 */
#ifndef VIEW_MOUSE_H
#define VIEW_MOUSE_H

#include <stdbool.h>
#include <stdint.h>

struct canvas;
struct state;

/* An event of the mouse is a key, KEYC_MOUSE and what mouse_code() adds. */
enum mouse_kind { MOUSE_CLICK, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN };

uint32_t mouse_code(enum mouse_kind kind, int x, int y);

/* Does what such a key stands for on the canvas that is seen.  Returns wishes. */
unsigned mouse_key(struct state *st, const struct canvas *seen, uint32_t key);

#endif
