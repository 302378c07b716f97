#include "config.h"

#include "core/meter.h"

#include <assert.h>
#include <string.h>

#include "util/attr.h"
#include "util/table.h"

static_assert(sizeof(struct meter) == 96, "all rows have one, and hosts one for each class");

#define NS_PER_S UINT64_C(1000000000)

/*
 * Slots hold bytes as a float of 16 bits: 0, or one more than the 6 low bits of
 * the exponent and the 10 high bits of the mantissa, for numbers from 1 up to 2^64.
 *
 *	float		sign  exponent (8)  mantissa (23)
 *	slot		      exponent (6)  mantissa (10)	minus that of 1.0
 */
#define SLOT_CUT_BITS 13
#define ONE           (UINT32_C(127) << 10)
#define SLOT_NEAREST  (UINT32_C(1) << (SLOT_CUT_BITS - 1))

static float
meter_slot_to_float(uint16_t slot)
{
	uint32_t bits = (slot - 1 + ONE) << SLOT_CUT_BITS;
	float f;

	if (slot == 0)
		return 0;
	memcpy(&f, &bits, sizeof(f));
	return f;
}

/* Rounds with dithering: `chance` (of 2^SLOT_CUT_BITS) is added before the low bits are dropped. */
static uint16_t
meter_float_to_slot(float f, uint32_t chance)
{
	uint32_t bits;

	if (f < 1)
		return 0;
	memcpy(&bits, &f, sizeof(bits));
	bits = ((bits + chance) >> SLOT_CUT_BITS) - ONE + 1;
	return bits < UINT16_MAX ? (uint16_t)bits : UINT16_MAX;
}

/* Multiples of the golden ratio are evenly distributed, so that rounding errors of many small sums
 * cancel. */
static uint32_t
meter_dither(uint32_t n)
{
	return n * UINT32_C(0x9e3779b1) >> (32 - SLOT_CUT_BITS);
}

static float
meter_current_bytes(const struct meter *m)
{
	return m->current[0].bytes + m->current[1].bytes;
}

static void
meter_slot_add(uint16_t *slot, float bytes, uint32_t chance)
{
	*slot = meter_float_to_slot(meter_slot_to_float(*slot) + bytes, chance);
}

/* Clears the slots after `from` up to `to`. */
static void
meter_clear_slots(uint16_t *ring, uint32_t size, uint32_t from, uint32_t to)
{
	if (to - from > size)
		from = to - size;
	while (from != to)
		ring[++from % size] = 0;
}

static uint16_t *
meter_fine_slots(struct meter *m)
{
	return m->slot;
}

static uint16_t *
meter_coarse_slots(struct meter *m)
{
	return m->slot + METER_FINE;
}

/* 1 / length in seconds of a past interval; for a forgotten one the average. */
static float
meter_per_second(const struct intervals *b, uint32_t interval)
{
	if (b->current - interval < INTERVALS_KEPT)
		return b->ring[interval % INTERVALS_KEPT].per_second;
	return b->elapsed > 0
	    ? (float)((double)(b->current - 1) * (double)NS_PER_S / (double)b->elapsed)
	    : 0;
}

static float
meter_max(float x, float y)
{
	return x > y ? x : y;
}

/* Adds the count of the meter's last interval to its slots, and clears the slots since. */
static void
meter_close_interval(struct meter *m, const struct intervals *b)
{
	const struct interval *was = &b->ring[m->interval % INTERVALS_KEPT],
			      *now = &b->ring[b->current % INTERVALS_KEPT];
	float bytes = meter_current_bytes(m);

	m->peak = meter_max(m->peak, bytes * meter_per_second(b, m->interval));
	if (b->current - m->interval >= INTERVALS_KEPT) {
		memset(m->slot, 0, sizeof(m->slot));
		return;
	}
	if (bytes > 0) {
		uint32_t chance = meter_dither(m->interval);

		meter_slot_add(&meter_fine_slots(m)[was->fine % METER_FINE], bytes, chance);
		meter_slot_add(&meter_coarse_slots(m)[was->coarse % METER_COARSE], bytes, chance);
	}
	meter_clear_slots(meter_fine_slots(m), METER_FINE, was->fine, now->fine);
	meter_clear_slots(meter_coarse_slots(m), METER_COARSE, was->coarse, now->coarse);
}

void
meter_advance(struct meter *m, const struct intervals *b)
{
	uint32_t ago = b->current - m->interval;

	if (ago == 0)
		return;
	if (m->interval != 0) {
		meter_close_interval(m, b);
		for (int way = 0; way < 2; way++) {
			m->previous[way] =
			    ago == 1 ? m->current[way] : (struct meter_delta){ 0, 0 };
			m->current[way] = (struct meter_delta){ 0, 0 };
		}
	}
	m->interval = b->current;
}

void
meter_set_total(struct meter *m, const struct intervals *b, int way, const struct tally *sum)
{
	meter_advance(m, b);
	meter_add(m, way, sum->packets - m->t[way].packets, sum->bytes - m->t[way].bytes);
}

