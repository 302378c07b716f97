/*
 * The demo as a source: all of its traffic at once, or without end at the pace of the clock.
 */
#include "config.h"

#include <stdlib.h>
#include <time.h>

#include <pcap/pcap.h>

#include "capture/demo/demo.h"
#include "capture/pcap_frame.h"
#include "capture/private.h"
#include "capture/replay_clock.h"
#include "util/die.h"

#define NS      UINT64_C(1000000000)
#define BOUNDED (60 * NS) /* traffic of the demo that has an end */

struct made {
	struct source source;
	struct demo *demo;
	struct frame waiting; /* its data is NULL: none does */
	struct pace pace;
	uint64_t shift; /* ns, modulo 2^64: from the demo's stamps to ours */
	bool endless;
	bool ended;
};

static struct made *
as_made(const struct source *s)
{
	return (struct made *)(uintptr_t)s;
}

static bool
is_due(struct made *m, uint64_t now)
{
	return !m->endless || pace_wait(&m->pace, m->waiting.ts, now) == 0;
}

static void
make_next(struct made *m)
{
	demo_next(m->demo, &m->waiting);
	m->waiting.linktype = m->source.linktype;
	m->waiting.source = m->source.number;
	if (!m->endless && m->waiting.ts >= DEMO_EPOCH + BOUNDED)
		m->ended = true;
}

static void
give_waiting(struct made *m)
{
	struct frame f = m->waiting;

	m->waiting.data = NULL;
	if (!source_passes(&m->source, &f))
		return;
	f.ts += m->shift;
	source_give(&m->source, &f);
}

static enum source_outcome
made_read(struct source *s, unsigned max, struct buf *err)
{
	struct made *m = as_made(s);
	uint64_t now = m->endless ? pace_clock() : 0;

	(void)err;
	for (unsigned i = 0; i < max && !m->ended; i++) {
		if (m->waiting.data == NULL)
			make_next(m);
		if (m->ended || !is_due(m, now))
			break;
		give_waiting(m);
	}
	return m->ended ? SOURCE_DONE : SOURCE_READ;
}

static int
made_timeout(const struct source *s)
{
	struct made *m = as_made(s);

	if (m->ended)
		return -1;
	if (!m->endless || m->waiting.data == NULL)
		return 0;
	return pace_timeout(pace_wait(&m->pace, m->waiting.ts, pace_clock()));
}

static void
made_del(struct source *s)
{
	struct made *m = as_made(s);

	demo_del(m->demo);
	free(m);
}

/* What is made up is not lost. */
static void
made_counts(struct source *s, uint16_t number, struct source_counts *c)
{
	c->known = number == s->number;
}

static const struct source_ops made_ops = {
	.read = made_read,
	.timeout = made_timeout,
	.del = made_del,
	.counts = made_counts,
};

static uint64_t
wall_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * NS + (uint64_t)t.tv_nsec;
}

struct source *
made_open(const struct source_config *c, struct buf *err)
{
	struct made *m = xcalloc(1, sizeof(*m));

	(void)err;
	m->source.ops = &made_ops;
	m->source.pcap = pcap_open_dead(DLT_EN10MB, UINT16_MAX);
	if (m->source.pcap == NULL)
		die("no memory for the demo");
	m->demo = demo_new();
	m->endless = c->demo_endless;
	m->shift = m->endless ? wall_clock() - DEMO_EPOCH : 0;
	pace_init(&m->pace, 1);
	return &m->source;
}
