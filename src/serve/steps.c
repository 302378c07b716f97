/* No request may hold the loop for long. */
#include "config.h"

#include "platform/clock.h"
#include "serve/private.h"

#define TURN UINT64_C(3000000) /* ns of processor time for the requests of a turn */

/* Requests that were postponed come first. */
void
steps_begin_turn(struct server *s)
{
	if (s->steps.postponed)
		s->held_at = 0;
	s->steps.postponed = false;
	s->steps.turn_began = 0;
}

bool
steps_begin(struct server *s, uint64_t *began)
{
	struct steps *all = &s->steps;

	*began = clock_processor();
	if (all->turn_began == 0)
		all->turn_began = *began;
	all->postponed |= *began - all->turn_began >= TURN;
	return !all->postponed;
}

static void
steps_note(uint64_t *longest, uint64_t began)
{
	uint64_t took = clock_processor() - began;

	if (took > *longest)
		*longest = took;
}

void
steps_end(struct server *s, const struct route *r, uint64_t began)
{
	if (r != NULL)
		steps_note(&s->steps.longest[r - s->routes], began);
}

void
steps_end_turn(struct server *s, uint64_t began)
{
	steps_note(&s->steps.longest_turn, began);
}