static bool
meter_has_slots(const struct meter *m)
{
	static const uint16_t none[METER_FINE + METER_COARSE];

	return memcmp(m->slot, none, sizeof(none)) != 0;
}

static void
meter_add_slots(uint16_t *to, const uint16_t *more, uint32_t chance)
{
	for (unsigned i = 0; i < METER_FINE + METER_COARSE; i++)
		if (more[i] != 0)
			meter_slot_add(&to[i], meter_slot_to_float(more[i]), chance);
}

/* The meter advanced to the current interval, in `copy` if necessary; NULL if it never counted. */
static const struct meter *
meter_advanced_copy(struct meter *copy, const struct meter *m, const struct intervals *b)
{
	if (m->interval == 0)
		return NULL;
	if (m->interval == b->current)
		return m;
	*copy = *m;
	meter_advance(copy, b);
	return copy;
}

static void
meter_add_delta(struct meter_delta *to, const struct meter_delta *more)
{
	to->packets += more->packets;
	to->bytes += more->bytes;
}

void
meter_add_meter(struct meter *m, const struct intervals *b, const struct meter *more)
{
	struct meter turned;

	more = meter_advanced_copy(&turned, more, b);
	if (more == NULL)
		return;
	meter_advance(m, b);
	for (int way = 0; way < 2; way++) {
		tally_add(&m->t[way], more->t[way].packets, more->t[way].bytes);
		meter_add_delta(&m->current[way], &more->current[way]);
		meter_add_delta(&m->previous[way], &more->previous[way]);
	}
	meter_add_slots(m->slot, more->slot, meter_dither((uint32_t)meter_sum(m).packets));
}

static void
meter_subtract_delta(struct meter_delta *from, const struct meter_delta *less)
{
	from->packets = meter_max(from->packets - less->packets, 0);
	from->bytes = meter_max(from->bytes - less->bytes, 0);
}

/* Slots hold the bytes of both directions; the part of one is taken to be that of its total. */
static void
meter_move_slots(const struct meter_move *m, const struct meter *part)
{
	uint64_t all = meter_sum(part).bytes;
	float share = all > 0 ? (float)part->t[m->part_way].bytes / (float)all : 0;

	for (unsigned i = 0; i < METER_FINE + METER_COARSE; i++) {
		float bytes = share * meter_slot_to_float(part->slot[i]);
		float rest = meter_max(meter_slot_to_float(m->from->slot[i]) - bytes, 0);

		m->from->slot[i] = meter_float_to_slot(rest, SLOT_NEAREST);
		meter_slot_add(&m->to->slot[i], bytes, SLOT_NEAREST);
	}
}

void
meter_move(const struct meter_move *m, const struct intervals *b)
{
	const struct tally *t = &m->part->t[m->part_way];
	const struct meter *part;
	struct meter advanced;

	m->from->t[m->from_way] = tally_minus(m->from->t[m->from_way], t);
	tally_add(&m->to->t[m->to_way], t->packets, t->bytes);
	part = m->totals_only ? NULL : meter_advanced_copy(&advanced, m->part, b);
	if (part == NULL)
		return;
	meter_advance(m->from, b);
	meter_advance(m->to, b);
	meter_subtract_delta(&m->from->current[m->from_way], &part->current[m->part_way]);
	meter_subtract_delta(&m->from->previous[m->from_way], &part->previous[m->part_way]);
	meter_add_delta(&m->to->current[m->to_way], &part->current[m->part_way]);
	meter_add_delta(&m->to->previous[m->to_way], &part->previous[m->part_way]);
	meter_move_slots(m, part);
}

/* Values are below 2^63; signed conversions take one instruction. */
static inline float
meter_to_float(uint64_t n)
{
	return (float)(int64_t)n;
}

static inline uint64_t
meter_to_integer(float f)
{
	return (uint64_t)(int64_t)f;
}

static struct meter_delta
meter_delta_of(const struct tally *t)
{
	return (struct meter_delta){ meter_to_float(t->packets), meter_to_float(t->bytes) };
}

static void
overflow_clear_slots(uint64_t *ring, uint32_t size, uint32_t from, uint32_t to)
{
	if (to - from > size)
		from = to - size;
	while (from != to)
		ring[++from % size] = 0;
}

/* Like meter_advance(); the meter is recomputed from the exact sums. */
static void
overflow_meter_advance(struct meter *m, struct overflow_sums *s, const struct intervals *b)
{
	const struct interval *was = &b->ring[m->interval % INTERVALS_KEPT],
			      *now = &b->ring[b->current % INTERVALS_KEPT];
	uint64_t bytes = s->current[0].bytes + s->current[1].bytes;
	uint32_t ago = b->current - m->interval;

	if (ago == 0)
		return;
	s->slot[was->fine % METER_FINE] += bytes;
	s->slot[METER_FINE + was->coarse % METER_COARSE] += bytes;
	if (ago < INTERVALS_KEPT) {
		overflow_clear_slots(s->slot, METER_FINE, was->fine, now->fine);
		overflow_clear_slots(s->slot + METER_FINE, METER_COARSE, was->coarse, now->coarse);
	} else {
		memset(s->slot, 0, sizeof(s->slot));
	}
	for (int way = 0; way < 2; way++) {
		s->previous[way] = ago == 1 ? s->current[way] : (struct tally){ 0, 0 };
		s->current[way] = (struct tally){ 0, 0 };
		m->previous[way] = meter_delta_of(&s->previous[way]);
		m->current[way] = meter_delta_of(&s->current[way]);
	}
	for (unsigned i = 0; i < NITEMS(s->slot); i++)
		m->slot[i] = meter_float_to_slot((float)s->slot[i], SLOT_NEAREST);
	m->interval = b->current;
}

