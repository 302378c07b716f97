#include "config.h"

#include "core/meter.h"

#include <assert.h>
#include <string.h>

#include "util/attr.h"

static_assert(sizeof(struct meter) == 96, "all rows have one, and hosts one for each class");

#define NS_PER_S UINT64_C(1000000000)

/*
 * Slots hold bytes as a float of 16 bits: 0, or one more than the 6 low bits of
 * the exponent and the 10 high bits of the mantissa, for numbers from 1 up to 2^64.
 *
 *	float		sign  exponent (8)  mantissa (23)
 *	slot		      exponent (6)  mantissa (10)	minus that of 1.0
 */
#define CUT_BITS 13
#define ONE      (UINT32_C(127) << 10)
#define NEAREST  (UINT32_C(1) << (CUT_BITS - 1))

static float
unpack(uint16_t slot)
{
	uint32_t bits = (slot - 1 + ONE) << CUT_BITS;
	float f;

	if (slot == 0)
		return 0;
	memcpy(&f, &bits, sizeof(f));
	return f;
}

/* What is cut off is rounded up from `chance` (of 2^CUT_BITS) on. */
static uint16_t
pack(float f, uint32_t chance)
{
	uint32_t bits;

	if (f < 1)
		return 0;
	memcpy(&bits, &f, sizeof(bits));
	bits = ((bits + chance) >> CUT_BITS) - ONE + 1;
	return bits < UINT16_MAX ? (uint16_t)bits : UINT16_MAX;
}

/* Multiples of the golden ratio fall evenly everywhere: small sums that follow lose nothing. */
static uint32_t
chance_of(uint32_t n)
{
	return n * UINT32_C(0x9e3779b1) >> (32 - CUT_BITS);
}

static float
open_bytes(const struct meter *m)
{
	return m->open[0].bytes + m->open[1].bytes;
}

static void
slot_add(uint16_t *slot, float bytes, uint32_t chance)
{
	*slot = pack(unpack(*slot) + bytes, chance);
}

/* Empties the slots after `from` up to `to`. */
static void
clear_slots(uint16_t *ring, uint32_t size, uint32_t from, uint32_t to)
{
	if (to - from > size)
		from = to - size;
	while (from != to)
		ring[++from % size] = 0;
}

static uint16_t *
fine_of(struct meter *m)
{
	return m->slot;
}

static uint16_t *
coarse_of(struct meter *m)
{
	return m->slot + METER_FINE;
}

/* 1 / length in seconds of an interval before the open one; of one that is forgotten what is usual.
 */
static float
per_second(const struct beats *b, uint32_t interval)
{
	if (b->interval - interval < BEATS)
		return b->at[interval % BEATS].per_second;
	return b->elapsed > 0
	    ? (float)((double)(b->interval - 1) * (double)NS_PER_S / (double)b->elapsed)
	    : 0;
}

static float
greater(float x, float y)
{
	return x > y ? x : y;
}

/* What moved in the interval that the meter was in goes where it belongs. */
static void
settle(struct meter *m, const struct beats *b)
{
	const struct beat *was = &b->at[m->interval % BEATS], *now = &b->at[b->interval % BEATS];
	float bytes = open_bytes(m);

	m->peak = greater(m->peak, bytes * per_second(b, m->interval));
	if (b->interval - m->interval >= BEATS) {
		memset(m->slot, 0, sizeof(m->slot));
		return;
	}
	if (bytes > 0) {
		uint32_t chance = chance_of(m->interval);

		slot_add(&fine_of(m)[was->fine % METER_FINE], bytes, chance);
		slot_add(&coarse_of(m)[was->coarse % METER_COARSE], bytes, chance);
	}
	clear_slots(fine_of(m), METER_FINE, was->fine, now->fine);
	clear_slots(coarse_of(m), METER_COARSE, was->coarse, now->coarse);
}

