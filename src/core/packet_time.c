#include "config.h"

#include "core/packet_time.h"

#include "core/lru.h"

#define S UINT64_C(1000000000)

/* Between its capture and its count a packet may wait, and the machine's two clocks may differ. */
#define WAIT  (60 * S)
#define EARLY S

/* So many stamps, one after the other and not far apart, are no accident. */
#define AGREED 16
#define NEAR   (60 * S)

/* A source is slow when this often nothing of it was newer than this. */
#define SLOW       (2 * S)
#define SLOW_TIMES 10

/* The wall clock was set if it differs by more; less than half a second is no whole one. */
#define STEP (3 * S / 4)

static uint64_t
apart(uint64_t x, uint64_t y)
{
	return x > y ? x - y : y - x;
}

static void
come_to(struct clock *c, uint64_t now)
{
	if (!c->runs)
		c->began = c->now = now;
	c->runs = true;
	if (now > c->now)
		c->now = now;
}

void
clock_tell(struct clock *c, uint64_t now)
{
	c->told = true;
	come_to(c, now);
}

/* By whole seconds, so that seconds stay whole. */
static uint64_t
ahead_of(uint64_t now, uint64_t stamp)
{
	if (stamp >= now)
		return (stamp - now + S / 2) / S * S;
	return 0 - (now - stamp + S / 2) / S * S;
}

void
clock_set(struct clock *c, uint64_t wall)
{
	uint64_t before = c->set;

	if (apart(wall, c->now + before) < STEP)
		return;
	c->set = ahead_of(c->now, wall);
	for (unsigned i = 0; i < CLOCK_SOURCES; i++)
		if (c->source[i].ahead == before)
			c->source[i].ahead = c->set;
}

/* From now on a stamp of the source means that time. */
static void
set(struct source_clock *s, uint64_t stamp, uint64_t now)
{
	s->ahead = ahead_of(now, stamp);
	s->in_a_row = s->late = 0;
}

static bool
is_present(const struct clock *c, uint64_t at)
{
	/* It is played when it is due. */
	if (c->played)
		return apart(at, c->now) < STEP;
	return at + WAIT >= c->now && at <= c->now + EARLY;
}

static void
check_lag(struct clock *c, struct source_clock *s)
{
	s->late = s->newest + SLOW < c->now ? (uint8_t)(s->late + 1) : 0;
	if (s->late >= SLOW_TIMES)
		set(s, s->newest + s->ahead, c->now);
}

void
clock_tick(struct clock *c, uint64_t now)
{
	if (!c->told) {
		come_to(c, now);
		return;
	}
	for (unsigned i = 0; i < CLOCK_SOURCES; i++) {
		/* Nothing since the last look says nothing. */
		if (c->source[i].newest != 0)
			check_lag(c, &c->source[i]);
		c->source[i].newest = 0;
	}
}

uint64_t
clock_at(struct clock *c, unsigned source, uint64_t stamp, bool *believed)
{
	struct source_clock *s = &c->source[source];
	uint64_t at = stamp - s->ahead;

	bool fits = !c->told || (!c->scaled && is_present(c, at));

	*believed = fits || c->played;
	if (!c->told)
		come_to(c, stamp);
	if (fits) {
		s->in_a_row = 0;
		if (at > s->newest)
			s->newest = at;
		return at;
	}
	s->in_a_row = apart(stamp, s->strange) <= NEAR ? (uint8_t)(s->in_a_row + 1) : 1;
	s->strange = stamp;
	if (s->in_a_row >= AGREED || c->played)
		set(s, stamp, c->now);
	return c->now;
}

uint32_t
clock_seen(const struct clock *c, unsigned source, uint64_t stamp)
{
	uint64_t at = stamp - c->source[source].ahead;

	return at >= c->began && at <= c->now + EARLY ? claim_seen(at - c->began) : 0;
}