static void
overflow_add_delta(struct tally *to, const struct meter_delta *more)
{
	tally_add(to, meter_to_integer(more->packets), meter_to_integer(more->bytes));
}

static void
overflow_add_slots(struct meter *m, struct overflow_sums *s, const struct meter *more)
{
	for (unsigned i = 0; i < NITEMS(s->slot); i++) {
		if (more->slot[i] == 0)
			continue;
		s->slot[i] += meter_to_integer(meter_slot_to_float(more->slot[i]));
		m->slot[i] = meter_float_to_slot(meter_to_float(s->slot[i]), SLOT_NEAREST);
	}
}

void
overflow_meter_add_meter(
    struct meter *m, struct overflow_sums *s, const struct intervals *b, const struct meter *more)
{
	struct meter turned;

	more = meter_advanced_copy(&turned, more, b);
	if (more == NULL)
		return;
	overflow_meter_advance(m, s, b);
	for (int way = 0; way < 2; way++) {
		tally_add(&m->t[way], more->t[way].packets, more->t[way].bytes);
		overflow_add_delta(&s->current[way], &more->current[way]);
		overflow_add_delta(&s->previous[way], &more->previous[way]);
		m->current[way] = meter_delta_of(&s->current[way]);
		m->previous[way] = meter_delta_of(&s->previous[way]);
	}
	if (meter_has_slots(more))
		overflow_add_slots(m, s, more);
}

void
overflow_meter_add(struct meter *m, struct overflow_sums *s, const struct intervals *b,
    const struct tally moved[2])
{
	overflow_meter_advance(m, s, b);
	for (int way = 0; way < 2; way++) {
		tally_add(&m->t[way], moved[way].packets, moved[way].bytes);
		tally_add(&s->current[way], moved[way].packets, moved[way].bytes);
		m->current[way] = meter_delta_of(&s->current[way]);
	}
}

void
meter_swap_ways(struct meter *m)
{
	struct tally t = m->t[0];
	struct meter_delta open = m->current[0], before = m->previous[0];

	m->t[0] = m->t[1];
	m->t[1] = t;
	m->current[0] = m->current[1];
	m->current[1] = open;
	m->previous[0] = m->previous[1];
	m->previous[1] = before;
}

struct tally
meter_last_delta(const struct meter *m, const struct intervals *b, int way)
{
	uint32_t ago = b->current - m->interval;
	struct meter_delta x = { 0, 0 };

	if (m->interval != 0 && ago <= 1)
		x = ago == 1 ? m->current[way] : m->previous[way];
	return (struct tally){ (uint64_t)x.packets, (uint64_t)x.bytes };
}

double
meter_rate(const struct meter *m, const struct intervals *b, enum meter_window w)
{
	uint32_t size = w == METER_10S ? METER_FINE : METER_COARSE;
	const struct interval *now = &b->ring[b->current % INTERVALS_KEPT];
	uint32_t newest = w == METER_10S ? now->fine : now->coarse;
	struct meter x = *m;
	const uint16_t *slot = w == METER_10S ? meter_fine_slots(&x) : meter_coarse_slots(&x);
	double bytes = 0;

	if (m->interval == 0 || b->window[w].seconds <= 0)
		return 0;
	meter_advance(&x, b);
	for (uint32_t i = 0; i < b->window[w].slots; i++)
		bytes += (double)meter_slot_to_float(slot[(newest - i) % size]);
	return bytes / b->window[w].seconds;
}

double
meter_peak(const struct meter *m, const struct intervals *b)
{
	struct meter x = *m;

	meter_advance(&x, b);
	return (double)x.peak;
}

uint32_t
tally_heavy_bonus(const struct tally *row, const struct tally *all)
{
	bool heavy =
	    row->packets >= all->packets / HEAVY_SHARE || row->bytes >= all->bytes / HEAVY_SHARE;

	return heavy ? LRU_HEAVY_BONUS : 0;
}

static void
peak_advance(struct peak *p, const struct intervals *b)
{
	if (p->interval == b->current)
		return;
	if (p->interval != 0)
		p->max = meter_max(p->max, p->current * meter_per_second(b, p->interval));
	p->current = 0;
	p->interval = b->current;
}

void
peak_add(struct peak *p, const struct intervals *b, uint64_t bytes)
{
	peak_advance(p, b);
	p->current += (float)bytes;
}

double
peak_max_rate(const struct peak *p, const struct intervals *b)
{
	struct peak x = *p;

	peak_advance(&x, b);
	return (double)x.max;
}
