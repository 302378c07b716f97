#include "config.h"

#include "app/redraw_limit.h"

#define NS_PER_S 1e9
#define WINDOW                                                                                     \
	UINT64_C(10000000000) /* ns: a number that changes often would cost what it tells of */
#define LONGEST                                                                                    \
	UINT64_C(10000000000) /* ns between pictures: a line that was held up may be fast          \
			       */

void
budget_init(struct budget *b)
{
	*b = (struct budget){ .out = true, .rate = -1 };
}

void
budget_show(struct budget *b, uint64_t now)
{
	b->shown = now;
	b->took = 0;
	b->out = false;
}

/* The first picture is the whole screen, and no sample of what follows. */
static void
measure(struct budget *b, uint64_t sent, uint64_t now)
{
	if (b->begun != 0 && now - b->begun < WINDOW)
		return;
	if (b->begun != 0)
		b->rate = (double)(sent - b->sent_begun) * NS_PER_S / (double)(now - b->begun);
	b->begun = now;
	b->sent_begun = sent;
}

void
budget_look(struct budget *b, bool pending, uint64_t sent, uint64_t now)
{
	if (b->shown == 0)
		return;
	if (!b->out) {
		b->took = now - b->shown;
		b->out = !pending;
	}
	if (b->out)
		measure(b, sent, now);
}

/* ns from the beginning of the last picture to that of the next one. */
static uint64_t
apart(const struct budget *b)
{
	return 2 * b->took < LONGEST ? 2 * b->took : LONGEST;
}

bool
budget_allows(const struct budget *b, uint64_t now)
{
	return b->shown == 0 || (b->out && now - b->shown >= apart(b));
}

unsigned
budget_stretch(const struct budget *b, double delay)
{
	double s = (double)apart(b) / NS_PER_S;

	return s > delay + 0.5 ? (unsigned)(s + 0.5) : 0;
}