void
meter_turn(struct meter *m, const struct beats *b)
{
	uint32_t ago = b->interval - m->interval;

	if (ago == 0)
		return;
	if (m->interval != 0) {
		settle(m, b);
		for (int way = 0; way < 2; way++) {
			m->before[way] = ago == 1 ? m->open[way] : (struct moved){ 0, 0 };
			m->open[way] = (struct moved){ 0, 0 };
		}
	}
	m->interval = b->interval;
}

void
meter_reach(struct meter *m, const struct beats *b, int way, const struct tally *sum)
{
	meter_turn(m, b);
	meter_add(m, way, sum->packets - m->t[way].packets, sum->bytes - m->t[way].bytes);
}

static bool
has_slots(const struct meter *m)
{
	static const uint16_t none[METER_FINE + METER_COARSE];

	return memcmp(m->slot, none, sizeof(none)) != 0;
}

static void
merge_slots(uint16_t *to, const uint16_t *more, uint32_t chance)
{
	for (unsigned i = 0; i < METER_FINE + METER_COARSE; i++)
		if (more[i] != 0)
			slot_add(&to[i], unpack(more[i]), chance);
}

/* A row as it is in the open interval, which may need a copy; NULL: it never moved. */
static const struct meter *
turned_to(struct meter *copy, const struct meter *m, const struct beats *b)
{
	if (m->interval == 0)
		return NULL;
	if (m->interval == b->interval)
		return m;
	*copy = *m;
	meter_turn(copy, b);
	return copy;
}

static void
add_moved(struct moved *to, const struct moved *more)
{
	to->packets += more->packets;
	to->bytes += more->bytes;
}

void
meter_merge(struct meter *m, const struct beats *b, const struct meter *more)
{
	struct meter turned;

	more = turned_to(&turned, more, b);
	if (more == NULL)
		return;
	meter_turn(m, b);
	for (int way = 0; way < 2; way++) {
		tally_add(&m->t[way], more->t[way].packets, more->t[way].bytes);
		add_moved(&m->open[way], &more->open[way]);
		add_moved(&m->before[way], &more->before[way]);
	}
	merge_slots(m->slot, more->slot, chance_of((uint32_t)meter_sum(m).packets));
}

/* Both are far from what needs the 64th bit, without which machines convert at once. */
static inline float
rounded(uint64_t n)
{
	return (float)(int64_t)n;
}

static inline uint64_t
whole(float f)
{
	return (uint64_t)(int64_t)f;
}

static struct moved
moved_of(const struct tally *t)
{
	return (struct moved){ rounded(t->packets), rounded(t->bytes) };
}

static void
clear_sums(uint64_t *ring, uint32_t size, uint32_t from, uint32_t to)
{
	if (to - from > size)
		from = to - size;
	while (from != to)
		ring[++from % size] = 0;
}

/* As meter_turn(), and the meter is rounded from the sums. */
static void
other_turn(struct meter *m, struct meter_sums *s, const struct beats *b)
{
	const struct beat *was = &b->at[m->interval % BEATS], *now = &b->at[b->interval % BEATS];
	uint64_t bytes = s->open[0].bytes + s->open[1].bytes;
	uint32_t ago = b->interval - m->interval;

	if (ago == 0)
		return;
	s->slot[was->fine % METER_FINE] += bytes;
	s->slot[METER_FINE + was->coarse % METER_COARSE] += bytes;
	if (ago < BEATS) {
		clear_sums(s->slot, METER_FINE, was->fine, now->fine);
		clear_sums(s->slot + METER_FINE, METER_COARSE, was->coarse, now->coarse);
	} else {
		memset(s->slot, 0, sizeof(s->slot));
	}
	for (int way = 0; way < 2; way++) {
		s->before[way] = ago == 1 ? s->open[way] : (struct tally){ 0, 0 };
		s->open[way] = (struct tally){ 0, 0 };
		m->before[way] = moved_of(&s->before[way]);
		m->open[way] = moved_of(&s->open[way]);
	}
	for (unsigned i = 0; i < NITEMS(s->slot); i++)
		m->slot[i] = pack((float)s->slot[i], NEAREST);
	m->interval = b->interval;
}

