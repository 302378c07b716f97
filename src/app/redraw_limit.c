#include "config.h"

#include "app/loop.h"

#define NS_PER_S 1e9
#define WINDOW   UINT64_C(10000000000) /* ns: a shorter window would itself cause redraws */
#define LONGEST                                                                                    \
	UINT64_C(10000000000) /* ns between redraws at most: a slow terminal may recover \ */

void
redraw_limit_init(struct redraw_limit *b)
{
	*b = (struct redraw_limit){ .drained = true, .rate = -1 };
}

void
redraw_limit_start(struct redraw_limit *b, uint64_t now)
{
	b->started = now;
	b->drain_time = 0;
	b->drained = false;
}

/* The first redraw covers the whole screen: it is not a sample. */
static void
redraw_limit_measure(struct redraw_limit *b, uint64_t sent, uint64_t now)
{
	if (b->window_start != 0 && now - b->window_start < WINDOW)
		return;
	if (b->window_start != 0)
		b->rate =
		    (double)(sent - b->window_sent) * NS_PER_S / (double)(now - b->window_start);
	b->window_start = now;
	b->window_sent = sent;
}

void
redraw_limit_update(struct redraw_limit *b, bool pending, uint64_t sent, uint64_t now)
{
	if (b->started == 0)
		return;
	if (!b->drained) {
		b->drain_time = now - b->started;
		b->drained = !pending;
	}
	if (b->drained)
		redraw_limit_measure(b, sent, now);
}

/* ns between the starts of the last redraw and of the next one. */
static uint64_t
redraw_limit_min_gap(const struct redraw_limit *b)
{
	return 2 * b->drain_time < LONGEST ? 2 * b->drain_time : LONGEST;
}

bool
redraw_limit_allows(const struct redraw_limit *b, uint64_t now)
{
	return b->started == 0 || (b->drained && now - b->started >= redraw_limit_min_gap(b));
}

unsigned
redraw_limit_delay(const struct redraw_limit *b, double delay)
{
	double s = (double)redraw_limit_min_gap(b) / NS_PER_S;

	return s > delay + 0.5 ? (unsigned)(s + 0.5) : 0;
}
