#include "config.h"

#include "core/time.h"

#include "util/table.h"

#define S UINT64_C(1000000000)

/* A packet may wait between capture and counting, and the machine's two clocks may differ. */
#define WAIT  (60 * S)
#define EARLY S

/* So many consecutive timestamps that agree are not an accident: the clock was set. */
#define AGREED 16
#define NEAR   (60 * S)

/* A source lags if its newest packet was older than this so many times in a row. */
#define SLOW       (2 * S)
#define SLOW_TIMES 10

/* The wall clock was set if it differs by more. */
#define STEP (3 * S / 4)

static uint64_t
packet_time_distance(uint64_t x, uint64_t y)
{
	return x > y ? x - y : y - x;
}

static void
packet_time_advance(struct packet_time *c, uint64_t now)
{
	if (!c->has_time)
		c->start = c->now = now;
	c->has_time = true;
	if (now > c->now)
		c->now = now;
}

void
packet_time_set_now(struct packet_time *c, uint64_t now)
{
	c->is_live = true;
	packet_time_advance(c, now);
}

/* The offset in whole seconds, so that seconds keep their boundaries. */
static uint64_t
packet_time_offset(uint64_t now, uint64_t stamp)
{
	if (stamp >= now)
		return (stamp - now + S / 2) / S * S;
	return 0 - (now - stamp + S / 2) / S * S;
}

void
packet_time_set_wall(struct packet_time *c, uint64_t wall)
{
	uint64_t before = c->wall_offset;

	if (packet_time_distance(wall, c->now + before) < STEP)
		return;
	c->wall_offset = packet_time_offset(c->now, wall);
	for (unsigned i = 0; i < PACKET_TIME_SOURCES; i++)
		if (c->source[i].offset == before)
			c->source[i].offset = c->wall_offset;
}

/* Sets the offset so that the timestamp equals that time. */
static void
packet_time_resync(struct source_time *s, uint64_t stamp, uint64_t now)
{
	s->offset = packet_time_offset(now, stamp);
	s->n_rejected = s->n_late = 0;
}

static bool
packet_time_is_plausible(const struct packet_time *c, uint64_t at)
{
	/* Replayed packets come when they are due, or late; their clock is the ledger's. */
	if (c->is_replay)
		return at <= c->now + EARLY;
	return at + WAIT >= c->now && at <= c->now + EARLY;
}

static void
packet_time_check_lag(struct packet_time *c, struct source_time *s)
{
	s->n_late = s->newest + SLOW < c->now ? (uint8_t)(s->n_late + 1) : 0;
	if (s->n_late >= SLOW_TIMES)
		packet_time_resync(s, s->newest + s->offset, c->now);
}

void
packet_time_tick(struct packet_time *c, uint64_t now)
{
	if (!c->is_live) {
		packet_time_advance(c, now);
		return;
	}
	for (unsigned i = 0; i < PACKET_TIME_SOURCES; i++) {
		/* A source without packets since the last tick is skipped. */
		if (c->source[i].newest != 0)
			packet_time_check_lag(c, &c->source[i]);
		c->source[i].newest = 0;
	}
}

uint64_t
packet_time_to_ledger(struct packet_time *c, unsigned source, uint64_t stamp, bool *believed)
{
	struct source_time *s = &c->source[source];
	uint64_t at = stamp - s->offset;

	bool fits = !c->is_live || packet_time_is_plausible(c, at);

	*believed = fits || c->is_replay;
	if (!c->is_live)
		packet_time_advance(c, stamp);
	if (fits) {
		s->n_rejected = 0;
		if (at > s->newest)
			s->newest = at;
		return at;
	}
	s->n_rejected = packet_time_distance(stamp, s->last_rejected) <= NEAR
	    ? (uint8_t)(s->n_rejected + 1)
	    : 1;
	s->last_rejected = stamp;
	if (s->n_rejected >= AGREED || c->is_replay)
		packet_time_resync(s, stamp, c->now);
	return c->now;
}

uint32_t
packet_time_score(const struct packet_time *c, unsigned source, uint64_t stamp)
{
	uint64_t at = stamp - c->source[source].offset;

	return at >= c->start && at <= c->now + EARLY ? lru_score_time(at - c->start) : 0;
}
