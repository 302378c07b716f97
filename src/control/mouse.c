#include "config.h"

#include "control/keymap.h"

#include <stdlib.h>
#include <string.h>

#include "control/command.h"
#include "control/detail.h"
#include "control/state.h"

#define PLACE_BITS  10 /* of a column, and of a line */
#define PLACE_MASK  ((1u << PLACE_BITS) - 1)
#define WHEEL_LINES 3

uint32_t
mouse_encode(enum mouse_kind kind, int x, int y)
{
	return KEYC_MOUSE | (uint32_t)kind << 2 * PLACE_BITS |
	    ((uint32_t)y & PLACE_MASK) << PLACE_BITS | ((uint32_t)x & PLACE_MASK);
}

int
mouse_x(uint32_t key)
{
	return (int)(key & PLACE_MASK);
}

int
mouse_y(uint32_t key)
{
	return (int)(key >> PLACE_BITS & PLACE_MASK);
}

static unsigned
mouse_turn_wheel(struct state *st, bool down)
{
	unsigned requests = 0;

	for (int i = 0; i < WHEEL_LINES; i++)
		requests |= command_run(st, down ? "select down" : "select up");
	return requests;
}

/* The mouse is ignored while a prompt or a question is open. */
static unsigned
mouse_dispatch(struct state *st, const char *zone, uint32_t key)
{
	enum mouse_kind kind = (enum mouse_kind)(key >> 2 * PLACE_BITS & 3);

	if (st->prompt != PROMPT_NONE || st->confirm_command != NULL)
		return 0;
	buf_clear(&st->message);
	st->message_until = 0;
	if (kind != MOUSE_CLICK)
		return mouse_turn_wheel(st, kind == MOUSE_WHEEL_DOWN);
	if (zone == NULL)
		return 0;
	/* A zone of a menu holds a key. */
	if (strncmp(zone, "key ", 4) == 0)
		return input_key(st, (uint32_t)strtoul(zone + 4, NULL, 10));
	return command_run(st, zone);
}

unsigned
mouse_key(struct state *st, const char *zone, uint32_t key)
{
	struct row_key before = st->per_view[st->view].selected_key;
	unsigned view = st->view, requests = mouse_dispatch(st, zone, key);

	return requests | drilldown_follow_cursor(st, view, &before);
}