static void
add_floats(struct tally *to, const struct moved *more)
{
	tally_add(to, whole(more->packets), whole(more->bytes));
}

static void
sum_slots(struct meter *m, struct meter_sums *s, const struct meter *more)
{
	for (unsigned i = 0; i < NITEMS(s->slot); i++) {
		if (more->slot[i] == 0)
			continue;
		s->slot[i] += whole(unpack(more->slot[i]));
		m->slot[i] = pack(rounded(s->slot[i]), NEAREST);
	}
}

void
other_merge(struct meter *m, struct meter_sums *s, const struct beats *b, const struct meter *more)
{
	struct meter turned;

	more = turned_to(&turned, more, b);
	if (more == NULL)
		return;
	other_turn(m, s, b);
	for (int way = 0; way < 2; way++) {
		tally_add(&m->t[way], more->t[way].packets, more->t[way].bytes);
		add_floats(&s->open[way], &more->open[way]);
		add_floats(&s->before[way], &more->before[way]);
		m->open[way] = moved_of(&s->open[way]);
		m->before[way] = moved_of(&s->before[way]);
	}
	if (has_slots(more))
		sum_slots(m, s, more);
}

void
other_add(struct meter *m, struct meter_sums *s, const struct beats *b, const struct tally moved[2])
{
	other_turn(m, s, b);
	for (int way = 0; way < 2; way++) {
		tally_add(&m->t[way], moved[way].packets, moved[way].bytes);
		tally_add(&s->open[way], moved[way].packets, moved[way].bytes);
		m->open[way] = moved_of(&s->open[way]);
	}
}

void
meter_swap(struct meter *m)
{
	struct tally t = m->t[0];
	struct moved open = m->open[0], before = m->before[0];

	m->t[0] = m->t[1];
	m->t[1] = t;
	m->open[0] = m->open[1];
	m->open[1] = open;
	m->before[0] = m->before[1];
	m->before[1] = before;
}

struct tally
meter_moved(const struct meter *m, const struct beats *b, int way)
{
	uint32_t ago = b->interval - m->interval;
	struct moved x = { 0, 0 };

	if (m->interval != 0 && ago <= 1)
		x = ago == 1 ? m->open[way] : m->before[way];
	return (struct tally){ (uint64_t)x.packets, (uint64_t)x.bytes };
}

double
meter_rate(const struct meter *m, const struct beats *b, enum meter_window w)
{
	uint32_t size = w == METER_10S ? METER_FINE : METER_COARSE;
	const struct beat *now = &b->at[b->interval % BEATS];
	uint32_t newest = w == METER_10S ? now->fine : now->coarse;
	struct meter x = *m;
	const uint16_t *slot = w == METER_10S ? fine_of(&x) : coarse_of(&x);
	double bytes = 0;

	if (m->interval == 0 || b->window[w].seconds <= 0)
		return 0;
	meter_turn(&x, b);
	for (uint32_t i = 0; i < b->window[w].slots; i++)
		bytes += (double)unpack(slot[(newest - i) % size]);
	return bytes / b->window[w].seconds;
}

double
meter_peak(const struct meter *m, const struct beats *b)
{
	struct meter x = *m;

	meter_turn(&x, b);
	return (double)x.peak;
}

static void
peak_turn(struct peak *p, const struct beats *b)
{
	if (p->interval == b->interval)
		return;
	if (p->interval != 0)
		p->most = greater(p->most, p->open * per_second(b, p->interval));
	p->open = 0;
	p->interval = b->interval;
}

void
peak_add(struct peak *p, const struct beats *b, uint64_t bytes)
{
	peak_turn(p, b);
	p->open += (float)bytes;
}

double
peak_most(const struct peak *p, const struct beats *b)
{
	struct peak x = *p;

	peak_turn(&x, b);
	return (double)x.most;
}
