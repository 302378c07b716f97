#include "config.h"

#include "core/meter.h"

static struct tally
tally_minus(const struct tally *x, const struct tally *y)
{
	return (struct tally){ x->packets - y->packets, x->bytes - y->bytes };
}

void
meter_init(struct meter *m, uint32_t interval)
{
	*m = (struct meter){ .interval = interval };
}

void
meter_turn(struct meter *m, uint32_t interval)
{
	bool just_before = m->interval + 1 == interval;

	if (m->interval == interval)
		return;
	for (int way = 0; way < 2; way++) {
		m->before[way] =
		    just_before ? tally_minus(&m->t[way], &m->mark[way]) : (struct tally){ 0, 0 };
		m->mark[way] = m->t[way];
	}
	m->interval = interval;
}

struct tally
meter_moved(const struct meter *m, uint32_t closed, int way)
{
	if (m->interval == closed)
		return tally_minus(&m->t[way], &m->mark[way]);
	if (m->interval == closed + 1)
		return m->before[way];
	return (struct tally){ 0, 0 };
}

void
meter_merge(struct meter *a, const struct meter *b, uint32_t interval)
{
	struct meter m = *b;

	meter_turn(a, interval);
	meter_turn(&m, interval);
	for (int way = 0; way < 2; way++) {
		tally_add(&a->t[way], m.t[way].packets, m.t[way].bytes);
		tally_add(&a->mark[way], m.mark[way].packets, m.mark[way].bytes);
		tally_add(&a->before[way], m.before[way].packets, m.before[way].bytes);
	}
}
