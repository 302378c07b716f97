/*
 * The mouse: a click runs the command of the zone under it (see screen/canvas.h), the wheel moves
 * the cursor.  Only the painters know where things are.
 */
#ifndef CONTROL_MOUSE_H
#define CONTROL_MOUSE_H

#include <stdbool.h>
#include <stdint.h>

struct state;

/* An event of the mouse is a key: KEYC_MOUSE with the bits of mouse_encode(). */
enum mouse_kind { MOUSE_CLICK, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN };

uint32_t mouse_encode(enum mouse_kind kind, int x, int y);

/* The cell of such an event. */
int mouse_x(uint32_t key);
int mouse_y(uint32_t key);

/* Handles such an event. zone: the command of the zone at its cell, or NULL. Returns requests. */
unsigned mouse_key(struct state *st, const char *zone, uint32_t key);

#endif
